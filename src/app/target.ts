import {type Config, type Credentials, readConfig, requireCredentials} from '../config.ts';
import {ConfigurationError} from '../errors.ts';
import type {HeaderEntry} from '../journal/entry.ts';

export interface TargetSettings {
  /** An embedded API that lives as long as the command. */
  sandbox?: boolean;
}

/** The API that a command talks to, and what must be closed after it. */
export interface Target {
  config: Config;
  credentials: Credentials;
  close(): Promise<void>;
}

/** The API of the environment, or an embedded one. */
export async function openTarget({sandbox = false}: TargetSettings): Promise<Target> {
  const config = readConfig();
  if (!sandbox) return {config, credentials: requireCredentials(config), close: () => Promise.resolve()};
  const {startSandbox} = await import('../sandbox/server.ts');
  const {url, uid, secret, close} = await startSandbox();
  return {config: {...config, baseUrl: new URL(url), uid, secret}, credentials: {uid, secret}, close};
}

/**
 * The API of the environment, for a run that went to one before.
 *
 * @throws ConfigurationError (exit 78) that explains where an embedded API has gone: who tries the program out has no
 *   credentials to set.
 */
export async function reopenTarget({baseUrl}: Pick<HeaderEntry, 'baseUrl'>, run: string): Promise<Target> {
  try {
    return await openTarget({});
  } catch (error) {
    const isMissing = error instanceof ConfigurationError && error.code === 'credentials_missing';
    if (!isMissing || new URL(baseUrl).protocol === 'https:') throw error;
    throw new ConfigurationError(`run ${run} went to a sandbox, ${baseUrl}, and ${error.message}`, {
      code: error.code,
      hint: 'a --sandbox is gone when its command ends; start bulk42 sandbox in a terminal of its own and set what it prints',
    });
  }
}

/** The API as journals name it: without a slash at the end. */
export function baseUrlOf({config}: Pick<Target, 'config'>): string {
  return config.baseUrl.href.replace(/\/$/, '');
}
