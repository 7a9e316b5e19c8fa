import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {encodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {noCounts} from '../../src/outcome.ts';
import {type ListedRun, listRuns} from '../../src/runs/list-runs.ts';
import {lockRun} from '../../src/runs/lock-run.ts';
import {findRun, listRunDirectories, runDirectory} from '../../src/runs/run-directory.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {writeJournal} from '../journal/write-journal.ts';

const counts = {...noCounts(), created: 4, unchanged: 1, invalid: 1, failed: 1, not_started: 13};

/** A runs folder with one run, whose journal is what `change` makes of its lines. */
async function listedOf(change: (lines: string[]) => string[]) {
  const out = temporaryFolder();
  const folder = join(out, '20261123T084200Z-patronages');
  mkdirSync(folder);
  const {path, lines} = await writeJournal(folder);
  writeFileSync(path, change(lines).join('\n'));
  const damaged: string[] = [];
  const runs = await listRuns(out, out, ({id}) => damaged.push(id));
  return {runs, damaged};
}

const listed: ListedRun = {
  run: '20261123T084200Z-patronages',
  job: 'patronages',
  state: 'stopped',
  counts,
  startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
  file: '/tmp/pairs.csv',
  target: 'http://127.0.0.1:4242',
  rehearsal: false,
  who: {user: 'amartin', host: 'desk-7'},
  undoneBy: null,
};

it('knows a run whose journal was closed by its first and its last line alone', async () => {
  const {runs, damaged} = await listedOf((lines) => [
    lines[0] ?? '',
    'a million rows that are not read',
    lines.at(-1) ?? '',
    '',
  ]);
  expect({runs, damaged}).toEqual({runs: [listed], damaged: []});
});

it.each([
  ['is torn', (lines: string[]) => [...lines.slice(0, -1), lines.at(-1)?.slice(0, 30) ?? '']],
  ['is missing', (lines: string[]) => [...lines.slice(0, -1), '']],
])('reads a journal whose last line %s', async (_what, change) => {
  const {runs} = await listedOf(change);
  expect(runs).toEqual([{...listed, state: 'interrupted'}]);
});

it('is running as long as a process holds it', async () => {
  const out = temporaryFolder();
  const directory = runDirectory(join(out, '20261123T084200Z-patronages'));
  mkdirSync(directory.path);
  const {path, lines} = await writeJournal(directory.path);
  writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
  const lock = await lockRun(directory, out, systemClock);
  expect(await listRuns(out, out, expect.fail)).toMatchObject([{state: 'running'}]);
  await lock.release();
  expect(await listRuns(out, out, expect.fail)).toMatchObject([{state: 'interrupted'}]);
});

it('lists runs of one second in the order in which they began', async () => {
  const out = temporaryFolder();
  const {lines} = await writeJournal();
  const began = (name: string, t: number) => {
    mkdirSync(join(out, name));
    const {c: _checksum, ...header} = JSON.parse(lines[0] ?? '') as StampedEntry & {c: string};
    const first = encodeEntry({...header, t});
    writeFileSync(join(out, name, 'journal.ndjson'), `${first}${lines.at(-1) ?? ''}\n`);
  };
  began('20261123T084201Z-closes', Date.UTC(2026, 10, 23, 8, 42, 1, 1));
  began('20261123T084200Z-users', Date.UTC(2026, 10, 23, 8, 42, 0, 300));
  began('20261123T084200Z-closes', Date.UTC(2026, 10, 23, 8, 42, 0, 900));
  began('20261123T084200Z-closes-2', Date.UTC(2026, 10, 23, 8, 42, 0, 950));
  const folders = (await listRunDirectories(out)).map(({id}) => id);
  expect(folders).toEqual([
    '20261123T084200Z-users',
    '20261123T084200Z-closes',
    '20261123T084200Z-closes-2',
    '20261123T084201Z-closes',
  ]);
  expect((await findRun('last', out)).id).toBe('20261123T084201Z-closes');
});

it('names the newest run that removed something of what a run created', async () => {
  const out = temporaryFolder();
  const first = '20261123T084200Z-patronages';
  const {lines} = await writeJournal();
  const {c: _checksum, ...header} = JSON.parse(lines[0] ?? '') as StampedEntry & {c: string};
  const begin = (run: string, undoOf?: string, removed = 0) => {
    mkdirSync(join(out, run));
    const last = {k: 'complete', code: 0, n: {...counts, removed}, s: 1, b: 1, t: 2} as const;
    const entries = [{...header, run, ...(undoOf !== undefined && {undoOf})} as StampedEntry, last];
    writeFileSync(join(out, run, 'journal.ndjson'), entries.map(encodeEntry).join(''));
  };
  begin(first);
  begin('20261123T084300Z-patronages');
  begin('20261123T090000Z-undo-patronages', first, 3);
  begin('20261123T091500Z-undo-patronages', first, 2);
  begin('20261123T093000Z-undo-patronages', first, 0);
  const runs = await listRuns(out, out, () => undefined);
  expect(runs.map(({undoneBy}) => undoneBy)).toEqual([
    '20261123T091500Z-undo-patronages',
    null,
    null,
    null,
    null,
  ]);
});

it('reports a journal that is not closed and damaged', async () => {
  const {runs, damaged} = await listedOf((lines) => [...lines.slice(0, 4), 'x', ...lines.slice(5, -1), '']);
  expect({runs, damaged}).toEqual({runs: [], damaged: ['20261123T084200Z-patronages']});
});
