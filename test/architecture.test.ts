import {readFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {describe, expect, it} from 'vitest';
import {filesBelow, importsOf, root, sources, src} from './helpers/source-files.ts';

/** The rooms from top to bottom. A room may import from those below it, never from one beside or above. */
const levels: readonly (readonly string[])[] = [
  ['cli'],
  ['ui'],
  ['app'],
  ['send'],
  ['plan'],
  ['runs'],
  ['input', 'report', 'api'],
  ['job', 'csv', 'xlsx', 'limits'],
  ['http', 'journal', 'files', 'page'],
];

/** Files at the top of src, below all rooms. They import one another only as listed here. */
const ground: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'outcome.ts': [],
  'clock.ts': [],
  'version.ts': [],
  'pluralize.ts': [],
  'local-time.ts': ['zone-offset.ts'],
  'shell-quote.ts': [],
  'zone-offset.ts': [],
  'stop-signal.ts': ['clock.ts'],
  'exit-code.ts': ['errors.ts', 'outcome.ts'],
  'logger.ts': ['errors.ts'],
  'text-file.ts': ['errors.ts'],
  'env-file.ts': ['errors.ts', 'text-file.ts'],
  'proxy.ts': ['errors.ts'],
  'config.ts': ['errors.ts', 'env-file.ts', 'proxy.ts', 'text-file.ts'],
};

/** What each room, and each file at the top of src, may import from outside itself. */
const directions: Readonly<Record<string, readonly string[]>> = {
  ...ground,
  'main.ts': ['cli', 'version.ts'],
  'index.ts': ['job', 'http'],
  sandbox: ['errors.ts'],
  ...Object.fromEntries(
    levels.flatMap((rooms, level) =>
      rooms.map((room) => [room, [...levels.slice(level + 1).flat(), ...Object.keys(ground)]] as const),
    ),
  ),
  // The command line, the page and the use cases start the sandbox; it shares no code with the rooms that talk to it.
  cli: [...levels.slice(1).flat(), ...Object.keys(ground), 'sandbox'],
  app: [...levels.slice(3).flat(), ...Object.keys(ground), 'sandbox'],
};

const exceptions = [
  // A user's own job file imports #job, which its loader has to give it.
  'job/load-jobs.ts -> index.ts',
  // The build puts the version into the bundle.
  'version.ts -> ../package.json',
];

/** Files below src whose code matches, each with what was found. */
function findAll(pattern: RegExp): string[] {
  return sources.flatMap(({path, code}) => (pattern.exec(code) ? [path] : []));
}

