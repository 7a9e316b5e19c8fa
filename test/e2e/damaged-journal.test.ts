import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {csv, fast, openStage} from './stage.ts';

it('a damaged journal in the runs folder keeps new runs from starting until it is restored or removed', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1009,1000'));
  stage.file('more.csv', csv('user_id,godfather_id', '1010,1000'));
  await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  const [run = ''] = stage.runs();
  const path = join(stage.folder, 'runs', run, 'journal.ndjson');
  const journal = readFileSync(path, 'utf8');
  // Without its last line the run may have rows left, and what is damaged may be one of them.
  const cut = journal.slice(0, journal.lastIndexOf('\n', journal.length - 2) + 1);
  writeFileSync(path, cut.replace('"k":"intent"', '"k":"Intent"'));
  const before = stage.sandbox.ledger.length;

  const refused = await stage.cli(['run', 'patronages', 'more.csv', '--yes', ...fast]);
  expect(refused.code).toBe(65);
  expect(refused.stderr).toContain(run);
  expect(stage.sandbox.ledger).toHaveLength(before);

  const listed = await stage.cli(['runs']);
  expect(listed).toMatchObject({code: 0});
  expect(listed.stderr).toContain('is damaged');

  expect((await stage.cli(['runs', '--remove', run, '--yes'])).code).toBe(0);
  expect((await stage.cli(['run', 'patronages', 'more.csv', '--yes', ...fast])).code).toBe(0);
});

it('a damaged journal of a run whose rows are all settled does not block other runs', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  stage.file('more.csv', csv('user_id,godfather_id', '1010,1000'));
  await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  const [run = ''] = stage.runs();
  const path = join(stage.folder, 'runs', run, 'journal.ndjson');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"k":"intent"', '"k":"Intent"'));
  mkdirSync(join(stage.folder, 'runs', '20260101T000000Z-patronages'));
  expect((await stage.cli(['run', 'patronages', 'more.csv', '--yes', ...fast])).code).toBe(0);
});
