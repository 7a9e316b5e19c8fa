import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {decodeEntry, encodeEntry} from '../../src/journal/encode-entry.ts';
import type {HeaderEntry, StampedEntry} from '../../src/journal/entry.ts';
import {applied, createGate, csv, errorOf, fast, interrupt, openStage, runInOrder} from './stage.ts';

/** A run of four rows that was stopped behind its second, and looks at nothing before it creates. */
async function openStopped() {
  const gate = createGate(2);
  const stage = await openStage(gate.options);
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64', '1003,64'));
  const first = stage.start(runInOrder('patronages', 'pairs.csv', '--existing', 'send', ...fast));
  await gate.reached();
  await interrupt(first.child, 'SIGINT');
  gate.open();
  await first.ended;
  const [run = ''] = stage.runs();
  return {stage, run, folder: join(stage.folder, 'runs', run)};
}

it('a run that went on is not gone on with by a copy of its folder, or by its journal of before', async () => {
  const {stage, run, folder} = await openStopped();
  const copy = join(stage.folder, 'backup', run);
  cpSync(folder, copy, {recursive: true});
  const resume = (path: string) => stage.cli(['resume', path, '--yes', '--json', ...fast]);
  expect((await stage.cli(['resume', run, '--yes', ...fast])).code).toBe(0);
  expect(errorOf(await resume(copy))).toMatchObject({
    code: 'journal_older',
    exitCode: 65,
    hint: `bulk42 resume ${folder}`,
  });
  cpSync(join(copy, 'journal.ndjson'), join(folder, 'journal.ndjson'));
  expect(errorOf(await resume(run))).toMatchObject({
    code: 'journal_older',
    hint: expect.stringContaining('bulk42 runs --remove') as string,
  });
  expect(applied(stage.sandbox)).toHaveLength(4);
});

it('a folder that was moved is gone on with', async () => {
  const {stage, run, folder} = await openStopped();
  const moved = join(stage.folder, 'elsewhere');
  cpSync(folder, join(moved, run), {recursive: true});
  await stage.cli(['runs', '--remove', run, '--yes']);
  expect((await stage.cli(['resume', join(moved, run), '--yes', ...fast])).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(4);
});

it('a folder whose journal holds something else than a journal does is refused, and the others are listed', async () => {
  const {stage, run, folder} = await openStopped();
  const id = '20250101T000000Z-patronages';
  const planted = join(stage.folder, 'runs', id);
  cpSync(folder, planted, {recursive: true});
  const path = join(planted, 'journal.ndjson');
  const [first = '', ...others] = readFileSync(path, 'utf8').split('\n');
  const header = {...(decodeEntry(Buffer.from(first)) as HeaderEntry & StampedEntry), job: {toString: null}};
  writeFileSync(path, [encodeEntry(header as never).trimEnd(), ...others].join('\n'));
  const listed = await stage.cli(['runs']);
  expect(listed).toMatchObject({code: 0, stdout: expect.stringContaining(run) as string});
  expect(listed.stderr).toContain(id);
  expect(errorOf(await stage.cli(['report', id, '--json']))).toMatchObject({
    code: 'journal_version',
    exitCode: 65,
  });
});
