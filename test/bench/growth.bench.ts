import {expect, it} from 'vitest';
import {openBenchStage, plainRun} from './bench-stage.ts';
import {scaled, writeEnrolments} from './input-files.ts';
import type {Measured} from './measure.ts';
import {type GrowthPoint, recordAndExpect, recordGrowth} from './results.ts';

const sizes = [1000, 10_000, 100_000, 1_000_000].map(scaled);
const [small = 0, large = 0] = [sizes.at(1), sizes.at(-1)];

it.each([
  {what: 'validate', args: ['validate', 'cursus-users', 'rows.csv']},
  {what: 'run', args: ['run', 'cursus-users', 'rows.csv', ...plainRun]},
] as const)('time and memory of $what against size', async ({what, args}) => {
  const peaks = new Map<number, number>();
  for (const rows of sizes) {
    // A stage for each size: a run begins by reading the journals of those before it.
    const {path, bulk42} = await openBenchStage();
    await writeEnrolments(path('rows.csv'), rows);
    const measured: Measured = await bulk42(args);
    expect(measured.stdout).toMatch(new RegExp(`\\b${rows}\\b`));
    peaks.set(rows, measured.peakMb);
    recordGrowth({
      what,
      rows,
      seconds: measured.wallMs / 1000,
      peakMb: measured.peakMb,
    } satisfies GrowthPoint);
  }
  const [few, many] = [peaks.get(small) ?? 0, peaks.get(large) ?? 0];
  const title = `peak memory of ${what}, ${large.toLocaleString('en')} rows`;
  const measured = `${Math.round(many)} MB`;
  recordAndExpect({
    what: title,
    measured,
    yardstick: `${small.toLocaleString('en')} rows: ${Math.round(few)} MB`,
    value: many / few,
    unit: '×',
    target: {atMost: 1.5},
  });
  recordAndExpect({what: title, measured, yardstick: '–', value: many, unit: 'MB', target: {atMost: 200}});
});
