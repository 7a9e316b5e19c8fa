import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {commands} from '../../src/cli/command-list.ts';
import {globalOptions} from '../../src/cli/options.ts';
import {readVariables} from '../../src/config.ts';
import {openStage, type Stage} from '../e2e/stage.ts';
import {applied} from '../e2e/stage.ts';
import {codeBlocks, documents, readDocument} from './documents.ts';
import {prepareShell, runScript} from './shell.ts';

interface Known {
  page: string;
  /** The first line of the block. */
  begins: string;
  /** What must be there before, and the API's faults. */
  prepare?: (stage: Stage) => Promise<void> | void;
  /** Its exit code, where that is not 0. */
  exit?: number;
  /** What the reader must find afterwards. */
  expect?: (stage: Stage, output: string) => void;
}

const first = (block: string) => block.split('\n')[0] ?? '';

/** Every block of shell commands that the pages show. One that is not listed here fails the test below. */
const known: Known[] = [
  {
    page: 'README.md',
    begins: 'npm ci',
    expect: (_stage, output) => {
      expect(output).toContain('10 to create');
      expect(output).toContain('10 created');
      expect(output).toMatch(/^report: runs\/\S+-cursus-users-rehearsal\/report\.html/m);
    },
  },
  {page: 'README.md', begins: 'npm ci'},
  {
    page: 'README.md',
    begins: 'FORTYTWO_UID=u-s4t2ud-…',
    expect: ({folder}) => {
      const block = codeBlocks('README.md', 'sh').find((each) => each.startsWith('FORTYTWO_UID')) ?? '';
      writeFileSync(join(folder, '.env'), block, {mode: 0o600});
      const get = readVariables(join(folder, '.env'), {});
      expect([get('FORTYTWO_UID')?.value, get('FORTYTWO_SECRET')?.value]).toEqual([
        'u-s4t2ud-…',
        's-s4t2ud-…',
      ]);
    },
  },
  {
    page: 'README.md',
    begins: 'npm run build && npm install --global .         # in the checkout, after npm ci',
    expect: (stage, output) => {
      expect(output).toContain('1 row is valid');
      expect(readFileSync(join(stage.folder, 'pairs.csv'), 'utf8')).toContain('godfather_id');
      expect(applied(stage.sandbox)).toHaveLength(1);
      expect(stage.summary().counts.created).toBe(1);
    },
  },
  {
    page: 'README.md',
    begins:
      'bulk42 run cursus-users samples/demo.csv --sandbox --set cursus_id=9 --ignore-unknown --on-invalid skip',
    exit: 20,
    expect: (stage) => expect(stage.summary().counts).toMatchObject({created: 4, invalid: 2, failed: 1}),
  },
  {
    page: 'README.md',
    begins: 'bulk42 run users samples/users.csv --limit 1',
    expect: (stage) => {
      const [trial, rest] = stage.runs();
      expect(stage.summary(trial).counts).toMatchObject({updated: 1, unchanged: 0});
      expect(stage.summary(rest).counts).toMatchObject({updated: 8, unchanged: 1});
    },
  },
  {
    page: 'README.md',
    begins: 'bulk42 run user-candidatures samples/user-candidatures.csv',
    expect: (stage) => {
      expect(stage.runs().map((run) => stage.summary(run).counts)).toMatchObject([
        {updated: 9},
        {created: 10},
      ]);
    },
  },
  {
    page: 'README.md',
    begins: 'bulk42 run patronages samples/patronages.csv',
    expect: (stage) => expect(stage.summary().counts.created).toBe(10),
  },
  {
    page: 'README.md',
    begins: 'bulk42 run users export.csv --yes --changed-since last --max-changes 10% --until 06:30',
    async prepare(stage) {
      const logins = [...stage.sandbox.store.users.values()].map(({login}) => login).slice(0, 20);
      const table = (statuses: string[]) =>
        ['id,status', ...logins.map((login, at) => `${login},${statuses[at] ?? 'admis'}`), ''].join('\n');
      stage.file('export.csv', table([]));
      expect((await stage.cli(['run', 'users', 'export.csv', '--yes'])).code).toBe(0);
      stage.file('export.csv', table(['refused', 'refused']));
    },
    expect: (stage) => expect(stage.summary().counts).toMatchObject({updated: 2, unchanged: 18}),
  },
  {
    page: 'docs/write-a-job.md',
    begins: 'bulk42 jobs ./groups.ts',
    prepare: (stage) => void stage.file('groups.ts', codeBlocks('docs/write-a-job.md', 'ts')[0] ?? ''),
    expect: (stage, output) => {
      expect(output).toContain('groups: Put users into groups');
      expect(stage.summary().counts.created).toBe(1);
    },
  },
  {
    page: 'docs/reliability.md',
    begins: 'bulk42 resolve last --line 12 --as applied',
    async prepare(stage) {
      const godfather = 2;
      const people = [...stage.sandbox.store.users.keys()].filter((id) => id >= 1000).slice(0, 15);
      const doubtful = [people[10], people[13]];
      stage.file(
        'pairs.csv',
        ['user_id,godfather_id', ...people.map((id) => `${id},${godfather}`), ''].join('\n'),
      );
      stage.sandbox.addFault({
        on: {
          method: 'POST',
          path: 'patronages',
          body: (body) => doubtful.includes((body as {patronage: {user_id: number}}).patronage.user_id),
        },
        effect: 'none',
        answer: '504',
      });
      stage.sandbox.addFault({on: {method: 'GET', path: 'patronages'}, effect: 'none', answer: '403-role'});
      const run = ['run', 'patronages', 'pairs.csv', '--existing', 'send', '--settle', '0.1', '--yes'];
      expect((await stage.cli(run)).code).toBe(21);
    },
    expect: (stage) => {
      expect(stage.summary().counts).toMatchObject({created: 14, failed: 1, in_doubt: 0});
      const settled = stage.report().filter((row) => row['bulk42_via'] === 'person');
      expect(settled.map((row) => [row['bulk42_line'], row['bulk42_outcome']])).toEqual([
        ['12', 'created'],
        ['15', 'failed'],
      ]);
    },
  },
];

