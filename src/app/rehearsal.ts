import {randomBytes} from 'node:crypto';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {Credentials} from '../config.ts';
import {systemClock as clock} from '../clock.ts';
import {LockedError, UsageError} from '../errors.ts';
import {acquireLock} from '../files/lock.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {isRehearsal} from '../journal/rehearsal.ts';
import {argumentOfRun, makeRunsFolder, type RunDirectory} from '../runs/run-directory.ts';
import type {SandboxOptions} from '../sandbox/server.ts';

/** An embedded API whose records are still there in the next command. */
export interface RehearsalApi extends Credentials {
  /** http://127.0.0.1:PORT */
  url: string;
  close: () => Promise<void>;
}

export interface RehearsalPlace {
  /** The runs folder; the records are kept in `.sandbox` in it. */
  out: string;
  stateFolder: string;
}

/**
 * Starts the embedded API over the records of earlier commands. Where `bulk42 sandbox` serves them already, that one is
 * used.
 *
 * @throws LockedError (exit 23) while another command rehearses in the same folder
 */
export async function openRehearsal(
  place: RehearsalPlace,
  options: SandboxOptions = {},
): Promise<RehearsalApi> {
  const folder = await makeWorldFolder(place.out);
  const credentials = await credentialsOf(folder);
  const lock = await lockWorld(place).catch((error: unknown) => {
    if (!(error instanceof LockedError)) throw error;
  });
  if (!lock) return {...credentials, url: await servedUrl(folder), close: () => Promise.resolve()};
  const {startSandbox} = await import('../sandbox/server.ts');
  const changes = join(folder, 'changes.ndjson');
  const sandbox = await startSandbox({...options, ...credentials, changes}).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const close = async () => {
    await sandbox.close();
    await lock.release();
  };
  return {...credentials, url: sandbox.url, close};
}

/** The same for others to use: commands with `--sandbox` find it as long as it runs. */
export async function serveRehearsal(place: RehearsalPlace, options: SandboxOptions): Promise<RehearsalApi> {
  const folder = await makeWorldFolder(place.out);
  await rm(join(folder, 'server.json'), {force: true});
  const api = await openRehearsal(place, options);
  await writeFile(join(folder, 'server.json'), JSON.stringify({url: api.url}), {mode: 0o600});
  return {...api, close: () => rm(join(folder, 'server.json'), {force: true}).then(() => api.close())};
}

/** Forgets all records, and the credentials with them, so that nothing of before is taken up again. */
export async function resetRehearsal(place: RehearsalPlace): Promise<void> {
  const lock = await lockWorld(place);
  await rm(folderOf(place.out), {recursive: true, force: true});
  await lock.release();
}

/**
 * A rehearsal and the real API never go on with each other's runs.
 *
 * @throws UsageError that gives the command to type
 */
export function refuseOtherWorld(
  header: HeaderEntry,
  directory: RunDirectory,
  {command, sandbox = false, out}: {command: string; sandbox?: boolean | undefined; out: string},
): void {
  if (isRehearsal(header) === sandbox) return;
  const run = argumentOfRun(directory, out);
  throw new UsageError(
    sandbox
      ? `run ${directory.id} is no rehearsal: it went to ${header.baseUrl}`
      : `run ${directory.id} is a rehearsal, which never reached the 42 API`,
    {code: 'rehearsal', hint: `bulk42 ${command} ${run}`},
  );
}

function lockWorld({out, stateFolder}: RehearsalPlace) {
  const busy = `another command rehearses in ${out}`;
  return acquireLock({name: `rehearsal ${resolve(out)}`, folder: stateFolder, clock, busy});
}

async function servedUrl(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'server.json'), 'utf8').catch(() => undefined);
  if (text !== undefined) return (JSON.parse(text) as {url: string}).url;
  throw new LockedError('another command rehearses in this folder', {
    hint: 'wait for it to end, or rehearse in a folder of your own: --out <folder>',
  });
}

const folderOf = (out: string) => join(out, '.sandbox');

async function makeWorldFolder(out: string): Promise<string> {
  await makeRunsFolder(out);
  await mkdir(folderOf(out), {recursive: true, mode: 0o700});
  return folderOf(out);
}

/** Made once, so that every command is the same application to the API and to the limiter. */
async function credentialsOf(folder: string): Promise<Credentials> {
  const path = join(folder, 'credentials.json');
  const made = {uid: `u-${randomBytes(32).toString('hex')}`, secret: `s-${randomBytes(32).toString('hex')}`};
  await writeFile(path, JSON.stringify(made), {flag: 'wx', mode: 0o600}).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return JSON.parse(await readFile(path, 'utf8')) as Credentials;
}
