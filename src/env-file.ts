import {parseEnv} from 'node:util';
import {ConfigurationError} from './errors.ts';
import {readTextFile} from './text-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of an `.env` file. Undefined where there is no such file.
 *
 * @throws ConfigurationError (exit 78) when the file cannot be read, or holds a secret that other users of this machine
 *   may read
 */
export function readEnvFile(path: string): Environment | undefined {
  const file = readTextFile(path, 'env');
  if (file === undefined) return undefined;
  const values = parseEnv(file.text) as Environment;
  const misread = Object.keys(values).find((name) => /FORTYTWO_|BULK42_/.test(name) && /[^ -~]/.test(name));
  if (misread !== undefined) {
    const name = misread.replaceAll(/[^ -~]/g, '');
    throw new ConfigurationError(`${path}: the name ${name} holds a character that is not ASCII`, {
      code: 'env_name',
      hint: 'type the whole line again instead of copying it: the character may not be visible',
    });
  }
  const hasSecret =
    values['FORTYTWO_SECRET'] ||
    values['BULK42_NOTIFY_HEADER'] ||
    ['BULK42_REDIS_URL', 'HTTPS_PROXY', 'https_proxy'].some((name) => values[name]?.includes('@'));
  if (hasSecret && process.platform !== 'win32' && (file.mode & 0o077) !== 0) {
    throw new ConfigurationError(`${path} holds a secret and other users of this machine may read it`, {
      code: 'secret_readable',
      hint: `chmod 600 ${path}`,
    });
  }
  return values;
}
