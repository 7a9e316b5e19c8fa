import {expect, it} from 'vitest';
import {until} from '../helpers/until.ts';
import {applied, csv, errorOf, fast, openStage, outcomes, writes} from './stage.ts';

const begin = '2031-02-03T08:00:00.000Z';

it('what became of logins and nested records since a kill does not change what a row in doubt is judged by', async () => {
  const stage = await openStage();
  const {users, cursusUsers} = stage.sandbox.store;
  const login = (id: number) => users.get(id)?.login ?? '';
  const rename = (id: number, to: string) => {
    const user = users.get(id);
    if (user) users.set(id, {...user, login: to});
  };
  const record = {
    cursus_id: 21,
    begin_at: begin,
    end_at: null,
    has_coalition: true,
    created_at: begin,
    updated_at: begin,
  };
  const {id: enrolment} = cursusUsers.insert((id) => ({id, user_id: 1005, ...record}));
  const hang = {effect: 'none', answer: 'hang', times: 1} as const;
  stage.sandbox.addFault({...hang, on: {method: 'PUT', path: 'users/1003'}, effect: 'before'});
  stage.sandbox.addFault({...hang, on: {method: 'PUT', path: 'users/1004'}});
  stage.sandbox.addFault({...hang, on: {method: 'PUT', path: 'users/1005'}});
  const header = 'id,pool_year,cursus_users.0.cursus_id,cursus_users.0.begin_at,cursus_users.0.end_at';
  const rows = [1000, 1001, 1002, 1003, 1004, 1005].map((id) => `${login(id)},2031,,,`);
  rows[5] = `${login(1005)},2031,21,${begin},2032-02-03T08:00:00.000Z`;
  stage.file('rows.csv', csv(header, ...rows));
  const first = stage.start(['run', 'users', 'rows.csv', '--yes', ...fast]);
  await until(() => writes(stage.sandbox).length === 6);
  first.child.kill('SIGKILL');
  await first.ended;
  // The login of an applied row is gone, that of another is a stranger's, and an enrolment was removed by hand.
  rename(1003, 'gone');
  const stranger = login(1004);
  rename(1004, 'renamed');
  rename(1006, stranger);
  cursusUsers.delete(enrolment);
  const elsewhere = {env: {FORTYTWO_BASE_URL: 'http://127.0.0.1:9'}};
  expect(errorOf(await stage.cli(['resume', 'last', '--yes', '--json', ...fast], elsewhere))).toMatchObject({
    code: 'target_changed',
    exitCode: 65,
  });
  expect((await stage.cli(['resume', 'last', '--yes', ...fast], {env: {TZ: 'Asia/Tokyo'}})).code).toBe(20);
  // The enrolment that the last row would have changed is none that the row adds anew.
  expect(outcomes(stage.report())).toEqual(['updated', 'updated', 'updated', 'updated', 'updated', 'failed']);
  const paths = applied(stage.sandbox).map(({path}) => path);
  expect(paths.sort()).toEqual([1000, 1001, 1002, 1003, 1004].map((id) => `/v2/users/${id}`));
  expect(users.get(1006)?.pool_year).not.toBe('2031');
  expect(cursusUsers.by('user_id', 1005)).toEqual([]);
});
