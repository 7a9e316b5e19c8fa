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

/** One run after the other, each with a later operation that fails, until one has no such operation. What failed. */
export async function failEach(at: 'io' | 'write', actOf: (n: number) => Act): Promise<Set<string>> {
  const failed = new Set<string>();
  for (let n = 1; ; n++) {
    const names = await failNth(n, actOf(n), at);
    if (names === undefined) return failed;
    for (const name of names.split(' ')) failed.add(name);
  }
}

/**
 * A run whose n-th operation on the disk fails, and one that goes on with it on a disk that works again.
 *
 * @returns what failed; undefined when the run has no n-th operation
 */
async function failNth(n: number, act: Act, at: 'io' | 'write'): Promise<string | undefined> {
  const trial = await openTrial(scenarios.listable, {rows});
  const {sandbox, folder} = trial.stage;
  const record = join(folder, 'failures');
  const result = await trial.go({at, nth: n, act, record});
  if (!existsSync(record)) {
    expect(result).toMatchObject({code: 0, signal: null});
    return undefined;
  }
  const [first] = readFileSync(record, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FailureNote);
  const failed = first?.names.join(' ') ?? '';
  const facts = {n, act, failed};
  const is74 = {...facts, code: result.code, signal: result.signal};
  expect(is74).toEqual({...facts, code: result.code === 0 ? 0 : 74, signal: null});
  if (result.code === 74) expect(result.stderr).toMatch(/error: .*(EIO|ENOSPC)/);
  const isFlushFailure = /\b(write|datasync):journal\b/.test(failed) && (act === 'EIO' || act === 'ENOSPC');
  if (isFlushFailure) expectNothingSentAfter(trial, first?.flushed ?? 0, facts);

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
    return failed;
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
  return failed;
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
