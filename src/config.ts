import {existsSync, realpathSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join, resolve, sep} from 'node:path';
import {type Environment, readEnvFile} from './env-file.ts';
import {ConfigurationError} from './errors.ts';
import {isLoopback, type Proxies} from './proxy.ts';
import {readTextFile} from './text-file.ts';

/** Where the value of a setting comes from. */
export interface Origin {
  from: 'option' | 'environment' | 'profile' | 'file' | 'default';
  /** The file that holds it, which for the environment is the one that adds to it. */
  file?: string;
  /** What it is called there: `FORTYTWO_BASE_URL`, `profiles.berlin.base-url`. */
  key?: string;
}

/** What the command line and the settings file say of the API. */
export interface ConfigSettings {
  baseUrl: string;
  /** The file that adds to the environment. */
  envFile: string;
  origins: Readonly<Record<string, Origin>>;
}

/** Where the API is and who asks. */
export interface Config {
  /** https, or http on a loopback host. */
  baseUrl: URL;
  /** Where the API of this name listens, if not there: that of a rehearsal has another port in each command. */
  address?: URL;
  uid: string | undefined;
  secret: string | undefined;
  /** The file that the secret stands in. */
  secretFile: string | undefined;
  /** A file names the base URL, and the secret does not stand in it or beside it: a folder would decide where the secret goes. */
  isSecretFromElsewhere: boolean;
  proxies: Proxies;
  /** A header that a notification is sent with, such as a token of its receiver. */
  notifyHeader: Readonly<Record<string, string>>;
  /** Private folder for what outlives a run: requests of the last hour, lock files. */
  stateFolder: string;
}

export interface Credentials {
  uid: string;
  secret: string;
}

/** A value of the environment; with the file that holds it where that is not the environment itself. */
export interface Variable {
  value: string;
  file?: string;
}

/**
 * The only reader of the environment. The env file adds to it; what is set outside wins.
 *
 * @throws ConfigurationError (exit 78) for an env file that cannot be read, or that was named and is not there
 */
export function readVariables(
  envFile: string,
  outside: Environment = process.env,
): (name: string) => Variable | undefined {
  const file = resolve(envFile);
  const inside = readEnvFile(file);
  if (!inside && envFile !== defaultEnvFile) {
    throw new ConfigurationError(`there is no file ${file}`, {
      code: 'env_missing',
      hint: 'name another with --env-file, or in bulk42.json as env-file',
    });
  }
  return (name) => {
    const [out, within] = [outside[name], inside?.[name]];
    if (out) return {value: out};
    return within ? {value: within, file} : undefined;
  };
}

export const defaultEnvFile = '.env';

/** The secret, or the file that holds nothing else. systemd puts one into its credentials folder. */
export type SecretPlace = Variable | {path: string};

/** @throws ConfigurationError where two places hold a secret: it would be a matter of luck which one counts */
export function findSecret(
  get: (name: string) => Variable | undefined,
  outside: Environment = process.env,
): SecretPlace | undefined {
  const [direct, named] = [get('FORTYTWO_SECRET'), get('FORTYTWO_SECRET_FILE')];
  if (direct && named) {
    throw new ConfigurationError('FORTYTWO_SECRET and FORTYTWO_SECRET_FILE are both set', {
      code: 'secret_twice',
      hint: 'keep one of them: look in the environment and in the .env file',
    });
  }
  if (direct) return direct;
  if (named) return {path: resolve(dirname(named.file ?? ''), named.value)};
  const folder = outside['CREDENTIALS_DIRECTORY'];
  const credential = folder && join(folder, 'FORTYTWO_SECRET');
  return credential && existsSync(credential) ? {path: credential} : undefined;
}

/** @throws ConfigurationError for a file that is not there, or holds anything but a secret */
function readSecret(place: SecretPlace): Variable {
  if ('value' in place) return place;
  const {path} = place;
  const value = readTextFile(path, 'secret')?.text.trim();
  if (value && !/\s/.test(value)) return {value, file: path};
  const what = value === undefined ? 'is not there' : value === '' ? 'is empty' : 'holds more than one word';
  throw new ConfigurationError(`the file of the secret ${what}: ${path}`, {
    code: 'secret_file',
    hint: 'FORTYTWO_SECRET_FILE names a file that holds the secret of the application and nothing else',
  });
}

