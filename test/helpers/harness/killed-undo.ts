import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {counts, type Stage} from '../../e2e/stage.ts';
import {withFailpoint} from './failpoint.ts';
import {generator} from './random-kills.ts';

export interface KilledUndo {
  /** The run that is undone, and the records that it created. */
  run: string;
  rows: number;
  seed: number;
  /** How far a process comes at most before it dies, in operations on disk and network. */
  reach: number;
  pace: readonly string[];
}

/** Types `undo` again each time that its process was killed, until one comes to its end. Gives the number of kills. */
export async function expectUndoSurvives(stage: Stage, options: KilledUndo): Promise<number> {
  const {run, rows, seed, reach, pace} = options;
  const random = generator(seed);
  let kills = 0;
  for (let isEnded = false; !isEnded;) {
    const nth = 1 + Math.floor(random() * reach);
    const failpoint = withFailpoint({at: 'any', when: random() < 0.5 ? 'before' : 'after', nth});
    const {code, signal, stderr} = await stage.cli(['undo', run, ...pace], failpoint);
    isEnded = signal !== 'SIGKILL';
    if (!isEnded) kills++;
    else expect({seed, kills, code, stderr: code === 0 ? '' : stderr}).toMatchObject({code: 0, stderr: ''});
  }
  const undos = stage.runs().filter((id) => id.includes('undo') && hasBegun(stage, id));
  expect(undos).toHaveLength(1);
  expect(stage.summary(undos[0]).counts).toEqual(counts({removed: rows}));
  return kills;
}

/** A process that was killed before its journal began has undone nothing, and the next one begins anew. */
function hasBegun(stage: Stage, run: string): boolean {
  const journal = join(stage.folder, 'runs', run, 'journal.ndjson');
  return existsSync(journal) && readFileSync(journal, 'utf8').includes('\n');
}