describe('imports', () => {
  it('are found, so that the rules below can fail', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({imports}) => imports).length).toBeGreaterThan(400);
    expect(sources.find(({path}) => path === 'main.ts')?.imports.map(({file}) => file)).toContain(
      'cli/parser.ts',
    );
  });

  it('go in the directions of the house only', () => {
    const wrong = sources.flatMap(({path, folder, imports}) =>
      imports
        .filter(({file}) => file !== undefined)
        .filter(({file = ''}) => {
          const to = file.split('/')[0] ?? '';
          return to !== folder && !(directions[folder] ?? []).includes(to);
        })
        .map(({file}) => `${path} -> ${file}`),
    );
    expect(wrong.toSorted((one, other) => one.localeCompare(other))).toEqual(exceptions);
  });

  it('have no folder that the table does not know', () => {
    expect(
      [...new Set(sources.map(({folder}) => folder))].filter((folder) => !(folder in directions)),
    ).toEqual([]);
  });

  it('make no cycle, types counted', () => {
    const graph = new Map(sources.map(({path, imports}) => [path, imports.flatMap(({file}) => file ?? [])]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('name files that exist, with their extension', () => {
    const known = new Set([...sources.map(({path}) => path), '../package.json']);
    const wrong = sources.flatMap(({path, imports}) =>
      imports.filter(({file}) => file !== undefined && !known.has(file)).map(({text}) => `${path}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of HTTP by a job are its request type, and nothing behind it', () => {
    const fromHttp = sources
      .filter(({folder}) => folder === 'job' || folder === 'index.ts')
      .flatMap(({imports}) => imports.flatMap(({file}) => (file?.startsWith('http/') ? [file] : [])));
    expect([...new Set(fromHttp)]).toEqual(['http/request.ts']);
    expect(sources.find(({path}) => path === 'http/request.ts')?.imports).toEqual([]);
  });

  it('of the configuration below the command line are its types', () => {
    const wrong = sources
      .filter(({folder}) =>
        ['send', 'plan', 'runs', 'input', 'report', 'api', 'limits', 'http'].includes(folder),
      )
      .flatMap(({path, imports}) =>
        imports.filter(({file, typesOnly}) => file === 'config.ts' && !typesOnly).map(() => path),
      );
    expect(wrong).toEqual([]);
  });

  it('of Node by a job definition are none: only loading one reads files', () => {
    const wrong = sources
      .filter(({folder, path}) => folder === 'job' && path !== 'job/load-jobs.ts')
      .flatMap(({path, imports}) =>
        imports.filter(({file}) => file === undefined).map(({text}) => `${path}: ${text}`),
      );
    expect(wrong).toEqual([]);
  });

  it('by a job file are of #job alone', () => {
    const files = filesBelow(join(root, 'jobs'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) {
      const imports = importsOf(file, readFileSync(file, 'utf8'));
      expect(
        imports.map(({text}) => text),
        file,
      ).toEqual(['#job']);
    }
  });

  it('of the sandbox are nowhere but in the command line and the use cases: it shares no code with the client', () => {
    const users = sources.filter(
      ({folder, imports}) => folder !== 'sandbox' && imports.some(({file}) => file?.startsWith('sandbox/')),
    );
    expect(users.filter(({folder}) => !['cli', 'app'].includes(folder)).map(({path}) => path)).toEqual([]);
  });
});

describe('files', () => {
  it('hold at most 300 lines', () => {
    const long = [...filesBelow(src), ...filesBelow(join(root, 'test')), ...filesBelow(join(root, 'jobs'))]
      .filter((path) => /\.(ts|mts|mjs)$/.test(path))
      .map((path) => `${relative(root, path)}: ${readFileSync(path, 'utf8').split('\n').length - 1}`)
      .filter((line) => Number(line.split(': ')[1]) > 300);
    expect(long).toEqual([]);
  });

  it('stand in folders of at most 20', () => {
    const sizes = new Map<string, number>();
    for (const {path} of sources) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > 20)).toEqual([]);
  });

  it('are named in kebab-case', () => {
    expect(
      sources.map(({path}) => basename(path)).filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name)),
    ).toEqual([]);
  });

  it('are no barrels: what a job may use is the one list of exports', () => {
    const barrels = sources.filter(({text}) =>
      /^export\b[^;]*\bfrom\s*['"]/m.test(text.replaceAll(/^export type [^;]*;/gm, '')),
    );
    expect(barrels.map(({path}) => path)).toEqual(['index.ts']);
    expect(sources.filter(({path}) => path.endsWith('/index.ts')).map(({path}) => path)).toEqual([]);
  });

  it('are in no drawer for everything', () => {
    expect(
      sources
        .filter(({path}) => /(^|\/)(utils?|helpers?|lib|common)(\/|\.ts$)/.test(path))
        .map(({path}) => path),
    ).toEqual([]);
  });

  it('export no default: only a job file does', () => {
    expect(findAll(/\bexport default\b/)).toEqual([]);
  });
});

describe('what only one place may do', () => {
  it.each([
    ['read the environment', /\bprocess\s*\.\s*env\b/, ['config.ts']],
    ['set the exit code', /\bprocess\s*\.\s*(exit\b|exitCode\b|abort\b)/, ['main.ts']],
    ['raise a signal', /\bprocess\s*\.\s*kill\b/, ['main.ts', 'cli/shut-down-on-signals.ts']],
    [
      'touch the standard streams',
      /\bprocess\s*\.\s*(stdout|stderr)\b|\b(stdout|stderr)\s*\.\s*write\b/,
      ['main.ts', 'cli/terminal.ts'],
    ],
    ['use bottleneck', /\bnew Bottleneck\b/, ['limits/limiter.ts']],
  ])('%s', (_what, pattern, allowed) => {
    expect(findAll(pattern).filter((path) => !allowed.includes(path))).toEqual([]);
    expect(allowed.some((path) => findAll(pattern).includes(path))).toBe(true);
  });

  it.each([
    ['write to the console', /\bconsole\s*\./],
    ['run text as code', /\beval\s*\(|\bnew\s+Function\b|\bnode:vm\b/],
    ['keep state in a module', /^(export\s+)?(let|var)\s/m],
    ['start with work at import time', /^await\s/m],
    ['turn types off', /\bas any\b|: any\b|@ts-ignore|@ts-nocheck/],
    ['take the check of a certificate away', /rejectUnauthorized/],
  ])('no file may %s', (_what, pattern) => {
    expect(findAll(pattern).filter((path) => path !== 'main.ts')).toEqual([]);
  });

  it('starts no other program but the browser', () => {
    const wrong = sources.filter(({imports}) =>
      imports.some(({text}) => /child_process|worker_threads|cluster/.test(text)),
    );
    expect(wrong.map(({path}) => path)).toEqual(['ui/open-browser.ts']);
  });

  it('loads modules by a name that is written down; a job file is loaded by its loader', () => {
    expect(findAll(/\bimport\(\s*(?!'')/)).toEqual(['job/load-jobs.ts']);
  });
});
