import {existsSync, statSync} from 'node:fs';
import {access, constants, mkdir} from 'node:fs/promises';
import {resolve} from 'node:path';
import {describeResult} from '../api/describe-result.ts';
import {Bulk42Error} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {Session} from '../api/session.ts';
import {makeRunsFolder} from '../runs/run-directory.ts';
import {checkRoles, checkScopes} from './check-access.ts';
import type {TargetSettings} from './target.ts';
import {isSupported, minNode} from '../version.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

/** Where processes meet that share a budget. */
export interface Sharing {
  /** Host and port. */
  shown: string;
  /** Processes that share now, this one included; how long a response takes; Redis' version, where Redis shows it. */
  inspect(): Promise<{sharers: number; tripMs: number; version: string | undefined}>;
}

export interface SettingsPlaces {
  /** The settings file, where there is one. */
  file: string | undefined;
  profile: string | undefined;
  envFile: string;
}

const secondsPerDay = 24 * 3600;
/** A longer round trip to Redis takes more than a tenth of a second's budget at the usual limit. */
const maxTripMs = 100;

export function checkNode(node: string): Finding {
  return isSupported(node) ? ok('Node', node) : problem('Node', node, `install Node ${minNode} or later`, 78);
}

/** Which files decide, and where they were looked for. */
export function checkSettings({
  file,
  profile,
  envFile,
  sandbox = false,
  baseUrl,
}: SettingsPlaces & TargetSettings): Finding[] {
  const env = resolve(envFile);
  const settings = [
    file ?? `no bulk42.json in ${process.cwd()}`,
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    existsSync(env) ? env : `no ${env}`,
  ];
  return [
    ok('settings', settings.join(', ')),
    ok('API', sandbox ? 'the embedded one, a rehearsal' : baseUrl),
  ];
}

/** An `.env` that others may read is refused; how a file of its own is shared is up to who mounts it. */
export function checkSecretFile(path: string): Finding[] {
  const isShared = process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0;
  const fix = `chmod 600 ${path}, where nothing else needs it`;
  return isShared ? [warning('secret file', `every user of this machine may read ${path}`, fix)] : [];
}

/** Whether runs can be kept in this folder; it is made if it is missing, as a run would. */
export async function checkRunsFolder(out: string): Promise<Finding> {
  return (await canBeWritten(out, makeRunsFolder(out)))
    ? ok('runs folder', out)
    : problem('runs folder', `${out} cannot be written`, 'choose another folder with --out', 74);
}

/** Whether a run can note for the next one what it sent in this hour. */
export async function checkMemory(folder: string): Promise<Finding> {
  return (await canBeWritten(folder, mkdir(folder, {recursive: true, mode: 0o700})))
    ? ok('memory', folder)
    : warning(
        'memory',
        `${folder} cannot be written, so a run does not know what others sent in this hour`,
        'make it writable, or name a folder that is with XDG_STATE_HOME',
      );
}

async function canBeWritten(folder: string, made: Promise<unknown>): Promise<boolean> {
  try {
    await made;
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the machines that share a budget can meet. */
export async function checkSharing(shared: Sharing): Promise<Finding> {
  try {
    const {sharers, tripMs, version} = await shared.inspect();
    const facts = [
      version ? `Redis ${version}` : 'Redis',
      `at ${shared.shown}`,
      `${Math.ceil(tripMs)} ms away`,
    ];
    const others =
      sharers > 1 ? `${sharers - 1} other process(es) share the limits now` : 'no other process shares';
    return tripMs < maxTripMs
      ? ok('sharing', [...facts, others].join(', '))
      : warning('sharing', [...facts, others].join(', '), 'a Redis nearer to the machines wastes less');
  } catch (error) {
    if (!(error instanceof Bulk42Error)) throw error;
    return problem('sharing', error.message, error.hint ?? '', error.exitCode);
  }
}

/** Asks the API for a token and what it is worth: two requests, none of them a write. */
export async function checkApi(session: Session, jobs: readonly Job[], now: number): Promise<Finding[]> {
  const {connection} = session;
  try {
    await connection.token.current();
  } catch (error) {
    if (!(error instanceof Bulk42Error)) throw error;
    return [problem('credentials', error.message, error.hint ?? '', error.exitCode)];
  }
  const findings = [
    ok('credentials', 'the API gave an access token'),
    checkSecret(connection.token.secretValidUntil, now),
  ];
  const info = await connection.read({path: 'oauth/token/info'});
  findings.push(...checkScopes('response' in info ? info.response.json : undefined, jobs));
  const probe = await connection.probe();
  if (probe.kind !== 'success') {
    const what = `the API ${describeResult(probe)}`;
    return [...findings, problem('reading users', what, 'is the intra well? Try again later', 75)];
  }
  return [
    ...findings,
    ok('application', probe.response.application ?? 'the API does not name it'),
    ...checkRoles(probe.response.roles, jobs),
    checkLimits(session),
    checkClock(connection.serverAhead),
  ];
}

function checkSecret(validUntil: number | undefined, now: number): Finding {
  if (validUntil === undefined) return ok('secret', 'the API names no end of its validity');
  const left = Math.floor((validUntil - now / 1000) / secondsPerDay);
  const until = new Date(validUntil * 1000).toISOString().slice(0, 10);
  const fix = 'make a new secret on the application page of the intra and put it in place';
  if (left < 0) return problem('secret', `its validity ended on ${until}`, fix, 77);
  return left < 14
    ? warning('secret', `valid until ${until}, ${left} days`, fix)
    : ok('secret', `valid until ${until}`);
}

function checkLimits({connection}: Session): Finding {
  const {perSecond, perHour, left} = connection.limiter.limits;
  const detail = `${perSecond} a second, ${perHour} an hour, ${left} left of this hour`;
  if (left > perHour / 10) return ok('limits', detail);
  const longer = left > 0 ? `of more than ${left} requests ` : '';
  return warning('limits', detail, `a run ${longer}would wait for the next hour`);
}

function checkClock(ahead: number): Finding {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return seconds <= 30
    ? ok('clock', 'agrees with the API')
    : warning(
        'clock',
        `${seconds} s ${ahead > 0 ? 'behind' : 'ahead of'} the API`,
        'set the clock of this machine (ntp)',
      );
}
