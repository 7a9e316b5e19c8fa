import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {prepareInput} from '../../src/input/prepare-input.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import type {DateOrder} from '../../src/job/row.ts';
import type {RowShapingOptions} from '../../src/journal/entry.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

const now = new Date('2026-11-23T08:42:00Z');
const plain: RowShapingOptions = {map: {}, set: {cursus_id: '9'}, timezone: 'UTC', ignoreUnknown: false};

/** Reads enrolments that begin on the given days. */
async function read(days: readonly string[], options: Partial<RowShapingOptions> = {}) {
  const path = join(temporaryFolder(), 'rows.csv');
  writeFileSync(path, ['user_id,begin_at', ...days.map((day, at) => `${1000 + at},"${day}"`), ''].join('\n'));
  const job = await loadJob('cursus-users');
  const {input, problems, warnings} = await prepareInput(path, job, {...plain, ...options}, {now});
  onTestFinished(() => input.close());
  const begins: unknown[] = [];
  for await (const batch of input.rows())
    for (const {parsed} of batch) begins.push('values' in parsed ? parsed.values['begin_at'] : undefined);
  return {begins, problems, warnings, options: input.options};
}

describe('the order of day and month', () => {
  it.each<[string, string[], string[], RegExp, DateOrder]>([
    [
      'slashes',
      ['05/06/2026', '31/08/2026'],
      ['2026-06-05', '2026-08-31'],
      /day\/month\/year, as line 3/,
      'dmy',
    ],
    [
      'dashes',
      ['5-6-2026', '13-06-2026'],
      ['2026-06-05', '2026-06-13'],
      /day\/month\/year, as line 3/,
      'dmy',
    ],
    [
      'American',
      ['05/06/2026', '08/31/2026'],
      ['2026-05-06', '2026-08-31'],
      /month\/day\/year, as line 3/,
      'mdy',
    ],
    ['a leap day', ['04/03/2028', '29/02/2028'], ['2028-03-04', '2028-02-29'], /as line 3 shows/, 'dmy'],
    [
      'ISO beside it',
      ['2026-06-05', '06/07/2026', '30/06/2026'],
      ['2026-06-05', '2026-07-06', '2026-06-30'],
      /as line 4/,
      'dmy',
    ],
  ])(
    '%s: one date that has a single meaning shows it, and it is told',
    async (_name, days, wanted, told, order) => {
      const {begins, problems, warnings, options} = await read(days);
      expect(problems).toEqual([]);
      expect(begins).toEqual(wanted.map((day) => `${day}T00:00:00.000Z`));
      expect(warnings).toEqual([expect.stringMatching(told)]);
      expect(options.dateOrders).toEqual({begin_at: order});
    },
  );

  it('is shown by a row that is no part of the run', async () => {
    const {begins} = await read(['31/08/2026', '05/06/2026'], {lines: '3'});
    expect(begins).toEqual(['2026-06-05T00:00:00.000Z']);
  });

  it.each([
    ['05.06.2026', '2026-06-05T00:00:00.000Z'],
    ['5.6.2026 9:30', '2026-06-05T09:30:00.000Z'],
    ['07/07/2026', '2026-07-07T00:00:00.000Z'],
  ])('%s has one meaning by itself', async (day, wanted) => {
    const {begins, problems} = await read([day]);
    expect(problems).toEqual([]);
    expect(begins).toEqual([wanted]);
  });

  it.each([
    ['31/08/2026 09:05', '2026-08-31T09:05:00.000Z'],
    ['31/08/2026 9:05:07', '2026-08-31T09:05:07.000Z'],
    ['31/08/2026, 9:05 PM', '2026-08-31T21:05:00.000Z'],
    ['31/08/2026 12:00 AM', '2026-08-31T00:00:00.000Z'],
    ['31/08/2026T09:05:07.123456+02:00', '2026-08-31T07:05:07.123Z'],
    ['31/08/2026 14h30', '2026-08-31T14:30:00.000Z'],
  ])('%s keeps its time of day', async (day, wanted) => {
    expect((await read([day])).begins).toEqual([wanted]);
  });

  it('of dates with slashes is not shown by dots, unless their day does', async () => {
    const unknown = await read(['05.06.2026', '05/06/2026']);
    expect(unknown.problems).toMatchObject([{line: 3, code: 'ambiguous_date'}]);
    const known = await read(['31.08.2026', '05/06/2026']);
    expect(known.begins).toEqual(['2026-08-31T00:00:00.000Z', '2026-06-05T00:00:00.000Z']);
  });

  it('is asked for where no date shows it', async () => {
    const {begins, problems} = await read(['05/06/2026', '07/08/2026']);
    expect(begins).toEqual([undefined, undefined]);
    expect(problems).toMatchObject([
      {
        line: 2,
        code: 'ambiguous_date',
        hint: expect.stringContaining('--date-order dmy reads 2026-06-05') as string,
      },
      {
        line: 3,
        code: 'ambiguous_date',
        hint: expect.stringContaining('--date-order mdy reads 2026-07-08') as string,
      },
    ]);
  });

  it.each([
    ['dmy', ['2026-06-05T00:00:00.000Z']],
    ['mdy', ['2026-05-06T00:00:00.000Z']],
  ] as const)('is %s where the option says so', async (dateOrder, wanted) => {
    const {begins, warnings} = await read(['05/06/2026'], {dateOrder});
    expect(begins).toEqual(wanted);
    expect(warnings).toEqual([expect.stringContaining(`--date-order ${dateOrder}`)]);
  });

  it.each([
    ['slashes', ['31/08/2026', '05/06/2026', '08/30/2026']],
    ['dots beside slashes', ['31.08.2026', '05/06/2026', '08/30/2026']],
    ['dots that show nothing', ['05.06.2026', '05/06/2026', '08/30/2026']],
  ])('is refused where a column mixes two: %s', async (_name, days) => {
    const {problems} = await read(days);
    expect(problems.map(({line}) => line)).toContain(3);
    expect(problems.find(({line}) => line === 4)).toMatchObject({
      code: 'ambiguous_date',
      message: expect.stringMatching(/line 2 .*line 4 /) as string,
      hint: expect.stringContaining('2026-08-30') as string,
    });
  });

  it('that an option gives is not left by a date that contradicts it', async () => {
    const {problems} = await read(['05/06/2026', '08/31/2026'], {dateOrder: 'dmy'});
    expect(problems).toMatchObject([
      {line: 3, message: expect.stringContaining('--date-order dmy') as string, hint: 'write 2026-08-31'},
    ]);
  });

  it('is each column’s own', async () => {
    const path = join(temporaryFolder(), 'rows.csv');
    writeFileSync(path, 'user_id,begin_at,end_at\n1001,31/08/2026,09/30/2026\n1002,05/06/2026,05/07/2026\n');
    const {input, problems} = await prepareInput(path, await loadJob('cursus-users'), plain, {now});
    onTestFinished(() => input.close());
    expect(problems).toMatchObject([
      {line: 3, column: 'end_at', message: expect.stringContaining('after') as string},
    ]);
    expect(input.options.dateOrders).toEqual({begin_at: 'dmy', end_at: 'mdy'});
  });
});
