import {describe, expect, it} from 'vitest';
import {applied, counts, csv, errorOf, fast, openStage, outcomes, writes} from './stage.ts';

it('fails the rows of users that the API does not know, and only those', async () => {
  const stage = await openStage();
  stage.file(
    'pairs.csv',
    csv('user_id,godfather_id', 'Jeanne,KPEDRO', 'jeanne-2,64', '46,nobody-2', '46,64'),
  );
  const {code} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  expect(code).toBe(20);
  const report = stage.report();
  expect(outcomes(report)).toEqual(['created', 'failed', 'failed', 'created']);
  expect(report[1]).toMatchObject({
    bulk42_code: 'unknown_user',
    bulk42_message: expect.stringContaining('jeanne-2'),
  });
  expect(report[2]).toMatchObject({
    bulk42_code: 'unknown_user',
    bulk42_message: expect.stringContaining('nobody-2'),
  });
  expect(writes(stage.sandbox)).toHaveLength(2);
});

it('fails a row that a record with its key contradicts, naming the fields and nothing of their values', async () => {
  const stage = await openStage();
  const at = '2024-01-01T00:00:00.000Z';
  stage.sandbox.store.cursusUsers.insert((id) => ({
    id,
    user_id: 46,
    cursus_id: 9,
    begin_at: '2027-02-01T00:00:00.000Z',
    end_at: '2027-03-01T00:00:00.000Z',
    has_coalition: true,
    created_at: at,
    updated_at: at,
  }));
  stage.file(
    'rows.csv',
    csv(
      'user_id,cursus_id,begin_at,end_at,has_coalition',
      '46,9,2027-02-01,2027-04-01,no',
      '46,21,2027-02-01,,',
    ),
  );
  const {code} = await stage.cli(['run', 'cursus-users', 'rows.csv', '--yes', ...fast]);
  expect(code).toBe(20);
  const [row] = stage.report();
  expect(row).toMatchObject({
    bulk42_outcome: 'failed',
    bulk42_code: 'exists_different',
    bulk42_attempts: '0',
  });
  expect(row?.['bulk42_message']).toContain('end_at');
  expect(row?.['bulk42_message']).toContain('has_coalition');
  expect(row?.['bulk42_message']).not.toContain('begin_at');
  expect(stage.summary().counts).toEqual(counts({created: 1, failed: 1}));
});

it('fails the later of two rows for one person, one by id and one by login', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,kpedro', 'lbuckrid,4', '64,4'));
  const {code} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  expect(code).toBe(20);
  expect(outcomes(stage.report())).toEqual(['created', 'failed', 'created']);
  expect(stage.report()[1]).toMatchObject({
    bulk42_code: 'duplicate_row',
    bulk42_message: expect.stringContaining('line 2'),
  });
  expect(applied(stage.sandbox)).toHaveLength(2);
});

it('takes a person to be the same as themselves, also by login: no row of their own godfather is sent', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,lbuckrid', '64,4'));
  expect((await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast])).code).toBe(20);
  expect(outcomes(stage.report())).toEqual(['failed', 'created']);
  expect(applied(stage.sandbox)).toHaveLength(1);
});

describe('a look-up that fails', () => {
  const cases = [
    {path: '/v2/users', answer: '500', exit: 75},
    {path: '/v2/patronages', answer: '500', exit: 75},
    {path: '/v2/users', answer: 'html-200', exit: 75},
    {path: '/v2/users', answer: '403-html', exit: 75},
    {path: '/v2/patronages', answer: 'redirect', exit: 78},
    {path: '/oauth/token', answer: '502', exit: 75},
  ] as const;

  it('is no answer: after a few tries the run ends, and nothing was written', async () => {
    const stages = await Promise.all(
      cases.map(({path, answer}) => openStage({users: 1, faults: [{on: {path}, effect: 'none', answer}]})),
    );
    // They mostly wait, so they wait together.
    const results = await Promise.all(
      stages.map((stage) => {
        stage.file('pairs.csv', csv('user_id,godfather_id', 'jeanne,kpedro', 'nobody-1,64'));
        return stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--json', ...fast]);
      }),
    );
    expect(results.map((result) => [result.code, errorOf(result).exitCode])).toEqual(
      cases.map(({exit}) => [exit, exit]),
    );
    for (const stage of stages) {
      expect(writes(stage.sandbox)).toEqual([]);
      expect(stage.runs()).toEqual([]);
    }
  });

  it('is tried again, and the run goes on when it works after all', async () => {
    const stage = await openStage({faults: [{on: {method: 'GET'}, times: 2, effect: 'none', answer: '502'}]});
    stage.file('pairs.csv', csv('user_id,godfather_id', 'jeanne,kpedro'));
    expect((await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast])).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(1);
  });
});
