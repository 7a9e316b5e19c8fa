import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, it, onTestFinished} from 'vitest';
import {id} from '../../src/job/columns.ts';
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
    unique: true,
  }),
  'hash',
);

async function open(path: string, more: {limit?: number} = {}) {
  const shape = {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false, ...more};
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
  input.narrow((line) => line !== 3);
  expect(await valuesOf(input.openRows())).toEqual([
    [2, 11],
    [4, 13],
  ]);
  expect(await valuesOf(input.openRows((line) => line > 2))).toEqual([[4, 13]]);
  expect(await valuesOf(input.rows((line) => line < 4))).toEqual([
    [2, 11],
    [3, 12],
  ]);
});

it('begins with the first open row, and knows its line, however the lines before it end', async () => {
  const path = join(temporaryFolder(), 'badges.csv');
  const lineBreak = fc.constantFrom('\n', '\n\n', '\n \n', '\r\n', '\r');
  const cell = fc.constantFrom('7', '"8"', '"9\n"', 'x', '1,2');
  const rows = fc.array(fc.tuple(cell, lineBreak), {maxLength: 30});
  const plain = fc.array(fc.tuple(fc.constantFrom('7', '81'), fc.constantFrom('\n', '\n\n')), {
    maxLength: 30,
  });
  const limit = fc.option(fc.nat({max: 9}), {nil: undefined});
  await fc.assert(
    fc.asyncProperty(fc.oneof(rows, plain), fc.nat({max: 40}), limit, async (written, first, rowsAtMost) => {
      writeFileSync(path, `user_id\n${written.map((pair) => pair.join('')).join('')}`);
      const input = await open(path, rowsAtMost === undefined ? {} : {limit: rowsAtMost});
      const isOpen = (line: number) => line >= first;
      const expected = await valuesOf(input.rows(isOpen));
      input.narrow(isOpen);
      expect(await valuesOf(input.openRows())).toEqual(expected);
    }),
    {numRuns: 150},
  );
});

it('gives a few open rows as they were read first, whatever becomes of the file', async () => {
  const {input, change} = await openRowsOf([11, 12]);
  await valuesOf(input.openRows());
  change([98, 99]);
  expect(await valuesOf(input.openRows())).toEqual([
    [2, 11],
    [3, 12],
  ]);
  await expect(valuesOf(input.rows())).rejects.toMatchObject({exitCode: 65});
});

it('reads many open rows again, and refuses a file that is no longer what it was', async () => {
  const ids = Array.from({length: 2500}, (_, at) => at + 1);
  const {input, change} = await openRowsOf(ids);
  expect(await valuesOf(input.openRows())).toHaveLength(2500);
  expect(await valuesOf(input.openRows((line) => line === 2400))).toEqual([[2400, 2399]]);
  change(ids.toReversed());
  await expect(valuesOf(input.openRows())).rejects.toMatchObject({exitCode: 65});
});
