import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  applied,
  counts,
  csv,
  errorOf,
  fast,
  openInDoubt,
  openStage,
  outcomes,
  readCsv,
  type Stage,
} from './stage.ts';

/** A run with line 3 in doubt, since two records answer to it: no reading can settle that. */
async function openDoubt(): Promise<Stage> {
  const stage = await openInDoubt('1002,64', '--existing', 'send');
  const now = new Date().toISOString();
  for (let copy = 0; copy < 2; copy++) {
    stage.sandbox.store.patronages.insert((id) => ({
      id,
      user_id: 1001,
      godfather_id: 64,
      ongoing: true,
      created_at: now,
      updated_at: now,
    }));
  }
  expect((await stage.cli(['resume', 'last', '--yes', ...fast])).code).toBe(21);
  expect(outcomes(stage.report())).toEqual(['created', 'in_doubt', 'created']);
  return stage;
}

const resolve = (stage: Stage, line: number, as: string) =>
  stage.cli(['resolve', 'last', '--line', String(line), '--as', as, '--json']);

describe('resolve', () => {
  it('takes a person at their word: applied', async () => {
    const stage = await openDoubt();
    const sent = stage.sandbox.ledger.length;
    const result = await resolve(stage, 3, 'applied');
    expect(result.code).toBe(0);
    // A row of a table that was sorted may be on another line than the one that was meant.
    expect(result.stderr).toContain('line 3, user_id 1001, godfather_id 64: applied\n');
    expect(JSON.parse(result.stdout)).toEqual(stage.summary());
    expect(stage.report()[1]).toMatchObject({
      bulk42_line: '3',
      bulk42_outcome: 'created',
      bulk42_via: 'person',
    });
    expect(stage.summary().counts).toEqual(counts({created: 3}));
    expect(stage.sandbox.ledger).toHaveLength(sent);
  });

  it('takes a person at their word: not applied, and the row can be retried', async () => {
    const stage = await openDoubt();
    expect((await resolve(stage, 3, 'not-applied')).code).toBe(0);
    expect(stage.report()[1]).toMatchObject({bulk42_outcome: 'failed', bulk42_via: 'person'});
    expect(readCsv(stage.output('retry.csv'))).toEqual([
      expect.objectContaining({user_id: '1001', bulk42_line: '3'}),
    ]);
    const before = applied(stage.sandbox).length;
    expect((await stage.cli(['retry', 'last', '--yes', '--existing', 'send', ...fast])).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(before + 1);
  });

  it('refuses a line that is not in doubt, naming those that are, and a word that it does not know', async () => {
    const stage = await openDoubt();
    const wrongLine = await resolve(stage, 2, 'applied');
    expect(wrongLine.code).toBe(2);
    expect(errorOf(wrongLine)).toMatchObject({code: 'not_in_doubt', hint: expect.stringMatching(/\b3\b/)});
    expect((await resolve(stage, 3, 'perhaps')).code).toBe(2);
    expect((await stage.cli(['resolve', 'last', '--as', 'applied'])).code).toBe(2);
    expect(outcomes(stage.report())).toEqual(['created', 'in_doubt', 'created']);
  });
});

it('resolve names lines of the first file, in a retry too', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,nobody-1', '1003,64'));
  await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  const retryLog = join(stage.folder, 'runs', stage.runs()[0] ?? '', 'retry.csv');
  writeFileSync(retryLog, readFileSync(retryLog, 'utf8').replace('nobody-1', '64'));
  stage.sandbox.addFault({on: {method: 'POST', path: 'patronages'}, effect: 'none', answer: '500'});
  expect((await stage.cli(['retry', 'last', '--yes', ...fast])).code).toBe(21);
  const unknown = await resolve(stage, 2, 'applied');
  expect(errorOf(unknown).hint).toMatch(/\b4\b/);
  expect((await resolve(stage, 4, 'not-applied')).code).toBe(0);
  expect(stage.report()).toMatchObject([{bulk42_line: '4', bulk42_outcome: 'failed', bulk42_via: 'person'}]);
});

describe('runs', () => {
  it('lists the runs, oldest first, and removes one', async () => {
    const stage = await openStage();
    expect((await stage.cli(['runs', '--json'])).stdout.trim()).toBe('[]');
    stage.file('one.csv', csv('user_id,godfather_id', '1000,64'));
    stage.file('two.csv', csv('id,pool_year', '46,2031', '999999,2031'));
    await stage.cli(['run', 'patronages', 'one.csv', '--yes', ...fast]);
    await stage.cli(['run', 'users', 'two.csv', '--yes', ...fast]);
    const [one = '', two = ''] = stage.runs();

    const listed = JSON.parse((await stage.cli(['runs', '--json'])).stdout) as unknown[];
    expect(listed).toEqual([
      expect.objectContaining({id: one, job: 'patronages', state: 'finished', counts: counts({created: 1})}),
      expect.objectContaining({
        id: two,
        job: 'users',
        state: 'finished',
        counts: counts({updated: 1, failed: 1}),
      }),
    ]);
    const {stdout} = await stage.cli(['runs']);
    expect(stdout).toMatch(
      new RegExp(`${one} +\\S+\\.csv .* finished +1 created[^]*${two} +\\S+\\.csv .* finished `),
    );

    expect((await stage.cli(['runs', '--remove', one, '--yes'])).code).toBe(0);
    expect(stage.runs()).toEqual([two]);
    expect((await stage.cli(['runs', '--remove', one, '--yes'])).code).toBe(2);
  });

  it('keeps a run with rows in doubt unless --yes is given, too', async () => {
    const stage = await openDoubt();
    const refused = await stage.cli(['runs', '--remove', 'last', '--json']);
    expect(refused.code).toBe(2);
    expect(errorOf(refused).code).toBe('in_doubt');
    expect(stage.runs()).toHaveLength(1);
    expect((await stage.cli(['runs', '--remove', 'last', '--yes'])).code).toBe(0);
    expect(stage.runs()).toEqual([]);
  });
});
