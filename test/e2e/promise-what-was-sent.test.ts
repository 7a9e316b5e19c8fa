import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {until} from '../helpers/until.ts';
import {applied, counts, csv, fast, openStage, outcomes, type Stage, writes} from './stage.ts';

const begin = '2031-02-03T08:00:00.000Z';

/** A run whose process is killed when the server has got the first of its writes, which has no effect. */
async function openKilled(
  {file, users = ''}: {file: string; users?: string},
  on: Fault['on'] = {method: 'PUT', path: 'users'},
  seed: (stage: Stage) => void = () => undefined,
) {
  const stage = await openStage({faults: [{on, times: 1, effect: 'none', answer: 'hang'}]});
  seed(stage);
  stage.file('rows.csv', file);
  const job = users || 'users';
  const first = stage.start(['run', job, 'rows.csv', '--yes', '--concurrency', '1', ...fast]);
  await until(() => writes(stage.sandbox).length === 1);
  first.child.kill('SIGKILL');
  await first.ended;
  return stage;
}

const resume = ['resume', 'last', '--yes', ...fast];
function rename({sandbox}: Stage, id: number, login: string): void {
  const user = sandbox.store.users.get(id);
  if (user) sandbox.store.users.set(id, {...user, login});
}

const loginOf = ({sandbox}: Stage, id: number) => sandbox.store.users.get(id)?.login ?? '';

