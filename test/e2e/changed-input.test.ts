import {appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied, createGate, csv, fast, lastLine, openStage, writes} from './stage.ts';

const rows = 8;
const resume = ['resume', 'last', '--yes', '--per-second', '1000', '--settle', '0.3'];

/** A run that was killed with some rows sent, one in doubt and the rest to do. */
async function killedHalfWay() {
  const trial = await openTrial(scenarios.listable, {rows, concurrency: 1});
  await trial.kill({at: 'write:done', nth: 3});
  return trial;
}

const lines = (text: string) => text.trimEnd().split('\n');
const changes: [string, (text: string) => string][] = [
  ['one byte of a row that was sent', (text) => text.replace('1000,1500', '1000,1501')],
  ['one byte of a row that was not', (text) => text.replace('1007,1507', '1007,1508')],
  ['a row more', (text) => `${text}1030,1530\n`],
  ['a row less', (text) => `${lines(text).slice(0, -1).join('\n')}\n`],
  ['other order', (text) => `${[lines(text)[0], ...lines(text).slice(1).toReversed()].join('\n')}\n`],
  ['another header', (text) => text.replace('user_id', 'USER_ID')],
  ['other line ends', (text) => text.replaceAll('\n', '\r\n')],
  ['no content', () => ''],
];

describe('an input that changed between the kill and the resume', () => {
  it('is refused with 65, whatever changed: nothing is sent and nothing is written', async () => {
    const trial = await killedHalfWay();
    const {stage, file} = trial;
    const original = readFileSync(file, 'utf8');
    const journal = join(trial.run() ?? '', 'journal.ndjson');
    const [sent, journaled] = [writes(stage.sandbox).length, readFileSync(journal)];
    for (const [what, change] of changes) {
      const changed = change(original);
      expect(changed).not.toBe(original);
      writeFileSync(file, changed);
      const {code, stderr} = await stage.cli(resume);
      expect({what, code, stderr: code === 65 ? '' : stderr}).toEqual({what, code: 65, stderr: ''});
    }
    expect(writes(stage.sandbox)).toHaveLength(sent);
    expect(readFileSync(journal)).toEqual(journaled);

    writeFileSync(file, original);
    expect((await trial.end(0)).counts.created).toBe(rows);
  });

  it('is a file of its own for `run`, which refuses to begin beside rows in doubt', async () => {
    const {stage, file} = await killedHalfWay();
    writeFileSync(file, readFileSync(file, 'utf8').replace('1007,1507', '1007,1508'));
    const sent = writes(stage.sandbox).length;
    const {code, stderr} = await stage.cli([
      'run',
      'patronages',
      'rows.csv',
      '--yes',
      '--per-second',
      '1000',
    ]);
    expect(code).toBe(21);
    expect(stderr).toMatch(/bulk42 resume \S+-patronages/);
    expect(writes(stage.sandbox)).toHaveLength(sent);
  });

  it('is missed with 66 where it was moved, and `run` goes on with it in its new place', async () => {
    const {stage, file} = await killedHalfWay();
    const moved = join(stage.folder, 'new place.csv');
    renameSync(file, moved);
    const missed = await stage.cli(resume);
    expect(missed.code).toBe(66);
    expect(missed.stderr).toContain('bulk42 run patronages <its new path>\n');
    const options = ['--yes', '--per-second', '1000', '--settle', '0.3'];
    expect((await stage.cli(['run', 'patronages', 'new place.csv', ...options])).code).toBe(0);
    expect(stage.runs()).toHaveLength(1);
    expect(applied(stage.sandbox)).toHaveLength(rows);

    // Nothing is left, so the file is needed no more.
    const report = readFileSync(join(stage.folder, 'runs', stage.runs()[0] ?? '', 'report.csv'));
    for (const change of [() => rmSync(moved), () => writeFileSync(file, 'other\n')]) {
      change();
      expect(await stage.cli(resume)).toMatchObject({code: 0});
    }
    expect(readFileSync(join(stage.folder, 'runs', stage.runs()[0] ?? '', 'report.csv'))).toEqual(report);
  });

  it('may be touched, copied and put back: only its bytes count', async () => {
    const trial = await killedHalfWay();
    const copy = `${trial.file}.copy`;
    writeFileSync(copy, readFileSync(trial.file));
    renameSync(copy, trial.file);
    utimesSync(trial.file, new Date(2001, 1), new Date(2001, 1));
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});

describe('an input that changes while its rows are sent', () => {
  it('ends the run when what is on its way has come back, and leaves nothing in doubt', async () => {
    const people = 2600;
    const gate = createGate(1);
    const stage = await openStage({users: people, ...gate.options});
    // Too many rows to be kept, in a file of more pieces than are read ahead.
    const note = 'x'.repeat(200);
    const pairs = Array.from({length: 2100}, (_, at) => `${1000 + at},${1000 + at + 500},${note}`);
    const original = csv('user_id,godfather_id,note', ...pairs);
    const file = join(stage.folder, stage.file('rows.csv', original));
    const options = ['--ignore-unknown', '--existing', 'send', '--concurrency', '1', '--yes', ...fast];
    const {ended} = stage.start(['run', 'patronages', 'rows.csv', ...options]);
    await gate.reached();
    appendFileSync(file, '1000,1501,\n');
    gate.open();
    const result = await ended;
    expect(result.code).toBe(65);
    expect(result.stderr.split('the file changed while it was being read')).toHaveLength(2);
    const created = applied(stage.sandbox).length;
    expect(created).toBeGreaterThan(0);
    expect(result.stdout).toContain(
      `stopped: 2100 rows, ${created} created, ${2100 - created} not started\n`,
    );
    expect(result.stdout).not.toContain('report.html');
    expect(lastLine(result)).toMatch(/bulk42 resume \S+-patronages$/);

    writeFileSync(file, original);
    expect((await stage.cli(resume)).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(2100);
  });
});

describe('a job that changed between the kill and the resume', () => {
  it('is refused with 65: nothing is sent', async () => {
    const trial = await openTrial(scenarios.blind, {rows, concurrency: 1});
    await trial.kill({at: 'write:done', nth: 3});
    const job = join(trial.stage.folder, 'blind-pairs.ts');
    writeFileSync(job, `${readFileSync(job, 'utf8')}// another version\n`);
    const sent = writes(trial.stage.sandbox).length;
    expect(await trial.stage.cli(resume)).toMatchObject({code: 65});
    expect(writes(trial.stage.sandbox)).toHaveLength(sent);
  });
});
