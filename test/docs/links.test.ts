import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {documents, readDocument} from './documents.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `[text](target)`, `![text](target)` and `[name]: target`, code left out. */
function linksOf(page: string): string[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const named = [...prose.matchAll(/^\[[^\]]+\]: (\S+)/gm)].map(([, target = '']) => target);
  return [...inline, ...named].filter((target) => !/^[a-z]+:/.test(target));
}

/** Headings as the anchors that GitHub makes of them. */
function anchorsOf(page: string): string[] {
  const headings = [...page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('there are links to look at', () => {
  expect(linksOf(readDocument('README.md')).length).toBeGreaterThan(4);
});

it('the index in the README names every page of docs/', () => {
  const [, index = ''] = readDocument('README.md').split('\n## Documentation\n');
  const pages = documents().filter((path) => path.startsWith('docs/'));
  expect(
    linksOf(index)
      .filter((link) => link.startsWith('docs/'))
      .toSorted(),
  ).toEqual(pages.toSorted());
});

describe.each(documents())('%s', (path) => {
  it('links to files and headings that are there', () => {
    const broken = linksOf(readDocument(path)).filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(readDocument(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names no path of one machine', () => {
    expect(readDocument(path)).not.toMatch(/\/(root|work|home\/\w+)\//);
  });
});
