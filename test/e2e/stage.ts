import type {ChildProcess} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect} from 'vitest';
import type {LedgerEntry} from '../../src/sandbox/ledger.ts';
import type {Sandbox, SandboxOptions} from '../../src/sandbox/server.ts';
import {noCounts} from '../../src/outcome.ts';
import type {Summary} from '../../src/report/summary.ts';
import {type CliOptions, type CliResult, runCli, startCli, temporaryFolder} from '../helpers/run-cli.ts';
import {until} from '../helpers/until.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';

export type Row = Record<string, string>;

/** A working folder, an API that keeps its ledger, and the program between them. */
export interface Stage {
  folder: string;
  sandbox: Sandbox;
  file: (name: string, content: string | Buffer) => string;
  /** The program in this folder, pointed at this API. */
  cli: (args: readonly string[], more?: Partial<CliOptions>) => Promise<CliResult>;
  start: (args: readonly string[], more?: Partial<CliOptions>) => ReturnType<typeof startCli>;
  /** Ids of all runs, oldest first; none where there is no runs folder. */
  runs: () => string[];
  /** A file of a run (of the newest run by default), as text. */
  output: (name: string, run?: string) => string;
  report: (run?: string) => Row[];
  summary: (run?: string) => Summary;
}

/** A stage with an unlimited API and few people by default. */
export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  const {sandbox} = await openSandbox(options);
  const folder = temporaryFolder();
  const given = (more: Partial<CliOptions> = {}): CliOptions => ({cwd: folder, api: sandbox, ...more});
  const out = join(folder, 'runs');
  const runs = () =>
    existsSync(out)
      ? readdirSync(out)
          .filter((name) => !name.startsWith('.'))
          .sort(byName)
          .sort((one, other) => beginningOf(join(out, one)) - beginningOf(join(out, other)))
      : [];
  const output = (name: string, run = runs().at(-1) ?? '') => readFileSync(join(out, run, name), 'utf8');
  return {
    folder,
    sandbox,
    file: (name, content) => {
      writeFileSync(join(folder, name), content);
      return name;
    },
    cli: (args, more) => runCli(args, given(more)),
    start: (args, more) => startCli(args, given(more)),
    runs,
    output,
    report: (run) => readCsv(output('report.csv', run)),
    summary: (run) => JSON.parse(output('summary.json', run)) as Summary,
  };
}

/** Matches what comes after the first so many: each of those that was accepted lets one more be in flight. */
export function afterFirst(count: number): () => boolean {
  let seen = 0;
  return () => ++seen > count;
}

export interface Gate {
  options: SandboxOptions;
  /** Resolves when the first of the requests has come and waits. */
  reached: () => Promise<void>;
  /** Lets them be applied and answered, and all that come later. */
  open: () => void;
}

/** An API in which the creations from the n-th to the m-th wait until the test lets them go on. */
export function createGate(nth: number, mth = nth): Gate {
  const held: (() => void)[] = [];
  let [creations, isOpen] = [0, false];
  const isHeld = () => ++creations >= nth && creations <= mth;
  return {
    options: {
      faults: [
        {on: {method: 'POST', path: 'patronages', body: isHeld}, effect: 'none', answer: 'slow', delayMs: 1},
      ],
      after: (_ms, run) => {
        if (isOpen) setImmediate(run);
        else held.push(run);
        return () => undefined;
      },
    },
    reached: () => until(() => held.length > 0),
    open: () => {
      isOpen = true;
      held.splice(0).forEach((run) => run());
    },
  };
}

/** Sends a signal and resolves when the program has shown that it will stop. */
export async function interrupt(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  let shown = '';
  child.stderr?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  child.kill(signal);
  await until(() => shown.includes(`${signal}:`), `${signal} is noticed`);
}

/** Options that keep a test short: no spacing before the API has shown its limits, and a short settling time. */
export const fast = ['--per-second', '1000', '--settle', '0.3'] as const;
/** A row in doubt stays so until a signal ends the run. */
export const settlesLate = ['--per-second', '1000', '--settle', '8'] as const;
/** The same as `fast` for a plan, which settles nothing. */
export const fastReads = ['--per-second', '1000'] as const;

/** A new run that sends one row after the other. */
export function runInOrder(job: string, file: string, ...more: string[]): string[] {
  return ['run', job, file, '--yes', '--concurrency', '1', ...more];
}

/** A stage on which a run of three rows was ended while its second, whose connection broke, was in doubt. */
export async function openInDoubt(third: string, ...more: string[]): Promise<Stage> {
  const stage = await openStage({
    faults: [{on: {method: 'POST', path: 'patronages'}, nth: 2, effect: 'none', answer: 'reset'}],
  });
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', third));
  const {child, ended} = stage.start(runInOrder('patronages', 'pairs.csv', ...settlesLate, ...more));
  await until(() => writes(stage.sandbox)[2]?.status !== undefined);
  child.kill('SIGINT');
  await ended;
  return stage;
}

export function csv(header: string, ...rows: string[]): string {
  return [header, ...rows, ''].join('\n');
}

export function readCsv(text: string): Row[] {
  return parse<Row>(text, {columns: true, bom: true, delimiter: [',', ';']});
}

/** Requests that change something, sent to the API itself (not for a token), in the order of arrival. */
export function writes(sandbox: Sandbox): LedgerEntry[] {
  return sandbox.ledger.filter(({method, path}) => method !== 'GET' && !path.includes('/oauth/'));
}

export function applied(sandbox: Sandbox): LedgerEntry[] {
  return sandbox.ledger.filter((entry) => entry.applied !== undefined);
}

/** What was written last on stderr: how to go on, where rows are left. */
export function lastLine({stderr}: CliResult): string {
  return stderr.trimEnd().split('\n').at(-1) ?? '';
}

/** The outcomes of a report, row by row. */
export function outcomes(rows: readonly Row[]): string[] {
  return rows.map((row) => row['bulk42_outcome'] ?? '');
}

/** Counts of every outcome, the ones that are not named being 0. */
export function counts(some: Partial<Summary['counts']>): Summary['counts'] {
  return {...noCounts(), ...some};
}

export function expectPrivate(path: string, mode: number): void {
  expect((statSync(path).mode & 0o777).toString(8), path).toBe(mode.toString(8));
}

/** The error document that `--json` gives. */
export function errorOf({stdout}: CliResult): {
  code: string;
  exitCode: number;
  message: string;
  hint: string;
} {
  const document = JSON.parse(stdout) as {
    error: {code: string; exitCode: number; message: string; hint: string};
  };
  expect(Object.keys(document)).toEqual(['formatVersion', 'error']);
  expect(document.error).toEqual({
    code: expect.any(String),
    exitCode: expect.any(Number),
    message: expect.any(String),
    hint: expect.any(String),
  });
  return document.error;
}

/** Wall time in ms at which a run began; its name holds the second only. */
function beginningOf(folder: string): number {
  const journal = join(folder, 'journal.ndjson');
  return existsSync(journal) ? Number(/"t":(\d+)/.exec(readFileSync(journal, 'utf8'))?.[1] ?? 0) : 0;
}

/** `…-job` before `…-job-2` before `…-job-10`. */
function byName(one: string, other: string): number {
  return one.localeCompare(other, 'en', {numeric: true});
}
