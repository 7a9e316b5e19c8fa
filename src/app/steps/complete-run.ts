import {systemClock as clock} from '../../clock.ts';
import {stateFolder} from '../../config.ts';
import {FileError, InputError} from '../../errors.ts';
import {exitCodeOf} from '../../exit-code.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import {Journal} from '../../journal/journal.ts';
import {summarize} from '../../report/summary.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {readJournal} from '../../runs/reopen-run.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunResult} from './finish-run.ts';
import type {RunIo} from '../run-io.ts';
import type {RunSpec} from '../run-spec.ts';
import {writeReport} from '../write-report.ts';

/** No row is left, but the process may have died before it closed the journal or wrote the outputs. */
export async function completeRun(
  directory: RunDirectory,
  {sending}: RunSpec,
  io: Pick<RunIo, 'notice'>,
  stack: DisposerStack,
): Promise<RunResult> {
  const waitMs = (sending?.waitLock ?? 0) * 1000;
  const lock = await lockRun(directory, stateFolder(), clock, waitMs);
  stack.defer(() => lock.release());
  const replayed = await readJournal(directory);
  const {states, state, end} = replayed;
  const exitCode = exitCodeOf(states.counts, undefined, undefined);
  if (state !== 'finished') {
    const journal = await Journal.reopen(directory.journal, clock, end, (entry) => states.fold(entry));
    await journal.append({k: 'complete', code: exitCode, n: {...states.counts}});
    await journal.close();
  }
  await removeTemporaries(directory.path);
  const result = {exitCode, failure: undefined};
  try {
    return {...(await writeReport(directory)), ...result};
  } catch (error) {
    // The file is gone or another by now. A run that has ended needs it no more.
    if (state !== 'finished' || !(error instanceof InputError || error instanceof FileError)) throw error;
    io.notice(`${error.message}; the reports stay as they are`);
    return {directory, replayed, summary: summarize(replayed), undecided: [], ...result};
  }
}
