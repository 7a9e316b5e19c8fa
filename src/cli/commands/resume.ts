import {dirname} from 'node:path';
import {systemClock as clock} from '../../clock.ts';
import {readConfig} from '../../config.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {Journal} from '../../journal/journal.ts';
import type {Replayed} from '../../journal/replay.ts';
import {exitCodeOf} from '../../exit-code.ts';
import {isPending} from '../../outcome.ts';
import {hasRowsLeft} from '../../runs/find-unfinished.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {firstFileOf, inputPathOf, joinedColumns, readJournal, rereadJournal} from '../../runs/reopen-run.ts';
import {findRun, type RunDirectory} from '../../runs/run-directory.ts';
import {createdRecords} from '../../app/undo.ts';
import {requireSomebodyToAsk} from '../ask.ts';
import type {CommandResult} from '../command-result.ts';
import {refuseOtherInput, resumeFlow} from '../../app/resume-flow.ts';
import {reopenTarget} from '../../app/reopen-target.ts';
import {runFlow} from '../run-flow.ts';
import type {RunArguments} from '../../app/run-settings.ts';
import {baseUrlOf} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';
import {writeReports} from './report.ts';

/** For an undo, the ids of the records that it removes: the run that it undoes lies beside it. */
async function removalsOf(
  {path}: RunDirectory,
  {header}: Replayed,
): Promise<Map<number, number> | undefined> {
  if (header.undoOf === undefined) return undefined;
  const undone = await readJournal(await findRun(header.undoOf, dirname(path)));
  return createdRecords(undone.states).ids;
}

/** Nothing is left to send, but the process may have died before it wrote that down or told anyone. */
async function finish(
  directory: RunDirectory,
  args: RunArguments,
  terminal: Terminal,
): Promise<CommandResult> {
  const lock = await lockRun(directory, readConfig().stateFolder, clock, args.waitLock * 1000);
  try {
    const {states, state, end} = await readJournal(directory);
    const exitCode = exitCodeOf(states.counts, undefined, undefined);
    if (state !== 'finished') {
      const journal = await Journal.reopen(directory.journal, clock, end, (entry) => states.fold(entry));
      await journal.append({k: 'complete', code: exitCode, n: {...states.counts}});
      await journal.close();
    }
    await removeTemporaries(directory.path);
    await writeReports(directory, await readJournal(directory), args, terminal);
    return {exitCode};
  } finally {
    await lock.release();
  }
}

export async function resume(args: RunArguments & {run: string}, terminal: Terminal): Promise<CommandResult> {
  const directory = await findRun(args.run, args.out);
  const replayed = await readJournal(directory);
  if (!hasRowsLeft(replayed)) {
    if (!args.json && !args.quiet) terminal.error(`nothing is left to resume in ${directory.id}`);
    return finish(directory, args, terminal);
  }
  const {header, states} = replayed;
  const now = new Date(clock.wall());
  const job = await loadJob(header.jobFile ?? header.job);
  const prepared = await prepareInput(inputPathOf(directory, header), job, header.shape, {
    now,
    joined: await joinedColumns(header, job, now),
    filesBeside: firstFileOf(directory, header).path,
    isPending: (line) => isPending(states.outcome(line)),
  });
  try {
    refuseOtherInput(prepared, header, directory.id);
    requireSomebodyToAsk({terminal, yes: args.yes});
    const target = await reopenTarget(header, directory.id);
    const baseUrl = baseUrlOf(target);
    const findFlow = async () => {
      const current = await rereadJournal(directory, replayed);
      const flow = resumeFlow({directory, replayed: current}, job, prepared, baseUrl);
      return {...flow, removals: await removalsOf(directory, current)};
    };
    return await runFlow({job, sha256: prepared.checked.sha256}, findFlow, args, target, terminal);
  } finally {
    await prepared.input.close();
  }
}
