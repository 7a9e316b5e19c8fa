import {systemClock as clock} from '../../clock.ts';
import {readConfig} from '../../config.ts';
import {exitCodeOf} from '../../exit-code.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import {Journal} from '../../journal/journal.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {readJournal} from '../../runs/reopen-run.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunResult} from './finish-run.ts';
import type {RunSpec} from '../run-spec.ts';
import {writeReport} from '../write-report.ts';

/** No row is left, but the process may have died before it closed the journal or wrote the outputs. */
export async function completeRun(
  directory: RunDirectory,
  {sending}: RunSpec,
  stack: DisposerStack,
): Promise<RunResult> {
  const waitMs = (sending?.waitLock ?? 0) * 1000;
  const lock = await lockRun(directory, readConfig().stateFolder, clock, waitMs);
  stack.defer(() => lock.release());
  const {states, state, end} = await readJournal(directory);
  const exitCode = exitCodeOf(states.counts, undefined, undefined);
  if (state !== 'finished') {
    const journal = await Journal.reopen(directory.journal, clock, end, (entry) => states.fold(entry));
    await journal.append({k: 'complete', code: exitCode, n: {...states.counts}});
    await journal.close();
  }
  await removeTemporaries(directory.path);
  return {...(await writeReport(directory)), exitCode, failure: undefined};
}
