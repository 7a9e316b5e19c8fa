import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {id} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob} from '../../src/job/job.ts';
import {type InputRow, InputRows} from '../../src/input/input-rows.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

const job = createJob(
  'badges',
  defineJob({
    summary: 'Give badges',
    needs: {roles: []},
    columns: {user_id: id('Whose').required()},
    keys: [['user_id']],
    request: (row) => ({method: 'POST', path: ['badges'], body: {badge: row}}),
    readBack: [],
  }),
  'hash',
);

async function open(path: string) {
  const shape = {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false};
  const input = await InputRows.open(path, job, shape, {now: new Date('2026-11-23')});
  onTestFinished(() => input.close());
  return input;
}

async function openRowsOf(ids: readonly number[]) {
  const path = join(temporaryFolder(), 'badges.csv');
  const content = (of: readonly number[]) => `user_id\n${of.join('\n')}\n`;
  writeFileSync(path, content(ids));
  const input = await open(path);
  return {input, change: (to: readonly number[]) => writeFileSync(path, content(to))};
}

async function valuesOf(batches: AsyncIterable<readonly InputRow[]>): Promise<unknown[]> {
  const values = [];
  for await (const batch of batches)
    for (const {line, parsed} of batch) values.push([line, 'values' in parsed && parsed.values['user_id']]);
  return values;
}

it('leaves out settled rows where only open ones are asked for', async () => {
  const {input} = await openRowsOf([11, 12, 13]);
  input.keepPending((line) => line !== 3);
  expect(await valuesOf(input.pendingRows())).toEqual([
    [2, 11],
    [4, 13],
  ]);
  expect(await valuesOf(input.pendingRows((line) => line > 2))).toEqual([[4, 13]]);
  expect(await valuesOf(input.rows((line) => line < 4))).toEqual([
    [2, 11],
    [3, 12],
  ]);
});

it('reads the rows again for each pass, and refuses a file that is no longer what it was', async () => {
  const ids = Array.from({length: 2500}, (_, at) => at + 1);
  const {input, change} = await openRowsOf(ids);
  expect(await valuesOf(input.pendingRows())).toHaveLength(2500);
  expect(await valuesOf(input.pendingRows((line) => line === 2400))).toEqual([[2400, 2399]]);
  change(ids.toReversed());
  await expect(valuesOf(input.pendingRows())).rejects.toMatchObject({exitCode: 65});
});
