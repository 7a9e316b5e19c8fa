import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {applied, lastLine, writes} from '../../e2e/stage.ts';
import type {FailureNote, Failpoint} from './failpoint.ts';
import {scenarios} from './scenarios.ts';
import {openTrial, type Trial} from './trial.ts';

const rows = 2;
const howToGoOn = expect.stringMatching(/bulk42 (resume|report) \S+-patronages$/) as string;

type Act = NonNullable<Failpoint['act']>;

/**
 * One run after the other, each with another operation that fails: every one of a run on a good disk, by its name and
 * number, since which of them are flushed together differs from run to run. What failed.
 */
export async function failEach(at: 'io' | 'write', actOf: (n: number) => Act): Promise<Set<string>> {
  const failed = new Set<string>();
  const times = new Map<string, number>();
  for (const [n, names] of (await listOperations(at)).entries()) {
    const name = names.at(-1) ?? '';
    const nth = (times.get(name) ?? 0) + 1;
    times.set(name, nth);
    for (const each of await failAt({at: name, nth, act: actOf(n)})) failed.add(each);
  }
  return failed;
}

/** Names of every operation of a run on a disk that works. */
async function listOperations(at: 'io' | 'write'): Promise<string[][]> {
  const {go, stage} = await openTrial(scenarios.listable, {rows});
  const record = join(stage.folder, 'operations');
  expect((await go({at, act: 'list', record})).code).toBe(0);
  const operations = readNotes(record).map(({names}) => names);
  expect(operations.length).toBeGreaterThan(10);
  return operations;
}

function readNotes(record: string): FailureNote[] {
  if (!existsSync(record)) return [];
  return readFileSync(record, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FailureNote);
}

/**
 * A run with an operation on the disk that fails, and one that goes on with it on a disk that works again.
 *
 * @returns the names of what failed; none when this run had no such operation
 */
async function failAt(failpoint: Failpoint & {act: Act}): Promise<string[]> {
  const trial = await openTrial(scenarios.listable, {rows});
  const {sandbox, folder} = trial.stage;
  const record = join(folder, 'failures');
  const result = await trial.go({...failpoint, record});
  const [first] = readNotes(record);
  if (!first) {
    expect(result).toMatchObject({code: 0, signal: null});
    return [];
  }
  const {act} = failpoint;
  const failed = first.names.join(' ');
  const facts = {...failpoint, failed};
  const is74 = {...facts, code: result.code, signal: result.signal};
  expect(is74).toEqual({...facts, code: result.code === 0 ? 0 : 74, signal: null});
  if (result.code === 74) expect(result.stderr).toMatch(/error: .*(EIO|ENOSPC)/);
  const isFlushFailure = /\b(write|datasync):journal\b/.test(failed) && (act === 'EIO' || act === 'ENOSPC');
  if (isFlushFailure) expectNothingSentAfter(trial, first.flushed, facts);

  const {violations, counts} = await trial.check(result.code === 0);
  expect({...facts, violations}).toEqual({...facts, violations: []});
  const hasReports = existsSync(join(trial.run() ?? folder, 'summary.json'));
  const isLeft = counts.not_started + counts.in_doubt > 0 || !hasReports;
  if (result.code === 74 && writes(sandbox).length > 0 && isLeft)
    expect({...facts, last: lastLine(result)}).toMatchObject({last: howToGoOn});
  const expectAllApplied = () =>
    expect({...facts, applied: applied(sandbox).length}).toEqual({...facts, applied: rows});
  if (result.code === 0) {
    expectAllApplied();
    return first.names;
  }
  const resumed = await trial.go();
  expect({...facts, code: resumed.code, stderr: resumed.code === 0 ? '' : resumed.stderr}).toEqual({
    ...facts,
    code: 0,
    stderr: '',
  });
  const end = await trial.check(true);
  expect({...facts, violations: end.violations}).toEqual({...facts, violations: []});
  expectAllApplied();
  return first.names;
}

/** Every request that arrived was announced in the part of the journal that was flushed before the failure. */
function expectNothingSentAfter(trial: Trial, flushed: number, facts: object): void {
  const path = join(trial.run() ?? trial.stage.folder, 'journal.ndjson');
  const sound = existsSync(path) ? readFileSync(path).subarray(0, flushed).toString() : '';
  const unannounced = trial.stage.sandbox.ledger
    .filter(({method, path: to}) => method !== 'GET' && !to.startsWith('/oauth/'))
    .filter(({requestId}) => !sound.includes(requestId));
  expect({...facts, unannounced}).toEqual({...facts, unannounced: []});
}
