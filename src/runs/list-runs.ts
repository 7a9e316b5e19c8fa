import {FileError, InputError} from '../errors.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {replay} from '../journal/replay.ts';
import {isRehearsal} from '../journal/rehearsal.ts';
import {runTitle} from '../journal/run-title.ts';
import type {Counts} from '../outcome.ts';
import {isRunLocked} from './lock-run.ts';
import {readJournalEnds} from './read-journal-ends.ts';
import {listRunDirectories, type RunDirectory} from './run-directory.ts';

/** A run as the list of runs shows it. */
export interface ListedRun {
  run: string;
  /** `undo-…` or `remove-…` for a removal, as in its summary. */
  job: string;
  /** `interrupted`: it came to no end, and its process is gone. */
  state: 'running' | 'interrupted' | 'stopped' | 'finished';
  counts: Counts;
  /** It went to the embedded API of `--sandbox`. */
  rehearsal: boolean;
  /** The file as it was named: an absolute path, or `-`. */
  file: string;
  /** The base URL of the API. */
  target: string;
  /** Who began it, where the journal says so. */
  who: {user: string; host: string} | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** The newest run that removed something of what this one created. */
  undoneBy: string | null;
}

/**
 * Every run of the folder that can be read, oldest first. Where a journal was closed its last line counts the rows, so
 * that a year of nights is listed without reading them.
 */
export async function listRuns(
  out: string,
  stateFolder: string,
  onDamaged: (directory: RunDirectory, error: InputError | FileError) => void,
): Promise<ListedRun[]> {
  const runs: ReadRun[] = [];
  for (const directory of await listRunDirectories(out)) {
    const listed = await listedRun(directory, stateFolder).catch((error: unknown) => {
      if (!(error instanceof InputError || error instanceof FileError)) throw error;
      onDamaged(directory, error);
    });
    if (listed) runs.push(listed);
  }
  const undoneBy = new Map(
    runs.filter(({counts}) => counts.removed > 0).map(({run, undoOf}) => [undoOf, run]),
  );
  return runs.map(({undoOf: _undoOf, ...run}) => ({...run, undoneBy: undoneBy.get(run.run) ?? null}));
}

/** What the journal of one run says. */
type ReadRun = Omit<ListedRun, 'undoneBy'> & {undoOf: string | undefined};

async function listedRun(directory: RunDirectory, stateFolder: string): Promise<ReadRun | undefined> {
  const {journal} = directory;
  const {header, last} = await readJournalEnds(journal);
  if (header && (last?.k === 'complete' || last?.k === 'stop')) {
    return {...factsOf(header), state: last.k === 'stop' ? 'stopped' : 'finished', counts: last.n};
  }
  // Asked before the journal is read: a process that ends in between has closed it.
  const isHeld = await isRunLocked(directory, stateFolder);
  const replayed = await replay(journal);
  if (!replayed) return undefined;
  const state = replayed.state === 'running' && !isHeld ? 'interrupted' : replayed.state;
  return {...factsOf(replayed.header), state, counts: {...replayed.states.counts}};
}

function factsOf(header: HeaderEntry & {t: number}) {
  const {run, undoOf, baseUrl: target, input, who = null, t} = header;
  const about = {job: runTitle(header), file: input.path, target, rehearsal: isRehearsal(header), who};
  return {run, ...about, undoOf, startedAt: new Date(t).toISOString()};
}
