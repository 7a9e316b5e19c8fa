import {describe, expect, it} from 'vitest';
import type {Call} from '../../src/http/client.ts';
import {classifyResponse} from '../../src/api/classify-response.ts';
import type {Connection} from '../../src/api/connection.ts';
import type {HttpResult} from '../../src/http/http-result.ts';
import {lookUpUsers} from '../../src/api/look-up.ts';
import {Reader} from '../../src/api/reader.ts';
import {ConfigurationError, Interrupted, RefusedError} from '../../src/errors.ts';
import {cut, empty, html, json, noResponse, respond} from './responses.ts';

type Asked = Pick<Call, 'path' | 'query'> & {purpose: string};

/** A reader whose requests are answered by a function, and whose waits are over at once. */
function readerOf(answer: (asked: Asked, n: number) => HttpResult) {
  const asked: Asked[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  const connection = {
    read: (call: Call, purpose: string) => {
      asked.push({path: call.path, query: call.query ?? [], purpose});
      return Promise.resolve(
        classifyResponse(answer(asked.at(-1) as Asked, asked.length), {...call, method: 'GET'}),
      );
    },
  } as unknown as Connection;
  const clock = {wall: () => 0, mono: () => 0, sleep: (ms: number) => Promise.resolve(void slept.push(ms))};
  return {reader: new Reader(connection, clock, stop.signal), asked, slept, stop};
}

/** Pages of a list, as the API gives them: `size` at most on each, whatever was asked for. */
function pagesOf(items: readonly unknown[], headers: (total: number) => Record<string, string>, size = 100) {
  return ({query}: Asked) => {
    const page = Number(new Map(query).get('page[number]') ?? 1);
    return json(200, items.slice((page - 1) * size, page * size), {
      'x-per-page': String(size),
      ...headers(items.length),
    });
  };
}

/** What a list of one record is shown by. */
const onePage = {'x-per-page': '100', 'x-total': '1'};

const numbers = (count: number) => Array.from({length: count}, (_, n) => ({id: n + 1}));

describe('a list', () => {
  it.each([
    ['nothing', 0, 1],
    ['one page', 37, 1],
    ['exactly one page', 100, 2],
    ['three pages', 250, 3],
    ['exactly three pages', 300, 4],
  ])('of %s is read whole, up to a page that is not full', async (_what, count, requests) => {
    const {reader, asked} = readerOf(pagesOf(numbers(count), (total) => ({'x-total': String(total)})));
    expect(await reader.list(['closes'], [['filter[user_id]', '1,2']])).toEqual(numbers(count));
    expect(asked).toHaveLength(requests);
    expect(asked[0]).toEqual({
      path: ['closes'],
      query: [
        ['filter[user_id]', '1,2'],
        ['page[size]', '100'],
      ],
      purpose: 'read',
    });
    expect(asked.slice(1).map(({query}) => query?.at(-1))).toEqual(
      Array.from({length: requests - 1}, (_, n) => ['page[number]', String(n + 2)]),
    );
  });

  it.each([
    ['is missing', {}],
    ['is empty', {'x-total': ''}],
    ['is no number', {'x-total': 'many'}],
    ['is below nothing', {'x-total': '-1'}],
  ])('whose total %s is read twice, up to the page that is not full', async (_what, headers) => {
    const whole = readerOf(pagesOf(numbers(250), () => headers));
    expect(await whole.reader.list(['closes'], [])).toHaveLength(250);
    const even = readerOf(pagesOf(numbers(200), () => headers));
    expect(await even.reader.list(['closes'], [])).toHaveLength(200);
    expect(even.asked).toHaveLength(6);
  });

  it('whose pages are smaller than asked for is read whole', async () => {
    const {reader} = readerOf(pagesOf(numbers(95), (total) => ({'x-total': String(total)}), 30));
    expect(await reader.list(['users'], [])).toHaveLength(95);
  });

  it('that holds less than its total says is read twice', async () => {
    const {reader, asked} = readerOf(pagesOf(numbers(150), () => ({'x-total': '400'})));
    expect(await reader.list(['users'], [])).toHaveLength(150);
    expect(asked).toHaveLength(6);
  });

  it('that is empty and does not say how many it has is read twice', async () => {
    const {reader, asked} = readerOf((_asked, n) =>
      n === 1 ? json(200, []) : json(200, [{id: 7}], {'x-per-page': '100', 'x-total': '1'}),
    );
    expect(await reader.list(['patronages'], [])).toEqual([{id: 7}]);
    expect(asked).toHaveLength(2);
  });

  it('links to nowhere: the next page is asked for by its number', async () => {
    const headers = (total: number) => ({
      'x-total': String(total),
      link: '<https://evil.test/v2/users?page=2>; rel="next"',
    });
    const {reader, asked} = readerOf(pagesOf(numbers(150), headers));
    await reader.list(['users'], []);
    expect(asked.map(({path}) => path)).toEqual([['users'], ['users']]);
  });

  it.each<[string, HttpResult, string?]>([
    ['no list', json(200, {id: 1})],
    ['a message', json(200, {status: 'maintenance'})],
    ['missing', json(404, {}), 'list_missing'],
    ['a bad request', json(400, {error: 'bad filter'})],
    ['an unknown refusal', json(422, {errors: {}})],
  ])('that is %s is no list without items', async (_what, answer, code = 'read_failed') => {
    const {reader, asked} = readerOf((_asked, n) => (n === 1 ? answer : json(200, [], {'x-total': '0'})));
    expect(await reader.list(['patronages'], [])).toEqual([]);
    expect(asked).toHaveLength(2);
    await expect(readerOf(() => answer).reader.list(['patronages'], [])).rejects.toMatchObject({
      exitCode: 75,
      code,
    });
  });

  it('that changes each time that it is read ends the run', async () => {
    const {reader} = readerOf((_asked, n) => json(200, n % 3 === 0 ? [] : [{id: n}]));
    await expect(reader.list(['patronages'], [])).rejects.toMatchObject({exitCode: 75, code: 'list_changes'});
  });

  it('that is forbidden twice may not be read; once may be a passing fault', async () => {
    const forbidden = json(403, {error: 'Forbidden'});
    const {reader} = readerOf((_asked, n) => (n === 1 ? forbidden : json(200, [])));
    expect(await reader.list(['patronages'], [])).toEqual([]);
    const refused = readerOf(() => forbidden);
    await expect(refused.reader.list(['patronages'], [])).rejects.toMatchObject({
      exitCode: 77,
      code: 'reading_refused',
    });
    expect(refused.asked).toHaveLength(2);
  });

  it.each([[[null]], [[7]], [[{id: 1}, 'x']], [[[]]]])(
    'that holds something else than records is read again, and then the run ends: %j',
    async (items) => {
      const {reader, asked} = readerOf((_asked, n) => json(200, n < 5 ? items : [{id: 7}], onePage));
      expect(await reader.list(['users'], [])).toEqual([{id: 7}]);
      expect(asked).toHaveLength(5);
      await expect(readerOf(() => json(200, items)).reader.list(['users'], [])).rejects.toMatchObject({
        code: 'read_failed',
        exitCode: 75,
      });
    },
  );

  it('of 200,000 items on one page is read', async () => {
    const {reader} = readerOf(() =>
      json(
        200,
        Array.from({length: 200_000}, () => ({})),
        {'x-total': '200000'},
      ),
    );
    expect(await reader.list(['users'], [])).toHaveLength(200_000);
  });

  it('is read for the purpose that is given', async () => {
    const {reader, asked} = readerOf(() => json(200, []));
    await reader.list(['users'], [], 'settle');
    expect(asked[0]?.purpose).toBe('settle');
  });
});

describe('a record', () => {
  it.each([
    ['is given', json(200, {id: 7, login: 'andre'}), {id: 7, login: 'andre'}],
    ['is missing', json(404, {}), undefined],
    ['is missing, says a page', html(404), undefined],
    ['is {}', json(200, {}), undefined],
  ])('%s', async (_what, answer, expected) => {
    const {reader} = readerOf(() => answer);
    expect(await reader.one(['users', 7])).toEqual(expected);
  });
});

describe('a reading that fails', () => {
  const failures = [
    ['500', json(500, {})],
    ['502', html(502)],
    ['408', empty(408)],
    ['a firewall page', html(403)],
    ['no answer', noResponse(true, 'timeout')],
    ['no connection', noResponse(false, 'ENOTFOUND')],
    ['a page instead of JSON', html(200)],
    ['JSON that is cut off', cut(json(200, []))],
    ['broken JSON', respond(200, '[{"id":', {'content-type': 'application/json'})],
    ['nothing at all', empty(200)],
  ] as const;
  it.each(failures)(
    'by %s is tried five times and then thrown: it is never "nothing there"',
    async (_what, answer) => {
      for (const read of [
        (reader: Reader) => reader.list(['users'], []),
        (reader: Reader) => reader.one(['users', 7]),
      ]) {
        const {reader, asked, slept} = readerOf(() => answer);
        await expect(read(reader)).rejects.toMatchObject({code: 'read_failed', exitCode: 75});
        expect(asked).toHaveLength(5);
        expect(slept).toHaveLength(4);
        expect(Math.max(...slept)).toBeLessThan(8000);
      }
    },
  );

  it.each(failures)('by %s, and then does not, is as if it never had', async (_what, answer) => {
    const {reader} = readerOf((_asked, n) => (n < 5 ? answer : json(200, [{id: 7}])));
    expect(await reader.list(['users'], [])).toEqual([{id: 7}]);
  });

  it('by the limits is repeated as often as the limiter lets it', async () => {
    const {reader, asked} = readerOf((_asked, n) => (n <= 12 ? empty(429) : json(200, [{id: 7}], onePage)));
    expect(await reader.list(['users'], [])).toEqual([{id: 7}]);
    expect(asked).toHaveLength(13);
  });

  it.each([
    ['403 for a scope', json(403, {error: 'Insufficient scope'}), RefusedError, 'scope'],
    ['a redirect', empty(302), ConfigurationError, 'redirect'],
    ['a certificate', noResponse(false, 'CERT_HAS_EXPIRED'), RefusedError, 'certificate'],
  ])('for good is not repeated: %s', async (_what, answer, type, code) => {
    const {reader, asked} = readerOf(() => answer);
    const failure: unknown = await reader.list(['users'], []).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect(failure).toMatchObject({code});
    expect(asked).toHaveLength(1);
  });

  it('is given up when the run is to end', async () => {
    const {reader, stop} = readerOf(() => html(503));
    stop.abort();
    await expect(reader.list(['users'], [])).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('looking users up', () => {
  it('asks for a hundred logins at a time, and tells only those that the API knows', async () => {
    const logins = Array.from({length: 230}, (_, n) => `login-${n}`);
    const {reader, asked} = readerOf(({query = []}) => {
      const names = (new Map(query).get('filter[login]') ?? '').split(',');
      // In another order, another case, and without those that are unknown.
      const known = names.filter((name) => !name.endsWith('7')).toReversed();
      return json(
        200,
        known.map((login) => ({id: Number(login.slice(6)) + 5000, login: login.toUpperCase()})),
        {...onePage, 'x-total': String(known.length)},
      );
    });
    const shown: number[] = [];
    const ids = await lookUpUsers(reader, logins, (id) => shown.push(id));
    expect(asked.map(({query}) => new Map(query).get('filter[login]')?.split(',').length)).toEqual([
      100, 100, 30,
    ]);
    expect(ids.get('login-0')).toBe(5000);
    expect(ids.get('login-229')).toBe(5229);
    expect(ids.has('login-17')).toBe(false);
    expect(ids.size).toBe(207);
    expect(shown).toHaveLength(207);
  });

  it('asks nothing for no logins, and takes no user without id or login', async () => {
    const {reader, asked} = readerOf(() =>
      json(200, [{id: 1}, {login: 'x'}, {id: '2', login: 'y'}, {id: 3, login: 'z'}]),
    );
    expect((await lookUpUsers(reader, [], () => undefined)).size).toBe(0);
    expect(asked).toHaveLength(0);
    expect([...(await lookUpUsers(reader, ['z'], () => undefined))]).toEqual([['z', 3]]);
  });
});
