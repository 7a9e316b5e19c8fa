import {lstatSync, readFileSync, statSync} from 'node:fs';
import {TextDecoder, parseEnv} from 'node:util';
import {ConfigurationError} from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of an `.env` file, in UTF-8 or UTF-16, with or without a byte order mark. A file that is not there holds
 * none.
 *
 * @throws ConfigurationError (exit 78) when the file cannot be read or decoded, or holds a secret that other users of
 *   this machine may read
 */
export function readEnvFile(path: string): Environment {
  const file = readFileOf(path);
  if (file === undefined) return {};
  const values = parseEnv(decode(path, file.bytes)) as Environment;
  const misread = Object.keys(values).find((name) => /FORTYTWO_|BULK42_/.test(name) && /[^ -~]/.test(name));
  if (misread !== undefined) {
    const name = misread.replaceAll(/[^ -~]/g, '');
    throw new ConfigurationError(`${path}: the name ${name} holds a character that is not ASCII`, {
      code: 'env_name',
      hint: 'type the whole line again instead of copying it: the character may not be visible',
    });
  }
  const hasSecret = values['FORTYTWO_SECRET'] || values['BULK42_REDIS_URL']?.includes('@');
  if (hasSecret && process.platform !== 'win32' && (file.mode & 0o077) !== 0) {
    throw new ConfigurationError(`${path} holds a secret and other users of this machine may read it`, {
      code: 'secret_readable',
      hint: `chmod 600 ${path}`,
    });
  }
  return values;
}

function readFileOf(path: string): {bytes: Buffer; mode: number} | undefined {
  try {
    return {bytes: readFileSync(path), mode: statSync(path).mode};
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    // A link that leads nowhere is there.
    if (code === 'ENOENT' && !lstatSync(path, {throwIfNoEntry: false})) return undefined;
    throw new ConfigurationError(`${path} is there and cannot be read (${code})`, {
      code: 'env_unreadable',
      hint: 'make it readable for yourself, or move it away',
      cause,
    });
  }
}

function decode(path: string, bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2);
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    // A TextDecoder takes the byte order mark off.
    const text = new TextDecoder(encoding, {fatal: true}).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // It is reported below, as a file with NUL characters is.
  }
  throw new ConfigurationError(`${path} is not a text file in UTF-8`, {
    code: 'env_encoding',
    hint: 'save it as UTF-8',
  });
}
