import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable, type Writable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import type {Sandbox} from '../../src/sandbox/server.ts';
import {checkDocuments} from './documents/check-documents.ts';

/** The compiled program, as users run it. `npm test` builds it first. */
export const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

export interface CliOptions {
  cwd: string;
  /** The API that the environment points to. */
  api?: Pick<Sandbox, 'url' | 'uid' | 'secret'>;
  env?: Record<string, string>;
  /** Standard input; without it there is none. A stream is typed by and by. */
  input?: string | Buffer | Readable;
  /** What the program is started by, such as `ip netns exec`. */
  under?: string[];
  /** Options for node itself, such as a preloaded module. */
  node?: string[];
}

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end, as a child process without a terminal. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** A running command line, for tests that signal or kill it. */
export function startCli(
  args: readonly string[],
  options: CliOptions,
): {child: ChildProcess; ended: Promise<CliResult>} {
  const {cwd, input, node = [], under = []} = options;
  const [command = '', ...words] = [...under, process.execPath, ...node, program, ...args];
  const child = spawn(command, words, {
    cwd,
    env: environmentOf(options),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // A program may end without reading its input: only its output counts.
  child.stdin?.on('error', () => undefined);
  if (input instanceof Readable) input.pipe(child.stdin as Writable);
  else child.stdin?.end(input);
  const ended = new Promise<CliResult>((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out).toString();
      const result = {code, signal, stdout, stderr: Buffer.concat(err).toString()};
      // What a signal ended may have printed a part of its document.
      if (signal) resolve(result);
      else checkDocuments(args, result, cwd).then(() => resolve(result), reject);
    });
  });
  return {child, ended};
}

/** Nothing of the tester's own but the way to node. */
export function environmentOf({
  cwd,
  api,
  env,
}: Pick<CliOptions, 'cwd' | 'api' | 'env'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: cwd,
    XDG_STATE_HOME: join(cwd, '.state'),
    ...(api && {FORTYTWO_BASE_URL: api.url, FORTYTWO_UID: api.uid, FORTYTWO_SECRET: api.secret}),
    ...env,
  };
}

/** An empty folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulk42-test-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
