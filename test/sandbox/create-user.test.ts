import {expect, test} from 'vitest';
import {openSandbox} from './open-sandbox.ts';

const user = {
  email: 'a.martin@example.net',
  campus_id: '9',
  first_name: 'Anne',
  last_name: 'Martin',
  kind: 'external',
  pool_year: '2031',
};
const now = () => Date.parse('2031-03-04T08:00:00Z');

test('an account gets a login, three fields are answered, and its e-mail goes to the candidature', async () => {
  const {send, sandbox} = await openSandbox({now});
  const response = await send('POST', '/v2/users', {user});
  expect(response.status).toBe(201);
  const {id, ...answer} = (await response.json()) as {id: number; login: string; url: string};
  expect(answer).toEqual({login: 'anmartin', url: 'https://api.intra.42.fr/v2/users/anmartin'});
  expect(sandbox.store.users.get(id)).toMatchObject({
    ...user,
    campus_id: 9,
    email: 'anmartin@student.42.fr',
    login: 'anmartin',
  });
  expect(sandbox.store.candidatures.by('user_id', id)).toMatchObject([{email: user.email}]);
  const listed = await send('GET', `/v2/user_candidatures?filter[email]=${user.email},other@example.net`);
  expect(await listed.json()).toMatchObject([{user_id: id, email: user.email}]);
});

test('without a cursus an account is put into piscine-c', async () => {
  const {send, sandbox} = await openSandbox({now});
  const cursusOf = async (body: object) => {
    const {id} = (await (await send('POST', '/v2/users', {user: {...user, ...body}})).json()) as {id: number};
    return sandbox.store.cursusUsers.by('user_id', id).map(({cursus_id}) => cursus_id);
  };
  expect(await cursusOf({})).toEqual([4]);
  expect(await cursusOf({cursus_id: '21'})).toEqual([21]);
  const nested = {cursus_users_attributes: [{cursus_id: '9', begin_at: '2031-07-05'}]};
  expect(await cursusOf(nested)).toEqual([9]);
});

test('the same e-mail makes a second account, unless e-mails stay where they are', async () => {
  const moved = await openSandbox();
  for (const _time of [1, 2]) expect((await moved.send('POST', '/v2/users', {user})).status).toBe(201);
  const {send} = await openSandbox({movesEmail: false});
  expect((await send('POST', '/v2/users', {user})).status).toBe(201);
  const refused = await send('POST', '/v2/users', {user});
  expect(refused.status).toBe(422);
  expect(await refused.json()).toEqual({errors: ['Email has already been taken']});
});

test('what is wrong with an account or what belongs to it leaves nothing behind', async () => {
  const {send, sandbox} = await openSandbox();
  const {users, candidatures} = sandbox.store;
  const before = [users.size, candidatures.size];
  const errors = async (body: object) => {
    const response = await send('POST', '/v2/users', {user: {...user, ...body}});
    expect(response.status).toBe(422);
    return ((await response.json()) as {errors: string[]}).errors;
  };
  expect(await errors({kind: ''})).toEqual(["Kind can't be blank"]);
  expect(await errors({login: 'jeanne'})).toEqual(['Login has already been taken']);
  expect(await errors({cursus_users_attributes: [{cursus_id: '9'}]})).toEqual([
    "Cursus users begin at can't be blank",
  ]);
  expect(await errors({user_candidature_attributes: {phone_country_code: 'ZZ'}})).toHaveLength(1);
  expect([users.size, candidatures.size]).toEqual(before);
});
