import {lstatSync, readFileSync, statSync} from 'node:fs';
import {TextDecoder} from 'node:util';
import {ConfigurationError} from './errors.ts';

/**
 * A small file that a person wrote: in UTF-8 or UTF-16, with or without a byte order mark. Undefined where there is none.
 *
 * @param kind what error codes begin with: `env` in `env_unreadable`
 * @throws ConfigurationError (exit 78) when it cannot be read or decoded
 */
export function readTextFile(path: string, kind: string): {text: string; mode: number} | undefined {
  try {
    return {text: decode(path, readFileSync(path), kind), mode: statSync(path).mode};
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    // A link that leads nowhere is there.
    if (code === 'ENOENT' && !lstatSync(path, {throwIfNoEntry: false})) return undefined;
    throw new ConfigurationError(`${path} is there and cannot be read (${code})`, {
      code: `${kind}_unreadable`,
      hint: 'make it readable for yourself, or move it away',
      cause,
    });
  }
}

function decode(path: string, bytes: Buffer, kind: string): string {
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
    code: `${kind}_encoding`,
    hint: 'save it as UTF-8',
  });
}
