import {describe, expect, it} from 'vitest';
import {applied, counts, csv, fast, openStage} from './stage.ts';

/** People of the sandbox, by login. */
function logins(stage: Awaited<ReturnType<typeof openStage>>): string[] {
  return [...stage.sandbox.store.users.values()].filter(({id}) => id >= 1000).map(({login}) => login);
}

const unlimited = ['--yes', '--quiet', '--per-second', '1000000', '--per-hour', '1000000'];

describe('what a run costs in requests', () => {
  it('is one write a row and 23 reads for 1,000 rows by login, and no write the second time', async () => {
    const stage = await openStage({users: 1000});
    stage.file('rows.csv', csv('user_id,begin_at', ...logins(stage).map((login) => `${login},2027-02-01`)));
    const command = ['run', 'cursus-users', 'rows.csv', '--set', 'cursus_id=9', ...unlimited];

    expect((await stage.cli(command)).code).toBe(0);
    expect(stage.summary().requests).toMatchObject({writes: 1000, reads: 23});
    expect(applied(stage.sandbox)).toHaveLength(1000);

    expect((await stage.cli(command)).code).toBe(0);
    expect(stage.summary().requests).toMatchObject({writes: 0, reads: 22});
    expect(stage.summary().counts.unchanged).toBe(1000);
  });

  it('is a reading of everything and a write for each change, or only the changes since the last run', async () => {
    const stage = await openStage({users: 5000});
    const people = [...stage.sandbox.store.users.values()].filter(({id}) => id >= 1000);
    const rowOf = (person: (typeof people)[number], name = person.first_name) => `${person.login},"${name}"`;
    const export_ = (changed: number, name: string) =>
      csv(
        'id,first_name',
        ...people.map((person, at) => (at < changed ? rowOf(person, name) : rowOf(person))),
      );
    stage.file('users.csv', export_(40, 'Renée'));
    const command = ['run', 'users', 'users.csv', ...unlimited];

    expect((await stage.cli(command)).code).toBe(0);
    expect(stage.summary().requests).toMatchObject({writes: 40, reads: 51});
    expect(stage.summary().counts).toMatchObject({updated: 40, unchanged: 4960});

    stage.file('users.csv', export_(7, 'Zoé'));
    expect((await stage.cli([...command, '--changed-since', 'last'])).code).toBe(0);
    // Seven are new names, the other 33 of before are as they were; one page of logins, one token.
    expect(stage.summary().counts).toMatchObject({updated: 40, unchanged: 4960});
    expect(stage.summary().requests).toMatchObject({writes: 40, reads: 2});
  });
});

describe('undo', () => {
  it('removes exactly what the run created, and can be done again', async () => {
    const stage = await openStage();
    stage.file(
      'rows.csv',
      csv('user_id,cursus_id,begin_at', '46,9,2020-02-01', '64,9,2099-02-01', 'nobody-here,9,2027-01-01'),
    );
    expect((await stage.cli(['run', 'cursus-users', 'rows.csv', ...unlimited])).code).toBe(20);
    const [run = ''] = stage.runs();
    expect(stage.sandbox.store.cursusUsers.size).toBe(2);

    const undone = await stage.cli(['undo', run, ...unlimited]);
    expect(undone.code).toBe(0);
    expect(stage.sandbox.store.cursusUsers.size).toBe(0);
    expect(stage.summary()).toMatchObject({
      job: 'undo-cursus-users',
      counts: {created: 0, updated: 0, removed: 2},
      requests: {writes: 3},
    });
    const report = stage.report();
    expect(report.map((row) => row['bulk42_outcome'])).toEqual(['removed', 'removed']);
    const [undo = ''] = stage.runs().slice(-1);
    const {stdout} = await stage.cli(['runs', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      {id: run, undoneBy: undo},
      {id: undo, undoneBy: null, counts: {removed: 2}},
    ]);
    expect((await stage.cli(['runs'])).stdout).toContain(`undone by ${undo}`);

    expect((await stage.cli(['undo', run, ...unlimited])).code).toBe(0);
    const again = await stage.cli(['run', 'cursus-users', 'rows.csv', ...unlimited]);
    expect(again.code).toBe(20);
    expect(stage.sandbox.store.cursusUsers.size).toBe(2);
  });

  it('shows that updates are not undone', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('id,first_name', '46,Lila'));
    await stage.cli(['run', 'users', 'rows.csv', ...unlimited]);
    const {code, stderr} = await stage.cli(['undo', 'last', ...unlimited]);
    expect(code).toBe(2);
    expect(stderr).toContain('updates are not undone');
  });
});

it('a small budget is not kept for rows in doubt while others wait for it', async () => {
  const on = {method: 'POST', path: 'patronages'};
  const stage = await openStage({users: 200, faults: [{on, every: 3, effect: 'before', answer: '500'}]});
  const people = Array.from({length: 30}, (_, at) => `${1000 + at},64`);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
  const small = ['--per-hour', '40', '--concurrency', '1'];
  expect((await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...small, ...fast])).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({created: people.length}));
  expect(stage.sandbox.ledger.length).toBeLessThanOrEqual(40);
});
