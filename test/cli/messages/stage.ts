import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, vi} from 'vitest';
import type {Sandbox, SandboxOptions} from '../../../src/sandbox/server.ts';
import {temporaryFolder} from '../../helpers/run-cli.ts';
import {runHere} from '../../helpers/run-here.ts';
import {openSandbox} from '../../sandbox/open-sandbox.ts';

/** A working folder with some files, and an API. Commands run in this process: there are many of them. */
export interface Place {
  folder: string;
  sandbox: Sandbox;
  file: (name: string, content: string | Buffer, mode?: number) => void;
  /** A command that only prepares: its exit code is the caller's to check. */
  cli: (...argv: string[]) => Promise<unknown>;
  /** The folder of the newest run. */
  run: () => string;
}

/** A command line that fails, and the facts of its error. How it is worded is the source's alone. */
export interface Message {
  /** What is typed, split at spaces. */
  type: string;
  given?: (place: Place) => unknown;
  api?: SandboxOptions;
  env?: Record<string, string>;
  /** What a person at a terminal answers; without it there is no terminal. */
  answer?: string;
  /** The exit code, 2 where it is left out. */
  exit?: number;
  /** The code of the error, where it is not the one that belongs to the exit code. */
  code?: string;
  /** What the message names, with `<run>` for a run's id, `<folder>` for the working folder and `<api>` for the API. */
  names: string[];
  /** What the hint names, in the same way; undefined where there is no hint, since nothing is left to do. */
  next: string[] | undefined;
}

/** An error as `--json` shows it. */
export interface ShownError {
  code: string;
  exitCode: number;
  message: string;
  hint: string;
}

/** `a end_at`, `an cursus_id`: a name that was put into a sentence made for another. */
export const wrongArticle = /\ba (?!one\b|us(?:er|e)|uni|UTF|U\+|UR)[aeiou]|\ban (?!hour|X)[^aeiou\s]/i;

export const pairs = 'user_id,godfather_id\n46,2\n64,4\n';

export async function openPlace(options: SandboxOptions = {}): Promise<Place> {
  const {sandbox} = await openSandbox(options);
  const folder = temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(before);
    vi.unstubAllEnvs();
  });
  const env = {
    FORTYTWO_BASE_URL: sandbox.url,
    FORTYTWO_UID: sandbox.uid,
    FORTYTWO_SECRET: sandbox.secret,
    XDG_STATE_HOME: join(folder, 'state'),
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const place: Place = {
    folder,
    sandbox,
    file: (name, content, mode = 0o600) => {
      mkdirSync(join(folder, name, '..'), {recursive: true});
      writeFileSync(join(folder, name), content, {mode});
    },
    cli: (...argv) => runHere(argv),
    run: () => join('runs', readdirSync('runs').sort().at(-1) ?? ''),
  };
  place.file('pairs.csv', pairs);
  return place;
}

/** The error that a command line ends with, with what differs from run to run named. */
export async function errorOf(argv: readonly string[], place: Place, answer?: string): Promise<ShownError> {
  const {exit, out, shown} = await runHere(['--json', ...argv], answer);
  const named = (text: string) =>
    text
      .replaceAll(place.folder, '<folder>')
      .replaceAll(place.sandbox.url, '<api>')
      .replaceAll(/\b\d{8}T\d{6}Z-[a-z-]+(-\d)?/g, '<run>');
  const {error} = JSON.parse(named(out)) as {error?: ShownError};
  if (error) {
    expect(error.exitCode).toBe(exit);
    return error;
  }
  // A run that began gives its summary as JSON, and shows the error beside it.
  const journal = readFileSync(join(place.run(), 'journal.ndjson'), 'utf8');
  const [, code = ''] = /"k":"stop","why":"(\w+)"[^\n]*\n$/.exec(journal) ?? [];
  const [, message = '', hint = ''] = /^error: (.*)\n(?: {2}→ (.*)\n)?/m.exec(named(shown)) ?? [];
  return {code, exitCode: exit, message, hint};
}
