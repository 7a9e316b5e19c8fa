import {homedir} from 'node:os';
import {join} from 'node:path';
import {type Environment, readEnvFile} from './env-file.ts';
import {ConfigurationError} from './errors.ts';

/** Where the API is, who asks, and where this machine keeps what concerns all runs. */
export interface Config {
  /** https, or http on a loopback host. */
  baseUrl: URL;
  /** Where the API of this name listens, if not there: that of a rehearsal has another port in each command. */
  address?: URL;
  uid: string | undefined;
  secret: string | undefined;
  /** The base URL stands in the `.env` file and the secret does not: a folder would decide where the secret goes. */
  isSecretFromElsewhere: boolean;
  redisUrl: string | undefined;
  /** Private folder for what outlives a run: requests of the last hour, lock files. */
  stateFolder: string;
}

export interface Credentials {
  uid: string;
  secret: string;
}

/**
 * The only reader of the environment. `.env` in the working folder adds to it; what is set outside wins. Where files of
 * this machine are kept (`XDG_STATE_HOME`) is read from the environment alone: a folder must not move them.
 *
 * @throws ConfigurationError (exit 78)
 */
export function readConfig(outside: Environment = process.env, folder = process.cwd()): Config {
  const inside = readEnvFile(join(folder, '.env'));
  const get = (name: string) => outside[name] || inside[name] || undefined;
  if (get('NODE_TLS_REJECT_UNAUTHORIZED') === '0') {
    throw new ConfigurationError('NODE_TLS_REJECT_UNAUTHORIZED=0 would send secrets to anyone', {
      code: 'tls_off',
      hint: 'unset it',
    });
  }
  return {
    baseUrl: parseBaseUrl(get('FORTYTWO_BASE_URL') ?? 'https://api.intra.42.fr'),
    uid: get('FORTYTWO_UID'),
    secret: get('FORTYTWO_SECRET'),
    isSecretFromElsewhere:
      Boolean(outside['FORTYTWO_SECRET']) &&
      !outside['FORTYTWO_BASE_URL'] &&
      Boolean(inside['FORTYTWO_BASE_URL']),
    redisUrl: get('BULK42_REDIS_URL'),
    stateFolder: join(outside['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'bulk42'),
  };
}

/** @throws ConfigurationError (exit 78) when they are missing, or must not go to this base URL */
export function requireCredentials({uid, secret, baseUrl, isSecretFromElsewhere}: Config): Credentials {
  if (isSecretFromElsewhere) {
    throw new ConfigurationError(
      `the .env file of this folder names ${baseUrl.host}, and the secret comes from the environment`,
      {
        code: 'secret_from_elsewhere',
        hint: 'a base URL and its secret belong together: set both in the .env file, or both in the environment',
      },
    );
  }
  if (uid && secret) return {uid, secret};
  const missing = [uid ? [] : ['FORTYTWO_UID'], secret ? [] : ['FORTYTWO_SECRET']].flat().join(' and ');
  throw new ConfigurationError(`${missing} not set`, {
    code: 'credentials_missing',
    hint: 'set them in the environment or in a .env file (chmod 600), or try without: --sandbox',
  });
}

/** @throws ConfigurationError unless it is an https address, or http on this machine. */
function parseBaseUrl(text: string): URL {
  const refuse = (why: string) =>
    new ConfigurationError(`FORTYTWO_BASE_URL ${why}`, {
      code: 'base_url',
      hint: 'it is https://api.intra.42.fr unless you test against another server',
    });
  if (!URL.canParse(text)) throw refuse('is no address');
  const url = new URL(text);
  // It names the same host, and no certificate has it.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (url.username || url.password) throw refuse('must not hold a user or password');
  if (url.search || url.hash) throw refuse('must not hold a ? or #');
  if (/\/v2\/?$/.test(url.pathname)) throw refuse('must not end in /v2, which is added to it');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw refuse('must begin with https://');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('must begin with https://');
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
