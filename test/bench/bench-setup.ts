import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir, totalmem, type} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import * as prettier from 'prettier';
import type {TestProject} from 'vitest/node';
import {growthGraph} from './growth-graph.ts';
import {scale} from './input-files.ts';
import {peers} from './peers.ts';
import {performanceTable} from './performance-table.ts';
import type {GrowthPoint, Result} from './results.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const document = join(repository, 'docs', 'performance.md');
const graph = join(repository, 'docs', 'images', 'performance.svg');

/** Gives the benchmarks a folder for their results, and writes what was measured at full size into the documents. */
export default function setup(project: TestProject): () => Promise<void> {
  const results = mkdtempSync(join(tmpdir(), 'bulk42-results-'));
  project.provide('results', results);
  return async () => {
    const table = readLines<Result>(join(results, 'table.ndjson'));
    const growth = readLines<GrowthPoint>(join(results, 'growth.ndjson'));
    rmSync(results, {recursive: true, force: true});
    if (scale !== 1) return;
    if (growth.length > 0) writeFileSync(graph, growthGraph(growth));
    // Half a table would mix two days.
    if (process.argv.slice(2).every(isOwn)) await writeTable(table);
  };
}

/** What `npm run bench` itself gives: anything else chooses benchmarks by name. */
const isOwn = (argument: string): boolean => ['run', '--config', 'vitest.bench.config.ts'].includes(argument);

function readLines<Line>(path: string): Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

async function writeTable(results: readonly Result[]): Promise<void> {
  const [cpu] = cpus();
  const facts = [
    `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}`,
    `Node ${process.version.slice(1)}`,
    ...Object.entries(peers).map(([name, version]) => `${name.replace(/^@.*\//, '')} ${version}`),
    curlVersion(),
  ];
  const text = readFileSync(document, 'utf8');
  const table = performanceTable(results, facts, new Date().toISOString().slice(0, 10));
  const marked = /(<!-- results -->)[\s\S]*(<!-- end of results -->)/;
  const filled = text.replace(marked, (_, begin: string, end: string) => `${begin}\n\n${table}\n${end}`);
  const options = await prettier.resolveConfig(document);
  writeFileSync(document, await prettier.format(filled, {...options, parser: 'markdown'}));
}

function curlVersion(): string {
  try {
    return execFileSync('curl', ['--version']).toString().split(' ').slice(0, 2).join(' ');
  } catch {
    return 'no curl';
  }
}
