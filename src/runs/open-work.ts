import {realpath, stat} from 'node:fs/promises';
import {isSameApi} from '../api/canonical-url.ts';
import type {Instant} from '../clock.ts';
import {FileError, InputError} from '../errors.ts';
import {elapsedSince, type Moment} from '../files/moment.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import {isUnfinished, type KnownRun} from './find-unfinished.ts';
import {readJournalEnds} from './read-journal-ends.ts';
import {type KeyWrite, RecentWrites} from './recent-writes.ts';
import type {RegisteredRun} from './registry.ts';
import {listRunDirectories, runDirectory, type RunDirectory} from './run-directory.ts';
import {defaultSettleMs, WriteCollector} from './write-collector.ts';

export interface OpenWorkQuery {
  /** The runs folder of this command. */
  out: string;
  /** The application's runs on this machine, wherever their folders lie. */
  registered: readonly RegisteredRun[];
  job: string;
  baseUrl: string;
  /** Names the key under which hashes can be compared. */
  keyId: string;
  /** The settle time in force now. */
  settleMs: number;
  now: Moment;
  /** The same moment on this process' clocks. */
  foundAt: Instant;
  /** The folder of a run that is resumed: it settles its own rows. */
  except?: string | undefined;
  /** Journals that cannot be read hide what they wrote, and are no error. */
  isTolerant: boolean;
}

export interface OpenWork {
  /** Runs that left rows, or ended before they could say that none are left; oldest first. */
  unfinished: KnownRun[];
  /** What a reading may not show yet. */
  recent: RecentWrites;
  /** Runs of which only the registry is left. */
  gone: RegisteredRun[];
}

/** What one run contributes. */
interface RunWork {
  unfinished?: KnownRun;
  writes?: KeyWrite[];
  unknownMs?: number;
  gone?: RegisteredRun;
}

/** A run's folder, with what the registry knows of it. */
export interface FoundRun {
  directory: RunDirectory;
  /** Its real path. */
  folder: string;
  registered: RegisteredRun | undefined;
}

/**
 * What is under way in an application: in this runs folder, and in every other that this machine has used.
 *
 * @throws FileError (exit 66) or InputError (exit 65) for a journal that cannot be read or is damaged: what it holds of
 *   its rows is unknown, and a new run beside it could apply them twice.
 */
export async function readOpenWork(query: OpenWorkQuery): Promise<OpenWork> {
  const found: RunWork[] = [];
  const except = query.except === undefined ? undefined : await realpath(query.except);
  const settle = {ms: query.settleMs};
  for (const run of await findRuns(query)) {
    if (run.folder === except) continue;
    const ms = await hiddenMs(run, query);
    // Then its journal need not be read.
    if (ms !== 0) found.push(await readRun(run, query, {settle, hiddenMs: ms}));
  }
  const writes = found.flatMap((each) => each.writes ?? []);
  const unknownMs = Math.max(0, ...found.map((each) => each.unknownMs ?? 0));
  return {
    unfinished: found.flatMap((each) => each.unfinished ?? []),
    recent: new RecentWrites(query.foundAt, writes, unknownMs),
    gone: found.flatMap((each) => each.gone ?? []),
  };
}

/** Runs of this runs folder and those of the same job elsewhere, in the order in which they were taken last. */
export async function findRuns({
  out,
  registered,
  job,
}: Pick<OpenWorkQuery, 'out' | 'registered' | 'job'>): Promise<FoundRun[]> {
  const byFolder = new Map(registered.map((entry) => [entry.folder, entry]));
  const found: FoundRun[] = [];
  for (const directory of await listRunDirectories(out)) {
    const folder = await realpath(directory.path).catch(() => directory.path);
    found.push({directory, folder, registered: byFolder.get(folder)});
    byFolder.delete(folder);
  }
  for (const [folder, entry] of byFolder)
    if (entry.job === job) found.push({directory: runDirectory(folder), folder, registered: entry});
  return found.sort((one, other) => (one.registered?.last ?? 0) - (other.registered?.last ?? 0));
}

/** Of a run whose rows are all settled: so long a reading may not show what it wrote. Undefined for every other run. */
async function hiddenMs(
  {directory: {journal}, registered}: FoundRun,
  {settleMs, now}: OpenWorkQuery,
): Promise<number | undefined> {
  const {last} = await readJournalEnds(journal);
  if (last?.k !== 'complete' || last.n.not_started + last.n.in_doubt > 0) return undefined;
  const elapsed = elapsedSince(registered?.left ?? momentOf(last.t, registered), now);
  return Math.max(0, Math.max(settleMs, registered?.settleMs ?? defaultSettleMs) - elapsed);
}

/** A time of the journal, as a moment of the process that was at work on it. */
function momentOf(wall: number, registered: RegisteredRun | undefined): Moment {
  const {boot, up, wall: takenAt} = registered?.taken ?? {boot: '', up: 0, wall};
  return {wall, boot, up: up + wall - takenAt};
}

async function readRun(
  {directory, registered}: FoundRun,
  query: OpenWorkQuery,
  {settle, hiddenMs}: {settle: {ms: number}; hiddenMs: number | undefined},
): Promise<RunWork> {
  const {keyId, now} = query;
  const collector = new WriteCollector({run: directory.id, folder: directory.path, keyId, now, settle});
  let replayed: Replayed | undefined;
  try {
    replayed = await replay(directory.journal, collector.see);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof FileError)) throw error;
    if (hiddenMs !== undefined) return {unknownMs: hiddenMs};
    if (!query.isTolerant) throw error;
    return {unknownMs: await unreadableMs(directory, query)};
  }
  // A process that died before its header was whole has sent nothing, and is not in the registry.
  if (!replayed) return registered ? {gone: registered, unknownMs: goneMs(registered, query)} : {};
  const {job, baseUrl} = replayed.header;
  return {
    ...(isUnfinished(replayed) && {unfinished: {directory, replayed}}),
    ...(job === query.job &&
      isSameApi(baseUrl, query.baseUrl) && {writes: collector.writes(), unknownMs: collector.unknownMs}),
  };
}

async function unreadableMs({journal}: RunDirectory, query: OpenWorkQuery): Promise<number> {
  const stats = await stat(journal).catch(() => undefined);
  const elapsed = stats ? elapsedSince({wall: stats.mtimeMs, boot: '', up: 0}, query.now) : 0;
  return Math.max(0, Math.max(query.settleMs, defaultSettleMs) - elapsed);
}

function goneMs({left, settleMs}: RegisteredRun, query: OpenWorkQuery): number {
  const elapsed = left ? elapsedSince(left, query.now) : 0;
  return Math.max(0, Math.max(settleMs, query.settleMs) - elapsed);
}