/** Blocks of another page's own test. */
const elsewhere = ['docs/nightly.md', 'docs/many-machines.md', 'docs/recipes.md'];

it('every block of commands is known', () => {
  const shown = documents()
    .filter((page) => !elsewhere.includes(page))
    .flatMap((page) => codeBlocks(page, 'sh').map((block) => `${page}: ${first(block)}`));
  expect(shown.toSorted()).toEqual(known.map(({page, begins}) => `${page}: ${begins}`).toSorted());
});

const pages = documents().filter((page) => !elsewhere.includes(page) && codeBlocks(page, 'sh').length > 0);

describe.each(pages)('the commands of %s', (page) => {
  const cases = codeBlocks(page, 'sh').map((block, at) => ({at: at + 1, begins: first(block), block}));

  it.each(cases)('block $at: $begins', async ({block, begins, at}) => {
    const alike = known.filter((each) => each.page === page && each.begins === begins);
    const entry = alike[cases.slice(0, at - 1).filter((each) => each.begins === begins).length];
    const stage = await openStage();
    const shell = prepareShell(stage.folder, stage.sandbox);
    await entry?.prepare?.(stage);
    const {code, stdout, stderr} = await runScript(block, shell);
    const {exit = 0} = entry ?? {};
    expect({code, stderr: code === exit ? '' : stderr}).toEqual({code: exit, stderr: ''});
    entry?.expect?.(stage, stdout + stderr);
  });
});

const names = commands.map(({usage}) => usage.split(' ')[0] ?? '');

it('the README has a table row for every command, and no other', () => {
  const rows = readDocument('README.md').matchAll(
    /^\| `([a-z]+)[^`]*` +\| .* \| (?:yes|none|reads only|loopback) +\|$/gm,
  );
  expect([...rows].map(([, name = '']) => name).toSorted()).toEqual(names.toSorted());
});

it.each(documents())('the commands and options that %s names exist', (page) => {
  const text = readDocument(page);
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const shown = [...inline, ...['sh', 'crontab', 'yaml'].flatMap((tag) => codeBlocks(page, tag))].join('\n');
  const called = [...shown.matchAll(/\bbulk42 ([a-z<][\w-]*)/g)].map(([, name = '']) => name);
  const isCommand = (name: string) => name.startsWith('<') || names.includes(name);
  expect(called.filter((name) => !isCommand(name))).toEqual([]);
  const known = [globalOptions, ...commands.map(({options}) => options)].flatMap((each) => Object.keys(each));
  const used = [...shown.matchAll(/(?<=^|\s)--([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
  // Of npm and systemd, and the parser's own.
  const others = ['global', 'user', 'now', 'failed', 'help', 'version', ''];
  expect(used.filter((name) => ![...known, ...others].includes(name))).toEqual([]);
});

it('samples that the README names are in the checkout', () => {
  const folder = new URL('../../samples/', import.meta.url);
  const named = [...readDocument('README.md').matchAll(/samples\/([\w-]+\.csv)/g)].map(
    ([, name = '']) => name,
  );
  expect(new Set(named).size).toBeGreaterThan(3);
  expect(named.filter((name) => !existsSync(new URL(name, folder)))).toEqual([]);
});
