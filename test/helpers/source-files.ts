import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

export interface Import {
  /** As written. */
  text: string;
  /** The file below src, or undefined for a package. */
  file: string | undefined;
  typesOnly: boolean;
}

export interface Source {
  /** Below src, with slashes: `api/client.ts`. */
  path: string;
  folder: string;
  text: string;
  /** The text with comments and the content of strings taken away. */
  code: string;
  imports: Import[];
}

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const src = join(root, 'src');

export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

export const sources: Source[] = filesBelow(src)
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    return {
      path: relative(src, path),
      folder: folderOf(path),
      text,
      code: codeOf(text),
      imports: importsOf(path, text),
    };
  });

function folderOf(path: string): string {
  return relative(src, path).split('/')[0] ?? '';
}

export function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\b([^;'"]*?)from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^import\s*['"]([^'"]+)['"]/gm,
  );
  return Array.from(statements, ([, clause = '', from, dynamic, bare]) => {
    const target = from ?? dynamic ?? bare ?? '';
    return {
      text: target,
      file: target.startsWith('.') ? relative(src, join(dirname(path), target)) : undefined,
      typesOnly: /^\s*type\b/.test(clause),
    };
  });
}

/** Good enough for formatted code without a regular expression that holds a quote and a comment sign at once. */
function codeOf(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(`)(?:\\[\s\S]|[^`\\])*`/g;
  return text.replace(token, (found) => {
    if (!found.startsWith('`')) return found.startsWith('/') ? ' ' : "''";
    // What stands in the holes of a template is code.
    return Array.from(
      found.matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g),
      ([, hole = '']) => ` ${codeOf(hole)} `,
    ).join(';');
  });
}
