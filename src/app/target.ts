import {type Config, type Credentials, readConfig, requireCredentials} from '../config.ts';

/** The API that a command talks to, and what must be closed after it. */
export interface Target {
  config: Config;
  credentials: Credentials;
  close(): Promise<void>;
}

/** The API of the environment, or an embedded one that lives as long as the command. */
export async function openTarget({sandbox}: {sandbox?: boolean}): Promise<Target> {
  const config = readConfig();
  if (!sandbox) return {config, credentials: requireCredentials(config), close: () => Promise.resolve()};
  const {startSandbox} = await import('../sandbox/server.ts');
  const {url, uid, secret, close} = await startSandbox();
  return {config: {...config, baseUrl: new URL(url), uid, secret}, credentials: {uid, secret}, close};
}

/** The API as journals name it: without a slash at the end. */
export function baseUrlOf({config}: Target): string {
  return config.baseUrl.href.replace(/\/$/, '');
}
