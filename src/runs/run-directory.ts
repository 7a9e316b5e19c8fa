import {mkdir, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {DiskError, UsageError} from '../errors.ts';
import {isRehearsal} from '../journal/rehearsal.ts';
import {shellQuote} from '../shell-quote.ts';
import {readJournalEnds} from './read-journal-ends.ts';

/** A run's folder and the files in it. */
export interface RunDirectory {
  /** The run's id: the folder's name. */
  id: string;
  path: string;
  journal: string;
  log: string;
  report: string;
  retry: string;
  summary: string;
  page: string;
  fingerprints: string;
  /** The rows of a run that read standard input. */
  spooledInput: string;
}

export function runDirectory(path: string): RunDirectory {
  const absolute = resolve(path);
  const file = (name: string) => join(absolute, name);
  return {
    id: basename(absolute),
    path: absolute,
    journal: file('journal.ndjson'),
    log: file('run.log'),
    report: file('report.csv'),
    retry: file('retry.csv'),
    summary: file('summary.json'),
    page: file('report.html'),
    fingerprints: file('fingerprints'),
    spooledInput: file('input.csv'),
  };
}

/**
 * The runs folder, made where it is not there. Everything in it concerns real people, so a `.gitignore` keeps it out of
 * git; a folder that was there is the user's, and left as it is.
 */
export async function makeRunsFolder(out: string): Promise<void> {
  if (!(await makeFolders(resolve(out)))) return;
  await writeFile(join(out, '.gitignore'), '*\n', {flag: 'wx', mode: 0o600}).catch(ignoreExisting);
}

/** A new folder `<out>/<20261123T084200Z>-<job>`, with `-2`, `-3` … where that is taken. */
export async function createRunDirectory(out: string, job: string, wall: number): Promise<RunDirectory> {
  const stamp = new Date(wall).toISOString().replace(/[-:]|\.\d+/g, '');
  try {
    await makeRunsFolder(out);
    for (let number = 1; ; number++) {
      const path = join(out, `${stamp}-${job}${number === 1 ? '' : `-${number}`}`);
      if (await mkdir(path, {mode: 0o700}).then(() => true, ignoreExisting)) return runDirectory(path);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new DiskError(`the runs folder ${out} cannot be written (${code})`, {
      code: `disk_${code.toLowerCase()}`,
      hint: 'choose another folder with --out',
      cause,
    });
  }
}

/** Whether it made the folder. Node's own recursive form tries for ever where one can be made nowhere, as in /proc. */
async function makeFolders(path: string): Promise<boolean> {
  const make = () => mkdir(path, {mode: 0o700}).then(() => true, ignoreExisting);
  try {
    return await make();
  } catch (error) {
    const isParentMissing =
      (error as NodeJS.ErrnoException).code === 'ENOENT' && !(await isThere(dirname(path)));
    if (!isParentMissing) throw error;
    await makeFolders(dirname(path));
    return make();
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error;
  return false;
}

/** The folders of all runs in `out`, oldest first. Their names hold the second in which they began, their journals the millisecond. */
export async function listRunDirectories(out: string): Promise<RunDirectory[]> {
  const entries = await readdir(out, {withFileTypes: true}).catch(() => []);
  const runs = entries
    .filter((entry) => entry.isDirectory() && /^\d{8}T\d{6}Z-/.test(entry.name))
    .map((entry) => runDirectory(join(out, entry.name)))
    // `…-job` before `…-job-2` before `…-job-10`.
    .sort((one, other) => one.id.localeCompare(other.id, 'en', {numeric: true}));
  const startTimes = new Map<RunDirectory, number>();
  for (const [at, run] of runs.entries()) {
    const neighbours = [runs[at - 1], runs[at + 1]];
    if (neighbours.some((other) => other && secondOf(other) === secondOf(run)))
      startTimes.set(run, await startedAt(run));
  }
  return runs.sort(
    (one, other) =>
      secondOf(one).localeCompare(secondOf(other)) ||
      (startTimes.get(one) ?? 0) - (startTimes.get(other) ?? 0),
  );
}

/** Wall time in ms. 0 where the journal cannot be read: listing the runs reports that. */
function startedAt({journal}: RunDirectory): Promise<number> {
  return readJournalEnds(journal).then(
    ({header}) => header?.t ?? 0,
    () => 0,
  );
}

function secondOf({id}: RunDirectory): string {
  return id.slice(0, id.indexOf('-'));
}

/**
 * The run that a person means: a folder, an id in the runs folder, or `last`: of the rehearsals or of the others, where
 * `rehearsal` is given.
 *
 * @throws UsageError naming what there is.
 */
export async function findRun(name: string, out: string, rehearsal?: boolean): Promise<RunDirectory> {
  if (name === 'last') {
    for (const directory of (await listRunDirectories(out)).toReversed()) {
      // A process that died before its header was whole has sent nothing.
      const {header} = await readJournalEnds(directory.journal);
      if (header && (rehearsal ?? isRehearsal(header)) === isRehearsal(header)) return directory;
    }
    const [what, others] = rehearsal
      ? ['rehearsal', 'leave out --sandbox for other runs']
      : ['run', 'give --sandbox for rehearsals'];
    throw new UsageError(`there is no ${what} in ${out}`, {
      hint: `name the runs folder with --out${rehearsal === undefined ? '' : `, or ${others}`}`,
    });
  }
  for (const candidate of [join(out, name), name]) {
    const found = runDirectory(candidate);
    if (await isThere(found.journal)) return found;
  }
  throw new UsageError(`there is no run ${name}`, {
    hint: `bulk42 ${runArgument('runs', out)} lists the runs`,
  });
}

/** A run as it is typed after a command: with the runs folder where that is not the usual one. */
export function runArgument(run: string, out: string): string {
  return shellQuote(run) + (out === 'runs' ? '' : ` --out ${shellQuote(out)}`) + sandboxOf(run);
}

/** The name of a rehearsal's folder says so. */
function sandboxOf(run: string): string {
  return /-rehearsal(?:-\d+)?$/.test(run) ? ' --sandbox' : '';
}

/** The same for a run whose folder may lie elsewhere, which then names it. */
export function argumentOfRun({id, path}: Pick<RunDirectory, 'id' | 'path'>, out = 'runs'): string {
  return dirname(path) === resolve(out) ? runArgument(id, out) : shellQuote(path) + sandboxOf(id);
}

/** Deletes a run with everything in it. */
export async function deleteRun(run: RunDirectory): Promise<void> {
  await rm(run.path, {recursive: true});
}
