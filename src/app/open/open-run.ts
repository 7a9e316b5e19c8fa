import type {RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunIo} from '../run-io.ts';
import type {RunSpec} from '../run-spec.ts';
import {openNewRun} from './open-new-run.ts';
import {openResume} from './open-resume.ts';
import {openRetry} from './open-retry.ts';
import {openUndo} from './open-undo.ts';
import type {OpenedRun} from './opened-run.ts';

/** Reads and checks the rows of a run; `settled`: a run to be resumed that has no rows left. */
export function openRun(
  spec: RunSpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun | {settled: RunDirectory}> {
  switch (spec.kind) {
    case 'new':
      return openNewRun(spec, io, stack);
    case 'resume':
      return openResume(spec, io, stack);
    case 'retry':
      return openRetry(spec, io, stack);
    case 'undo':
      return openUndo(spec, io, stack);
  }
}
