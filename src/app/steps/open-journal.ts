import type {StampedEntry} from '../../journal/entry.ts';
import {Journal} from '../../journal/journal.ts';
import {RowStates} from '../../journal/row-states.ts';
import {isRehearsal} from '../../journal/rehearsal.ts';
import {runTitle} from '../../journal/run-title.ts';
import {type Logger, openLog} from '../../logger.ts';
import {removeDerivedFiles} from '../../runs/remove-derived-files.ts';
import {createRunDirectory, type RunDirectory} from '../../runs/run-directory.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {logEntry} from '../../send/log-entry.ts';
import type {RunHeader, RunStart} from '../open/opened-run.ts';
import type {RunContext} from './run-context.ts';

export interface OpenJournal {
  directory: RunDirectory;
  journal: Journal;
  states: RowStates;
}

/**
 * The journal of a run that is about to send. Folder and journal of a new one come into being only now, so that a run
 * that was refused leaves nothing behind.
 */
export async function openJournal(
  context: RunContext,
  {header, resumed, adopt}: RunStart,
): Promise<OpenJournal> {
  const {clock, settings, prepared, lease, ledger} = context;
  const open = {...ledger.openEntry(), ...(lease && {fence: lease.fence})};
  const directory =
    resumed?.directory ?? (await createRunDirectory(settings.out, folderTitle(header), clock.wall()));
  const lock = await lockRun(directory, context.target.config.stateFolder, clock);
  context.stack.defer(() => lock.release());
  if (resumed) {
    const {states, end} = resumed.replayed;
    await removeDerivedFiles(directory);
    await ledger.take(directory);
    const fold = followJournal(context, states, directory);
    const journal = await Journal.reopen(directory.journal, clock, end, fold, lease !== undefined);
    await journal.append({...open, ...(end.torn > 0 && {cut: end.torn})});
    return {directory, journal, states};
  }
  await adopt?.(directory);
  const states = new RowStates(prepared.checked.rows);
  const fold = followJournal(context, states, directory);
  const journal = await Journal.create(directory.journal, clock, fold, lease !== undefined);
  journal.note({k: 'header', v: 1, run: directory.id, ...header});
  await journal.append(open);
  await ledger.take(directory);
  return {directory, journal, states};
}

/** What the name of a run's folder says of it. */
function folderTitle(header: RunHeader): string {
  const title = isRehearsal(header) ? `${runTitle(header)}-rehearsal` : runTitle(header);
  return title.replace(/[^\w-]/g, '_');
}

/** All that is shown and logged of a run comes from what is in its journal. */
function followJournal(
  {io, session}: RunContext,
  states: RowStates,
  directory: RunDirectory,
): (entry: StampedEntry) => void {
  const log = openRunLog(directory, io.log);
  const limits = () => session.connection.limiter.limits;
  // A row whose response is awaited counts as in doubt, since a crash would leave it so. To who watches the run it is
  // not done yet.
  const inFlight = new Set<number>();
  return (entry) => {
    states.fold(entry);
    if (entry.k === 'intent') inFlight.add(entry.r);
    else if ('r' in entry) inFlight.delete(entry.r);
    const {in_doubt: inDoubt, not_started: notStarted} = states.counts;
    const counts = {
      ...states.counts,
      in_doubt: inDoubt - inFlight.size,
      not_started: notStarted + inFlight.size,
    };
    io.progress(counts, limits);
    logEntry(log, entry);
  };
}

/** Where someone reads along, the log is kept in detail. */
function openRunLog({log: path}: RunDirectory, echo: RunContext['io']['log']): Logger {
  if (!echo) return openLog(path, 'info');
  const log = openLog(path, 'debug');
  return {
    debug: (facts) => {
      log.debug(facts);
      echo(facts);
    },
    info: (facts) => {
      log.info(facts);
      echo(facts);
    },
  };
}
