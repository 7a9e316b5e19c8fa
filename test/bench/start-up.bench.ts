import {expect, it} from 'vitest';
import {program} from '../helpers/run-cli.ts';
import {openBenchStage} from './bench-stage.ts';
import {writeEnrolments} from './input-files.ts';
import {interleave, measureNode, wall} from './measure.ts';
import {recordAndExpect} from './results.ts';

it('start-up', async () => {
  const {path, folder} = await openBenchStage();
  await writeEnrolments(path('rows.csv'), 10);
  const node = (...args: string[]) => measureNode(args, {cwd: folder, usage: false});
  const {bare, version, validate} = await interleave(21, {
    bare: () => node('-e', '0'),
    version: () => node(program, '--version'),
    validate: () => node(program, 'validate', 'cursus-users', 'rows.csv'),
  });
  expect(validate[0]?.stdout).toBe('10 rows are valid\n');
  const yardstick = `node -e 0: ${Math.round(wall(bare))} ms`;
  for (const [what, runs, atMost] of [
    ['start-up: bulk42 --version', version, 1.6],
    ['start-up: validate of a file of 10 rows', validate, 2.5],
  ] as const) {
    recordAndExpect({
      what,
      measured: `${Math.round(wall(runs))} ms`,
      yardstick,
      value: wall(runs) / wall(bare),
      unit: '×',
      target: {atMost},
    });
  }
});
