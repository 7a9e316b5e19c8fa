import {readdirSync, readFileSync} from 'node:fs';

const root = new URL('../../', import.meta.url);

/** Every page that a reader may open, by its path in the repository. */
export function documents(): string[] {
  const pages = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CHANGELOG.md', ...pages.map((name) => `docs/${name}`)];
}

export function readDocument(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** The code blocks of a page in one language, in order. */
export function codeBlocks(path: string, language: string): string[] {
  const blocks = [...readDocument(path).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return blocks.filter(([, tag]) => tag === language).map(([, , code = '']) => code);
}
