import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {commands} from '../../../src/cli/command-list.ts';
import {globalOptions} from '../../../src/cli/options.ts';
import {filesBelow, root, sources} from '../../helpers/source-files.ts';

/** The texts after `hint:` in the source, insertions included. */
const hints = sources.flatMap(({text}) =>
  [...text.matchAll(/\bhint(?: =|:)\s*((?:'(?:\\.|[^'\\])*'|`[^`]*`|[^,;}'`])+)/g)].map(
    ([, hint = '']) => hint,
  ),
);

it('every code of an error, and of a problem of a row, is expected by a test', () => {
  const codes = new Set(
    sources.flatMap(({text}) =>
      [...text.matchAll(/\bcode: '([a-z][a-z0-9_]+)'/g)].map(([, code = '']) => code),
    ),
  );
  expect(codes.size).toBeGreaterThan(70);
  const tests = filesBelow(join(root, 'test'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  expect([...codes].filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
});

it('the commands that hints name exist', () => {
  const names = [...commands.map(({usage}) => usage.split(' ')[0] ?? ''), '<command>'];
  const called = hints.flatMap((hint) =>
    [...hint.matchAll(/\bbulk42 ([a-z]+|<command>)/g)].map(([, name = '']) => name),
  );
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => !names.includes(name))).toEqual([]);
});

it('the options that hints name exist', () => {
  const options = [globalOptions, ...commands.map((command) => command.options)].flatMap(Object.keys);
  const named = hints.flatMap((hint) =>
    [...hint.matchAll(/(?<![\w$`}-])--([a-z][a-z-]+)/g)].map(([, name = '']) => name),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !['help', 'version', ...options].includes(name))).toEqual([]);
});
