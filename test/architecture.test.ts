import {readdirSync, readFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';

/** Who may import whom, folder by folder; a file at the top of src goes by its own name. */
const directions: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli', 'version.ts'],
  'index.ts': ['job', 'api'],
  'errors.ts': [],
  'outcome.ts': [],
  'clock.ts': [],
  'version.ts': [],
  'logger.ts': ['errors.ts'],
  'config.ts': ['errors.ts'],
  job: ['errors.ts', 'outcome.ts', 'api'],
  csv: ['errors.ts'],
  api: ['errors.ts', 'outcome.ts', 'clock.ts', 'config.ts', 'logger.ts'],
  'shared-budget': ['errors.ts', 'clock.ts', 'api'],
  journal: ['errors.ts', 'outcome.ts', 'clock.ts'],
  run: ['errors.ts', 'outcome.ts', 'clock.ts', 'config.ts', 'logger.ts', 'job', 'csv', 'api', 'journal'],
  report: ['errors.ts', 'outcome.ts', 'csv', 'journal'],
  sandbox: ['errors.ts'],
  cli: [
    'errors.ts',
    'outcome.ts',
    'clock.ts',
    'config.ts',
    'logger.ts',
    'version.ts',
    'job',
    'csv',
    'api',
    'journal',
    'run',
    'report',
    'sandbox',
    'shared-budget',
  ],
};

const exceptions = [
  // A user's own job file imports #job, which its loader has to give it.
  'job/load-jobs.ts -> index.ts',
  // The build puts the version into the bundle.
  'version.ts -> ../package.json',
];

interface Import {
  /** As written. */
  text: string;
  /** The file below src, or undefined for a package. */
  file: string | undefined;
  typesOnly: boolean;
}

interface Source {
  /** Below src, with slashes: `api/client.ts`. */
  path: string;
  folder: string;
  text: string;
  /** The text with comments and the content of strings taken away. */
  code: string;
  imports: Import[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const sources: Source[] = filesBelow(src)
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

function importsOf(path: string, text: string): Import[] {
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

  it('make no cycle, types aside', () => {
    const graph = new Map(
      sources.map(({path, imports}) => [
        path,
        imports.flatMap(({file, typesOnly}) => (typesOnly ? [] : (file ?? []))),
      ]),
    );
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

  it('of the API by a job are its request type, and nothing behind it', () => {
    const fromApi = sources
      .filter(({folder}) => folder === 'job' || folder === 'index.ts')
      .flatMap(({imports}) => imports.flatMap(({file}) => (file?.startsWith('api/') ? [file] : [])));
    expect([...new Set(fromApi)]).toEqual(['api/request.ts']);
    expect(sources.find(({path}) => path === 'api/request.ts')?.imports).toEqual([]);
  });

  it('of the configuration below the command line are its types', () => {
    const wrong = sources
      .filter(({folder}) => ['api', 'run'].includes(folder))
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

  it('of the sandbox are nowhere but in the command line: it shares no code with the client', () => {
    const users = sources.filter(
      ({folder, imports}) => folder !== 'sandbox' && imports.some(({file}) => file?.startsWith('sandbox/')),
    );
    expect(users.filter(({folder}) => folder !== 'cli').map(({path}) => path)).toEqual([]);
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
    ['raise a signal', /\bprocess\s*\.\s*kill\b/, ['main.ts', 'run/shutdown.ts']],
    [
      'touch the standard streams',
      /\bprocess\s*\.\s*(stdout|stderr)\b|\b(stdout|stderr)\s*\.\s*write\b/,
      ['main.ts', 'cli/terminal.ts'],
    ],
    ['use bottleneck', /\bnew Bottleneck\b/, ['api/pacer.ts']],
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
  ])('nobody may %s', (_what, pattern) => {
    expect(findAll(pattern).filter((path) => path !== 'main.ts')).toEqual([]);
  });

  it('starts no other program', () => {
    const wrong = sources.filter(({imports}) =>
      imports.some(({text}) => /child_process|worker_threads|cluster/.test(text)),
    );
    expect(wrong.map(({path}) => path)).toEqual([]);
  });

  it('loads modules by a name that is written down; a job file is loaded by its loader', () => {
    expect(findAll(/\bimport\(\s*(?!'')/)).toEqual(['job/load-jobs.ts']);
  });
});
