import {describe, expect, test} from 'vitest';
import {openSandbox} from './open-sandbox.ts';
import type {OpenSandbox} from './open-sandbox.ts';

interface Item {
  id: number;
  login: string;
  [field: string]: unknown;
}

async function list(send: OpenSandbox['send'], path: string): Promise<{items: Item[]; headers: Headers}> {
  const response = await send('GET', path);
  expect(response.status).toBe(200);
  return {items: (await response.json()) as Item[], headers: response.headers};
}

describe('pages', () => {
  test('30 by default, in order of id, with the number of all items', async () => {
    const {send} = await openSandbox({users: 120});
    const {items, headers} = await list(send, '/v2/users');
    expect(items.map(({id}) => id).slice(0, 7)).toEqual([1, 2, 3, 4, 46, 64, 1000]);
    expect(items).toHaveLength(30);
    expect([headers.get('x-page'), headers.get('x-per-page'), headers.get('x-total')]).toEqual([
      '1',
      '30',
      '126',
    ]);
  });

  test.each(['page[size]=500&page[number]=2', 'per_page=500&page=2'])(
    '%s is clamped to 100',
    async (query) => {
      const {send, sandbox} = await openSandbox({users: 120});
      const {items, headers} = await list(send, `/v2/users?${query}`);
      expect(items.map(({id}) => id)).toEqual(Array.from({length: 26}, (_, index) => 1094 + index));
      expect(headers.get('x-per-page')).toBe('100');
      const first = /<([^>]+)>; rel="first"/.exec(headers.get('link') ?? '')?.[1] ?? '';
      expect(first.startsWith(`${sandbox.url}/v2/users?`)).toBe(true);
      expect((await list(send, first.slice(sandbox.url.length))).items).toHaveLength(100);
      expect(headers.get('link')).not.toContain('rel="next"');
    },
  );

  test('a page beyond the end is empty', async () => {
    const {send} = await openSandbox({users: 5});
    const {items, headers} = await list(send, '/v2/users?page[number]=9&page[size]=4');
    expect([items.length, headers.get('x-total'), headers.get('x-page')]).toEqual([0, '11', '9']);
  });
});

describe('filters', () => {
  test('100 logins in one request, whatever their case; unknown ones are absent', async () => {
    const {send, sandbox} = await openSandbox({users: 120});
    const logins = [...sandbox.store.users.values()].slice(6, 105).map(({login}) => login.toUpperCase());
    const wanted = [...logins, 'nobody'].join('%2C');
    const {items} = await list(send, `/v2/users?filter%5Blogin%5D=${wanted}&page%5Bsize%5D=100`);
    expect(items.map(({login}) => login.toUpperCase())).toEqual(logins);
  });

  test('commas are OR, several filters AND', async () => {
    const {send, sandbox} = await openSandbox();
    for (const [user_id, godfather_id] of [
      [1, 2],
      [1, 3],
      [2, 3],
      [4, 3],
    ]) {
      await send('POST', '/v2/patronages', {patronage: {user_id, godfather_id}});
    }
    const ids = async (query: string) =>
      (await list(send, `/v2/patronages?${query}`)).items.map(({id}) => id);
    expect(await ids('filter[user_id]=1,4')).toEqual([123, 124, 126]);
    expect(await ids('filter[user_id]=1,2&filter[godfather_id]=3')).toEqual([124, 125]);
    expect(await ids('filter[id]=126,124,999')).toEqual([124, 126]);
    expect(await ids('filter[ongoing]=false')).toEqual([]);
    expect((await list(send, '/v2/users/jeanne/patronages')).items.map(({id}) => id)).toEqual([123, 124]);
    sandbox.store.patronages.delete(124);
    expect(await ids('filter[godfather_id]=3')).toEqual([125, 126]);
  });

  test('email: the own address and the alias find the account; only the alias is shown', async () => {
    const {send, sandbox} = await openSandbox();
    const own = sandbox.store.users.get(1004)?.email.toUpperCase();
    const {items} = await list(send, `/v2/users?filter[email]=${own},BBERNARD@student.42.fr`);
    expect(items.map(({login, email}) => [login, email])).toEqual([
      ['bbernard', 'bbernard@student.42.fr'],
      ['eait-ahm', 'eait-ahm@student.42.fr'],
    ]);
    for (const hidden of ['cursus_users', 'status', 'user_candidature', 'password']) {
      expect(items[0]).not.toHaveProperty(hidden);
    }
  });

  test('the kind of a close is never shown but can be filtered', async () => {
    const {send} = await openSandbox();
    for (const kind of ['other', 'black_hole']) {
      await send('POST', '/v2/closes', {close: {user_id: 64, closer_id: 2, reason: `because ${kind}`, kind}});
    }
    const {items} = await list(
      send,
      '/v2/closes?filter[user_id]=64&filter[kind]=black_hole&filter[state]=close',
    );
    expect(items).toMatchObject([
      {id: 4, reason: 'because black_hole', end_at: null, user: {id: 64}, closer: {id: 2}},
    ]);
    expect(items[0]).not.toHaveProperty('kind');
  });

  test('listed cursus_users show their times', async () => {
    const {send} = await openSandbox({now: () => Date.parse('2026-11-22T12:00:00Z')});
    for (const user_id of [1000, 1001, 1002]) {
      await send('POST', '/v2/cursus_users', {
        cursus_user: {
          user_id,
          cursus_id: user_id === 1001 ? 9 : 21,
          begin_at: '2026-12-01',
          has_coalition: false,
        },
      });
    }
    const path = '/v2/cursus_users?filter[user_id]=1001,1002&filter[cursus_id]=21&filter[future]=true';
    expect((await list(send, path)).items).toMatchObject([
      {
        id: 129,
        cursus_id: 21,
        has_coalition: false,
        created_at: '2026-11-22T12:00:00.000Z',
        blackholed_at: null,
      },
    ]);
  });

  test('an unknown filter and an unknown sort are 400', async () => {
    const {send} = await openSandbox();
    const filter = await send('GET', '/v2/users?filter[campus_id]=1');
    expect(filter.status).toBe(400);
    expect(await filter.json()).toMatchObject({
      error: 'Filter Error',
      message: expect.stringContaining('login'),
    });
    const sort = await send('GET', '/v2/patronages?sort=-score');
    expect(await sort.json()).toEqual({error: 'Sort Error', message: 'The score field is not sortable'});
  });
});

test('sort and range', async () => {
  const {send} = await openSandbox();
  const ids = async (query: string) => (await list(send, `/v2/users?${query}`)).items.map(({id}) => id);
  expect(await ids('range[id]=1003,1005&sort=-id')).toEqual([1005, 1004, 1003]);
  expect(await ids('filter[id]=1000,1001,1026&sort=-last_name,login')).toEqual([1026, 1000, 1001]);
});
