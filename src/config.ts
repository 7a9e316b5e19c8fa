import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {parseEnv} from 'node:util';
import {ConfigurationError} from './errors.ts';

/** Where the API is, who asks, and where this machine keeps what concerns all runs. */
export interface Config {
  /** https, or http on a loopback host. */
  baseUrl: URL;
  uid: string | undefined;
  secret: string | undefined;
  redisUrl: string | undefined;
  /** Private folder for what outlives a run: requests of the last hour, lock files. */
  stateFolder: string;
}

export interface Credentials {
  uid: string;
  secret: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const secretFile = '.env';

/**
 * The only reader of the environment. `.env` in the working folder adds to it; what is set outside wins.
 *
 * @throws ConfigurationError (exit 78)
 */
export function readConfig(outside: Environment = process.env, folder = process.cwd()): Config {
  const inside = readEnvFile(join(folder, secretFile));
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
    redisUrl: get('BULK42_REDIS_URL'),
    stateFolder: join(get('XDG_STATE_HOME') ?? join(homedir(), '.local', 'state'), 'bulk42'),
  };
}

export function requireCredentials({uid, secret}: Config): Credentials {
  if (uid && secret) return {uid, secret};
  const missing = [uid ? [] : ['FORTYTWO_UID'], secret ? [] : ['FORTYTWO_SECRET']].flat().join(' and ');
  throw new ConfigurationError(`${missing} not set`, {
    code: 'credentials_missing',
    hint: 'set them in the environment or in a .env file (chmod 600), or try without: --sandbox',
  });
}

function readEnvFile(path: string): Environment {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(path, 'utf8');
    ({mode} = statSync(path));
  } catch {
    return {};
  }
  const values = parseEnv(text) as Environment;
  const isSecret = values['FORTYTWO_SECRET'] || values['BULK42_REDIS_URL']?.includes('@');
  if (isSecret && process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new ConfigurationError(`${path} holds a secret and other users of this machine may read it`, {
      code: 'secret_readable',
      hint: `chmod 600 ${secretFile}`,
    });
  }
  return values;
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
