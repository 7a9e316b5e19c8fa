import {createHash} from 'node:crypto';
import {readFile, readdir} from 'node:fs/promises';
import {basename, extname, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {ConfigurationError, FileError, InputError, UsageError} from '../errors.ts';
import {checkDefinition} from './check-definition.ts';
import type {AnyJobDefinition} from './define-job.ts';
import {didYouMean} from './did-you-mean.ts';
import {createJob, type Job} from './job.ts';

/** Beside the compiled code (`dist/jobs`), or the sources where those are run. */
const builtIn = new URL('../../jobs/', import.meta.url);

/** The names of the jobs that come with the program, sorted. */
export async function listJobs(): Promise<string[]> {
  return [...(await builtInFiles()).keys()].toSorted();
}

/** Anything with a slash or the ending of a script is a path, and everything else a name. */
export const jobPath = /[/\\]|\.[mc]?[jt]s$/;

/**
 * A job by its name, or a user's own by its path.
 *
 * @throws UsageError for an unknown name, FileError for a missing file, ConfigurationError for a job that is not sound.
 */
export async function loadJob(nameOrPath: string): Promise<Job> {
  return jobPath.test(nameOrPath) ? loadFile(nameOrPath) : loadBuiltIn(nameOrPath);
}

/** A job that comes with the program. */
export async function loadBuiltIn(nameOrPath: string): Promise<Job> {
  const files = await builtInFiles();
  const file = files.get(nameOrPath);
  if (file === undefined) {
    const names = [...files.keys()].toSorted();
    const guess = didYouMean(nameOrPath, names);
    throw new UsageError(`there is no job ${nameOrPath}`, {
      code: 'unknown_job',
      hint: `${guess ? `${guess} ` : ''}jobs: ${names.join(', ')}; a job of your own is named by its path, as in ./${nameOrPath}.ts`,
    });
  }
  const url = new URL(file, builtIn);
  const module: unknown = await import(url.href);
  return soundJob(nameOrPath, module, await readFile(url));
}

async function builtInFiles(): Promise<Map<string, string>> {
  const files = (await readdir(builtIn)).filter((file) => /(?<!\.d)\.[jt]s$/.test(file));
  return new Map(files.map((file) => [basename(file, extname(file)), file]));
}

/**
 * A job file of the user's own.
 *
 * @param expected the file that a run began with; another one is refused before any of its code runs
 */
export async function loadFile(given: string, expected?: {sha256: string; run: string}): Promise<Job> {
  const path = resolve(given);
  const source = await readFile(path).catch((cause: unknown) => {
    throw new FileError(`cannot read the job file ${path}`, {cause, hint: 'check the path'});
  });
  if (expected && hashOf(source) !== expected.sha256)
    throw new InputError(`the job ${basename(path, extname(path))} changed since run ${expected.run} began`, {
      code: 'job_changed',
      hint: 'go on with the version of the job that began it',
    });
  const [{createJiti}, api] = await Promise.all([import('jiti'), import('../index.ts')]);
  const jiti = createJiti(import.meta.url, {
    virtualModules: {bulk42: api, '#job': api},
    fsCache: false,
    moduleCache: false,
  });
  const module = await jiti.import(pathToFileURL(path).href).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`the job file ${path} does not load: ${reason}`, {
      code: 'job_file',
      cause,
      hint: 'docs/write-a-job.md shows a whole job',
    });
  });
  return soundJob(basename(path, extname(path)), module, source, given);
}

function soundJob(name: string, module: unknown, source: Buffer, reference = name): Job {
  const exported = (module as {default?: unknown}).default;
  const problems = checkDefinition(exported);
  if (problems.length > 0) {
    throw new ConfigurationError(`the job ${name} is not sound: ${problems.join('; ')}`, {
      code: 'job_definition',
      hint: 'docs/write-a-job.md explains each part',
    });
  }
  return createJob(name, exported as AnyJobDefinition, hashOf(source), reference);
}

function hashOf(source: Buffer): string {
  return createHash('sha256').update(source).digest('hex');
}
