import {readFileSync} from 'node:fs';

/** The version in package.json, which lies two folders up from the compiled code and one from the sources. */
export function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const {name, version} = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'bulk42' && version) return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
