import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, realpath, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {DiskError, InputError} from '../errors.ts';
import {elapsedSince, type Moment} from '../files/moment.ts';
import {onDisk, replaceFile, removeTemporaries} from '../files/write-file.ts';

/** A run that this machine has begun to send, wherever its folder lies. */
export interface RegisteredRun {
  formatVersion: 1;
  run: string;
  /** The real path of its folder. */
  folder: string;
  job: string;
  /** Where the definition lies, when it is the user's own; and its SHA-256. */
  jobFile?: string;
  jobHash: string;
  /** When the run began, UTC in ms: two runs of one second, in two folders, may have the same id. */
  began: number;
  /** How long its journal was when its process left it. */
  journalBytes?: number;
  /** The processes that took runs of this application are numbered: the first and the last that took this one. */
  first: number;
  last: number;
  /** The longest settle time that was in force. */
  settleMs: number;
  /** When a process took it last. */
  taken: Moment;
  /** When that process left it in an orderly way, or its folder was found to be gone. */
  left?: Moment;
  /** Every row was settled by then. */
  isSettled?: true;
}

export type RunFacts = Pick<RegisteredRun, 'run' | 'job' | 'jobFile' | 'jobHash' | 'began' | 'settleMs'>;

/** So long a settled run is remembered: what it wrote is no longer as an older run left it. */
const keptMs = 90 * 24 * 3_600_000;

/**
 * The runs of one application, noted in the state folder before their first request: a new run knows from them what
 * is in doubt or was written just now, whatever folder it is started from. What happened in a run is in its journal
 * alone.
 *
 * Only the process that holds the application's lock adds to it.
 */
export class Registry {
  readonly #applications: string;
  readonly #folder: string;

  constructor(stateFolder: string, application: string) {
    this.#applications = join(stateFolder, 'applications');
    this.#folder = join(this.#applications, digest(application).slice(0, 16));
  }

  /** In the order in which they were taken last. */
  async list(): Promise<RegisteredRun[]> {
    return readEntries(this.#folder);
  }

  /** Notes that a process takes the run in this folder; on the disk when it resolves. */
  async take(folder: string, facts: RunFacts, now: Moment): Promise<void> {
    const known = await this.list();
    const path = await realpath(folder);
    const before = known.find((entry) => entry.folder === path);
    const number = (known.at(-1)?.last ?? 0) + 1;
    await onDisk(this.#folder, mkdir(this.#folder, {recursive: true, mode: 0o700}));
    await removeTemporaries(this.#folder);
    await this.#write({
      formatVersion: 1,
      ...facts,
      folder: path,
      first: before?.first ?? number,
      last: number,
      settleMs: Math.max(facts.settleMs, before?.settleMs ?? 0),
      taken: now,
    });
    await this.#prune(known, now);
  }

  /** Notes a longer settle time, or that its process left the run. */
  async update(folder: string, change: (entry: RegisteredRun) => RegisteredRun): Promise<void> {
    const path = await realpath(folder).catch(() => folder);
    const entry = (await this.list()).find((each) => each.folder === path);
    if (entry) await this.#write(change(entry));
  }

  async #write(entry: RegisteredRun): Promise<void> {
    await replaceFile(this.#pathOf(entry), `${JSON.stringify(entry)}\n`);
  }

  #pathOf({run, folder}: RegisteredRun): string {
    return join(this.#folder, `${run}-${digest(folder).slice(0, 8)}.json`);
  }

  /**
   * Old settled runs are forgotten, and only those that ended before every other one that is kept began: an older run
   * can be compared with only where all later ones are known.
   */
  async #prune(known: readonly RegisteredRun[], now: Moment): Promise<void> {
    for (const [at, entry] of known.entries()) {
      const firstKept = Math.min(...known.slice(at + 1).map(({first}) => first));
      if (!isOld(entry, now) || firstKept < entry.last) break;
      await rm(this.#pathOf(entry), {force: true});
    }
    await pruneApplications(this.#applications, now);
  }
}

/** Each embedded API is an application of its own, used once. */
async function pruneApplications(applications: string, now: Moment): Promise<void> {
  for (const name of await readdir(applications)) {
    const folder = join(applications, name);
    const stats = await stat(folder).catch(() => undefined);
    if (!stats || now.wall - stats.mtimeMs < keptMs) continue;
    const entries = await readEntries(folder);
    if (entries.every((entry) => isOld(entry, now))) await rm(folder, {recursive: true, force: true});
  }
}

function isOld({isSettled, left}: RegisteredRun, now: Moment): boolean {
  return isSettled === true && left !== undefined && elapsedSince(left, now) > keptMs;
}

async function readEntries(folder: string): Promise<RegisteredRun[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
  const entries = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readEntry(join(folder, name))),
  );
  return entries.sort((one, other) => one.last - other.last);
}

async function readEntry(path: string): Promise<RegisteredRun> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const entry = parse(text);
  if (entry?.formatVersion === 1) return entry;
  throw new InputError(`${path} is no note of a run that this version can read`, {
    code: 'registry_damaged',
    hint: 'it names a run whose rows may be in doubt: settle that run, then remove the file',
  });
}

function parse(text: string): RegisteredRun | undefined {
  try {
    return JSON.parse(text) as RegisteredRun;
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause: unknown): DiskError {
  return new DiskError(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, {
    hint: 'it tells which runs are under way; check the folder and its rights, or name another one with XDG_STATE_HOME',
    cause,
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