/** Where files of this machine are kept is read from the environment alone: a folder must not move them. */
export function stateFolder(outside: Environment = process.env): string {
  return join(outside['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'bulk42');
}

/** @throws ConfigurationError (exit 78) */
export function readConfig({baseUrl, envFile, origins}: ConfigSettings): Config {
  const get = readVariables(envFile);
  if (get('NODE_TLS_REJECT_UNAUTHORIZED')?.value === '0') {
    throw new ConfigurationError('NODE_TLS_REJECT_UNAUTHORIZED=0 would send secrets to anyone', {
      code: 'tls_off',
      hint: 'unset it',
    });
  }
  // As other programs read them: in lower case first. What is set outside wins all the same.
  const proxy = (name: string) => {
    const given = [get(name), get(name.toUpperCase())].filter((each) => each !== undefined);
    return (given.find(({file}) => file === undefined) ?? given[0])?.value;
  };
  const {file, key = '--base-url'} = origins['base-url'] ?? {};
  const place = findSecret(get);
  const secret = place && readSecret(place);
  return {
    baseUrl: parseBaseUrl(baseUrl, key),
    uid: get('FORTYTWO_UID')?.value,
    secret: secret?.value,
    secretFile: secret?.file,
    isSecretFromElsewhere: file !== undefined && secret !== undefined && !belongsTo(secret.file, file),
    proxies: {https: proxy('https_proxy'), http: proxy('http_proxy'), none: proxy('no_proxy')},
    notifyHeader: parseHeader(get('BULK42_NOTIFY_HEADER'), origins['notify']),
    stateFolder: stateFolder(),
  };
}

/** Whether a secret stands in the file that names the base URL, or in a file of the same folder. */
function belongsTo(secretFile: string | undefined, file: string): boolean {
  if (secretFile === undefined) return false;
  // A link could lead to a secret of another folder.
  return secretFile === file || realpathSync(secretFile).startsWith(realpathSync(dirname(file)) + sep);
}
/** @throws ConfigurationError (exit 78) when they are missing, or must not go to this base URL */
export function requireCredentials({uid, secret, baseUrl, isSecretFromElsewhere}: Config): Credentials {
  if (isSecretFromElsewhere) {
    throw new ConfigurationError(
      `a file of this folder names ${baseUrl.host} as the API, and the secret comes from elsewhere`,
      {
        code: 'secret_from_elsewhere',
        hint: 'a base URL and its secret belong together: set both in one .env file, or both in the environment',
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
function parseBaseUrl(text: string, name: string): URL {
  const refuse = (why: string) =>
    new ConfigurationError(`${name} ${why}`, {
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

/** `Authorization: Bearer …`. Its name is all that a message shows. */
function parseHeader(
  given: Variable | undefined,
  address: Origin | undefined,
): Readonly<Record<string, string>> {
  if (given === undefined) return {};
  if (address?.file !== undefined && !belongsTo(given.file, address.file)) {
    throw new ConfigurationError(
      `${address.file} says where notifications go, and their header comes from elsewhere`,
      {
        code: 'secret_from_elsewhere',
        hint: 'set BULK42_NOTIFY_HEADER in a .env file beside it, or name the address with --notify',
      },
    );
  }
  const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*([\t -~]*?)\s*$/.exec(given.value) ?? [];
  if (name !== undefined && value !== undefined) return {[name.toLowerCase()]: value};
  throw new ConfigurationError('BULK42_NOTIFY_HEADER is no header', {
    code: 'notify_header',
    hint: 'write it as Name: value, on one line, such as Authorization: Bearer …',
  });
}

/** What the environment says of the terminal: in CI there is no one to answer, and a dumb one shows plain lines only. */
export function readTerminalFacts({CI = '', TERM}: Environment = process.env): {
  isAttended: boolean;
  isDumb: boolean;
} {
  return {isAttended: /^(?:|0|false)$/i.test(CI), isDumb: TERM === 'dumb'};
}
