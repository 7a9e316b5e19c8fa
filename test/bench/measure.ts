import {spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** What one process took, from its start to its end. */
export interface Measured {
  wallMs: number;
  /** User and system, all threads. NaN for a program that is no Node program, and for one that was killed. */
  cpuMs: number;
  peakMb: number;
  stdout: string;
  stderr: string;
}

export interface MeasureOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Expected exit code; any other is an error. */
  exitCode?: number;
  /** Whether CPU and memory are asked for. It adds some milliseconds to the start of a program. */
  usage?: boolean;
}

/** Path of a program that a benchmark starts. */
export const child = (name: string): string => fileURLToPath(new URL(`children/${name}`, import.meta.url));

/** Runs a Node program by its arguments, and measures it whole. */
export function measureNode(args: readonly string[], options: MeasureOptions): Promise<Measured> {
  const preload = options.usage === false ? [] : ['--require', child('usage.cjs')];
  return measure(process.execPath, [...preload, ...args], options);
}

export async function measure(
  command: string,
  args: readonly string[],
  {cwd, env, exitCode = 0}: MeasureOptions,
): Promise<Measured> {
  const usageFile = join(cwd, `.usage-${process.pid}`);
  const start = performance.now();
  const running = spawn(command, args, {
    cwd,
    env: {PATH: process.env['PATH'] ?? '', HOME: cwd, ...env, BENCH_USAGE: usageFile},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  running.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', resolve);
  });
  const wallMs = performance.now() - start;
  const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
  if (code !== exitCode) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${String(code)}: ${(stderr || stdout).slice(-2000)}`,
    );
  }
  return {wallMs, ...readUsage(usageFile), stdout, stderr};
}

function readUsage(path: string): {cpuMs: number; peakMb: number} {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as {cpuMs: number; peakMb: number};
  } catch {
    return {cpuMs: Number.NaN, peakMb: Number.NaN};
  } finally {
    rmSync(path, {force: true});
  }
}

/** Runs contestants in turn, round after round, so that whatever else the machine does hits all of them. */
export async function interleave<Name extends string, Result>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await contestants[name]());
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const wall = (runs: readonly Measured[]): number => median(runs.map(({wallMs}) => wallMs));
export const cpu = (runs: readonly Measured[]): number => median(runs.map(({cpuMs}) => cpuMs));
/** The largest: a peak that is reached only sometimes is reached. */
export const peak = (runs: readonly Measured[]): number => Math.max(...runs.map(({peakMb}) => peakMb));
