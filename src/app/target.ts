import {
  type Config,
  type ConfigSettings,
  type Credentials,
  readConfig,
  requireCredentials,
} from '../config.ts';
import {rehearsalUrl} from '../journal/rehearsal.ts';
import {openRehearsal} from './rehearsal.ts';

export interface TargetSettings extends ConfigSettings {
  /** Rehearse: an embedded API, whose records are kept in the runs folder. */
  sandbox?: boolean;
  /** The folder of the run folders. */
  out: string;
}

/** The API that a command talks to, and what must be closed after it. */
export interface Target {
  config: Config;
  credentials: Credentials;
  close(): Promise<void>;
}

/** The API of the settings, or the embedded one of a rehearsal. */
export async function openTarget(settings: TargetSettings): Promise<Target> {
  const {sandbox = false, out} = settings;
  const config = readConfig(settings);
  if (!sandbox) return {config, credentials: requireCredentials(config), close: () => Promise.resolve()};
  const {url, uid, secret, close} = await openRehearsal({out, stateFolder: config.stateFolder});
  const address = new URL(url);
  const rehearsed = {...config, baseUrl: new URL(rehearsalUrl), address, uid, secret};
  return {config: rehearsed, credentials: {uid, secret}, close};
}

/** The API as journals name it: without a slash at the end. */
export function baseUrlOf({config}: Pick<Target, 'config'>): string {
  return config.baseUrl.href.replace(/\/$/, '');
}