describe('a row in doubt is judged by what was sent', () => {
  it('1: a field that cannot be read is sent again, though the enrolment in the row is there', async () => {
    const row = `1000,owl@example.org,Tr4veller-Owl!,21,${begin}`;
    const header = 'id,email,password,cursus_users.0.cursus_id,cursus_users.0.begin_at';
    const stage = await openKilled({file: csv(header, row)}, undefined, ({sandbox: {store}}) => {
      store.cursusUsers.insert((id) => ({
        id,
        user_id: 1000,
        cursus_id: 21,
        begin_at: begin,
        end_at: null,
        has_coalition: true,
        created_at: begin,
        updated_at: begin,
      }));
    });
    expect((await stage.cli(resume)).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(1);
    expect(stage.sandbox.store.users.get(1000)?.email).toBe('owl@example.org');
    expect(stage.sandbox.store.cursusUsers.by('user_id', 1000)).toHaveLength(1);
    expect(outcomes(stage.report())).toEqual(['updated']);
  });

  it.each([
    ['was there before', 'before'],
    ['another client has made since', 'since'],
  ])('an enrolment that %s is changed, and none is added beside it', async (_what, when) => {
    const file = csv('id,cursus_users.0.cursus_id,cursus_users.0.begin_at', `1000,21,${begin}`);
    const earlier = '2030-09-01T08:00:00.000Z';
    const dates = {begin_at: earlier, end_at: null, created_at: earlier, updated_at: earlier};
    const enrol = ({sandbox: {store}}: Stage) =>
      void store.cursusUsers.insert((id) => ({
        id,
        user_id: 1000,
        cursus_id: 21,
        has_coalition: true,
        ...dates,
      }));
    const stage = await openKilled({file}, undefined, when === 'before' ? enrol : undefined);
    if (when === 'since') enrol(stage);
    expect((await stage.cli(resume)).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['updated']);
    expect(stage.sandbox.store.cursusUsers.by('user_id', 1000)).toMatchObject([{begin_at: begin}]);
  });

  it('2: a nested record that no list shows proves nothing: the row stays in doubt', async () => {
    const stage = await openStage({
      faults: [{on: {method: 'PUT', path: 'users'}, times: 1, effect: 'none', answer: 'reset'}],
    });
    stage.file('rows.csv', csv('id,languages_users.0.language_id,languages_users.0.position', '1000,2,1'));
    expect((await stage.cli(['run', 'users', 'rows.csv', '--yes', ...fast])).code).toBe(21);
    expect(outcomes(stage.report())).toEqual(['in_doubt']);
    expect(applied(stage.sandbox)).toEqual([]);
  });

  it('3: a login that is another person’s by now does not lead to that person', async () => {
    const stage = await openStage();
    const [login, other] = [loginOf(stage, 1000), loginOf(stage, 1001)];
    stage.sandbox.addFault({on: {method: 'PUT', path: 'users'}, times: 1, effect: 'none', answer: 'hang'});
    stage.file('rows.csv', csv('id,pool_year', `${login},2031`));
    const first = stage.start(['run', 'users', 'rows.csv', '--yes', ...fast]);
    await until(() => writes(stage.sandbox).length === 1);
    first.child.kill('SIGKILL');
    await first.ended;
    rename(stage, 1000, 'renamed');
    rename(stage, 1001, login);
    expect(other).not.toBe(login);
    expect((await stage.cli(resume)).code).toBe(0);
    expect(applied(stage.sandbox).map(({path}) => path)).toEqual(['/v2/users/1000']);
  });

  it('4: a file that changes logins can be resumed, and a login that vanished fails its own row alone', async () => {
    const stage = await openStage();
    const logins = [1000, 1001, 1002].map((id) => loginOf(stage, id));
    stage.sandbox.addFault({on: {method: 'PUT', path: 'users'}, times: 1, effect: 'before', answer: 'hang'});
    stage.file('rows.csv', csv('id,login', ...logins.map((login, at) => `${login},fresh${at}`)));
    const command = ['run', 'users', 'rows.csv', '--yes', '--concurrency', '1', ...fast];
    const first = stage.start(command);
    await until(() => applied(stage.sandbox).length === 1);
    first.child.kill('SIGKILL');
    await first.ended;
    rename(stage, 1001, 'vanished');
    expect((await stage.cli(command)).code).toBe(20);
    expect(stage.summary().counts).toEqual(counts({updated: 2, failed: 1}));
    expect(stage.report()[1]).toMatchObject({bulk42_outcome: 'failed', bulk42_code: 'unknown_user'});
    expect([1000, 1001, 1002].map((id) => loginOf(stage, id))).toEqual(['fresh0', 'vanished', 'fresh2']);
  });

  it('5: the id of a row by login whose answer was cut off is read by a resume, and can be undone', async () => {
    const stage = await openStage();
    const on = {method: 'POST', path: 'patronages'};
    stage.sandbox.addFault({on, nth: 1, effect: 'before', answer: 'truncated'});
    stage.sandbox.addFault({on, nth: 2, effect: 'before', answer: 'hang'});
    stage.file(
      'rows.csv',
      csv('user_id,godfather_id', `${loginOf(stage, 1000)},64`, `${loginOf(stage, 1001)},64`),
    );
    const first = stage.start(['run', 'patronages', 'rows.csv', '--yes', '--concurrency', '1', ...fast]);
    await until(() => applied(stage.sandbox).length === 2);
    first.child.kill('SIGKILL');
    await first.ended;
    for (const id of [1000, 1001]) rename(stage, id, `renamed${id}`);
    expect((await stage.cli(resume)).code).toBe(0);
    expect(stage.report().map((row) => row['bulk42_id'])).not.toContain('');
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(0);
    expect(stage.sandbox.store.patronages.size).toBe(0);
  });

  it('stays in doubt where its image is another one by now: the same request cannot be made again', async () => {
    const image = (byte: number) =>
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(4000, byte)]);
    const stage = await openStage({
      faults: [{on: {method: 'PUT', path: 'users'}, times: 1, effect: 'none', answer: 'hang'}],
    });
    stage.file('face.png', image(1));
    stage.file('rows.csv', csv('id,image', '1000,face.png'));
    const first = stage.start(['run', 'users', 'rows.csv', '--yes', ...fast]);
    await until(() => writes(stage.sandbox).length === 1);
    first.child.kill('SIGKILL');
    await first.ended;
    stage.file('face.png', image(2));
    expect((await stage.cli(resume)).code).toBe(21);
    expect(stage.report()[0]).toMatchObject({bulk42_outcome: 'in_doubt', bulk42_code: 'rebuilt_differs'});
    expect(writes(stage.sandbox)).toHaveLength(1);
  });
});
