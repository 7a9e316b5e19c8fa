import {statSync} from 'node:fs';
import {expect, it} from 'vitest';
import {openBenchStage} from './bench-stage.ts';
import {scaled, writeCandidatures, writeEnrolments} from './input-files.ts';
import {child, interleave, measureNode, wall} from './measure.ts';
import {recordAndExpect, rowsPerSecond} from './results.ts';

const rows = scaled(1_000_000);

it.each([
  {job: 'cursus-users', columns: 4, write: writeEnrolments, atLeast: 0.7, rounds: 5},
  {job: 'user-candidatures', columns: 25, write: writeCandidatures, atLeast: 0.5, rounds: 3},
])('validate $columns columns', async ({job, columns, write, atLeast, rounds}) => {
  const {path, folder, bulk42} = await openBenchStage();
  const file = path('rows.csv');
  await write(file, rows);
  const {validate, alone} = await interleave(rounds, {
    alone: () => measureNode([child('parse-csv.mjs'), file], {cwd: folder}),
    validate: () => bulk42(['validate', job, file]),
  });
  expect(validate[0]?.stdout).toBe(`${rows} rows are valid\n`);
  expect(alone[0]?.stdout).toBe(`${rows}\n`);
  recordAndExpect({
    what: `validate, ${rows.toLocaleString('en')} rows × ${columns} columns (${job}, ${Math.round(statSync(file).size / 1e6)} MB)`,
    measured: rowsPerSecond(rows, wall(validate)),
    yardstick: `csv-parse alone: ${rowsPerSecond(rows, wall(alone))}`,
    value: wall(alone) / wall(validate),
    unit: '×',
    target: {atLeast},
  });
});
