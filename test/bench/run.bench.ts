import {expect, it} from 'vitest';
import {openBenchStage, plainRun} from './bench-stage.ts';
import {curl, gqlIngest, handWritten, newman, type Prepare} from './competitors.ts';
import {scaled, writeEnrolments} from './input-files.ts';
import {cpu, interleave, type Measured, wall} from './measure.ts';
import {record, recordAndExpect, type Result, rowsPerSecond} from './results.ts';

const rows = scaled(50_000);
/** For what would take minutes. */
const fewRows = scaled(2000);
const byHand = 'csv-parse, zod, p-queue, undici and a journal by hand';

it('run', async () => {
  const stage = await openBenchStage();
  const {path, bulk42} = stage;
  await writeEnrolments(path('rows.csv'), rows);
  await writeEnrolments(path('few.csv'), fewRows);
  const others: {name: string; by: Prepare; rows: number; target?: Result['target']}[] = [
    {name: byHand, by: handWritten, rows, target: {atLeast: 0.4}},
    {name: 'gql-ingest, 16 at a time', by: gqlIngest(16), rows, target: {atLeast: 3}},
    {name: 'gql-ingest as it comes, one at a time', by: gqlIngest(1), rows: fewRows, target: {atLeast: 3}},
    {name: 'Newman', by: newman, rows: fewRows, target: {atLeast: 30}},
    {name: 'curl -K, one at a time, no journal', by: curl, rows, target: {atLeast: 0.25}},
  ];
  const prepared = [];
  for (const other of others) {
    prepared.push({
      ...other,
      competitor: await other.by(stage, path(other.rows === rows ? 'rows.csv' : 'few.csv'), other.rows),
    });
  }
  // A folder for each: a run begins by reading the journals of those before it.
  let runs = 0;
  const run = (options: readonly string[]) =>
    bulk42(['run', 'cursus-users', 'rows.csv', '--out', `runs-${runs++}`, ...options]);
  const contestants: Record<string, () => Promise<Measured>> = {plain: () => run(plainRun)};
  contestants['looking'] = () => run(['--yes', '--no-progress', '--concurrency', '16']);
  for (const {name, competitor} of prepared) if (competitor) contestants[name] = competitor.run;
  const results = await interleave(5, contestants);

  const plain = results['plain'] ?? [];
  const looking = results['looking'] ?? [];
  expect(plain[0]?.stdout).toMatch(new RegExp(`\\b${rows}\\b`));
  const what = `run, ${rows.toLocaleString('en')} rows, concurrency 16, journal and reports`;
  const rate = rows / wall(plain);
  for (const {name, target, competitor, ...other} of prepared) {
    const ms = wall(results[name] ?? []);
    recordAndExpect({
      what,
      measured: rowsPerSecond(rows, wall(plain)),
      yardstick: competitor ? `${name}: ${rowsPerSecond(other.rows, ms)}` : `${name}: cannot be had here`,
      value: rate / (other.rows / ms),
      unit: '×',
      ...(target && {target}),
    });
  }
  const handCpu = results[byHand] && cpu(results[byHand]);
  record({
    what: 'CPU of a row of that run',
    measured: `${(cpu(plain) / 1000).toFixed(1)} s in all`,
    yardstick:
      handCpu === undefined
        ? 'by hand: cannot be had here'
        : `by hand: ${Math.round((1000 * handCpu) / rows)} µs`,
    value: (1000 * cpu(plain)) / rows,
    unit: 'µs',
    target: {atMost: 450},
  });
  record({
    what: 'the same run with its look-ups (what exists already is left alone)',
    measured: rowsPerSecond(rows, wall(looking)),
    yardstick: 'the run without them',
    value: wall(plain) / wall(looking),
    unit: '×',
  });
});
