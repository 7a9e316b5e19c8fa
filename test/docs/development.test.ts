import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {root, sources} from '../helpers/source-files.ts';
import {codeBlocks, readDocument} from './documents.ts';

const page = 'docs/development.md';

it('the paths that the page for developers names exist', () => {
  const named = [...readDocument(page).matchAll(/`((?:src|test|jobs|samples|scripts)\/[\w./-]*)`/g)];
  expect(named.length).toBeGreaterThan(40);
  expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('its picture shows every room', () => {
  const [picture = ''] = codeBlocks(page, 'text');
  const shown = picture.split('\n').flatMap((line) => line.match(/^[a-z]+(?= )/) ?? []);
  const rooms = new Set(sources.filter(({path}) => path.includes('/')).map(({folder}) => folder));
  rooms.delete('sandbox');
  expect(shown.toSorted()).toEqual([...rooms].toSorted());
});

it('names the scripts that the package has', () => {
  const named = [...readDocument(page).matchAll(/`npm run ([\w:]+)`/g)].map(([, name]) => name);
  const {scripts} = JSON.parse(readDocument('package.json')) as {scripts: Record<string, string>};
  expect(named.filter((name = '') => !(name in scripts))).toEqual([]);
});
