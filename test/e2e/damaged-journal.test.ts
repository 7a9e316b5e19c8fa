import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {csv, openStage} from './stage.ts';

it('a damaged journal in the runs folder keeps new runs from starting until it is restored or removed', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1009,1000'));
  stage.file('more.csv', csv('user_id,godfather_id', '1010,1000'));
  await stage.cli(['run', 'patronages', 'pairs.csv', '--yes']);
  const [run = ''] = stage.runs();
  const path = join(stage.folder, 'runs', run, 'journal.ndjson');
  const journal = readFileSync(path, 'utf8');
  writeFileSync(path, journal.replace('"k":"intent"', '"k":"Intent"'));
  const before = stage.sandbox.ledger.length;

  const refused = await stage.cli(['run', 'patronages', 'more.csv', '--yes']);
  expect(refused.code).toBe(65);
  expect(refused.stderr).toContain(run);
  expect(stage.sandbox.ledger).toHaveLength(before);

  const listed = await stage.cli(['runs']);
  expect(listed).toMatchObject({code: 0});
  expect(listed.stderr).toContain('is damaged');

  expect((await stage.cli(['runs', '--remove', run])).code).toBe(0);
  expect((await stage.cli(['run', 'patronages', 'more.csv', '--yes'])).code).toBe(0);
});
