import {describe, expect, test} from 'vitest';
import {InputError} from '../../src/errors.ts';
import {createFaults, parseFaults} from '../../src/sandbox/faults.ts';
import type {Fault} from '../../src/sandbox/faults.ts';
import {openSandbox} from './open-sandbox.ts';

const patronage = {patronage: {user_id: 3, godfather_id: 4}};
const post = {method: 'POST', path: '/v2/patronages', body: patronage};

describe('choosing', () => {
  const struck = (fault: Partial<Fault>, count: number, arrival = post) => {
    const faults = createFaults([{effect: 'none', answer: '500', ...fault}]);
    return Array.from({length: count}, () => faults.choose(arrival)).flatMap((hit, index) =>
      hit ? [index + 1] : [],
    );
  };

  test('nth, every and times', () => {
    expect(struck({nth: 3}, 9)).toEqual([3]);
    expect(struck({every: 4}, 9)).toEqual([4, 8]);
    expect(struck({times: 2}, 9)).toEqual([1, 2]);
    expect(struck({every: 2, times: 3}, 9)).toEqual([2, 4, 6]);
  });

  test('chance follows its seed', () => {
    const hits = struck({chance: 0.2, seed: 7}, 1000);
    expect(hits.length).toBeGreaterThan(150);
    expect(hits.length).toBeLessThan(250);
    expect(struck({chance: 0.2, seed: 7}, 1000)).toEqual(hits);
    expect(struck({chance: 0.2, seed: 8}, 1000)).not.toEqual(hits);
  });

  test('on: method, whole segments of the path, body', () => {
    const hits = (on: NonNullable<Fault['on']>, arrival = post) => struck({on}, 1, arrival).length;
    expect(hits({method: 'post', path: '/patronages'})).toBe(1);
    expect(hits({method: 'PUT'})).toBe(0);
    expect(hits({path: 'patron'})).toBe(0);
    expect(hits({path: 'users/2'}, {...post, path: '/v2/users/23'})).toBe(0);
    expect(hits({path: 'users'}, {...post, path: '/v2/users/23'})).toBe(1);
    expect(hits({path: '/oauth/token'}, {...post, path: '/oauth/token'})).toBe(1);
    expect(hits({}, {...post, path: '/oauth/token'})).toBe(0);
    expect(hits({body: (body) => body === patronage})).toBe(1);
    expect(hits({body: (body) => body === null})).toBe(0);
  });
});

describe('a fault that applies the write, and one that does not', () => {
  test.each([
    ['500', 500, 'application/json'],
    ['500-html', 500, 'text/html'],
    ['502', 502, 'text/html'],
    ['503', 503, 'text/html'],
    ['504', 504, 'text/html'],
    ['408', 408, ''],
    ['409', 409, 'application/json'],
    ['422-html', 422, 'text/html'],
    ['403-html', 403, 'text/html'],
    ['403-empty', 403, ''],
    ['403-role', 403, 'application/json'],
    ['404-empty-object', 404, 'application/json'],
    ['404-html', 404, 'text/html'],
    ['html-200', 200, 'text/html'],
    ['empty-201', 201, 'application/json'],
    ['bad-json', 201, 'application/json'],
    ['redirect', 302, 'text/html'],
    ['status', 418, 'text/x-tea'],
  ] as const)('%s', async (answer, status, type) => {
    const {sandbox, send} = await openSandbox();
    const fault = {times: 1, answer, location: 'https://example.org/', contentType: 'text/x-tea'};
    const given = answer === 'status' ? {status: 418} : {};
    for (const [effect, size] of [
      ['none', 0],
      ['before', 1],
    ] as const) {
      sandbox.addFault({...fault, ...given, effect});
      const response = await send('POST', '/v2/patronages', patronage);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type') ?? '').toContain(type);
      expect(response.headers.get('location')).toBe(answer === 'redirect' ? fault.location : null);
      expect(sandbox.store.patronages.size).toBe(size);
      expect(sandbox.ledger.at(-1)).toMatchObject({fault: answer, status});
    }
    expect(sandbox.ledger.at(-1)?.applied).toMatchObject({resource: 'patronages', id: 123, action: 'create'});
    expect((await send('POST', '/v2/patronages', patronage)).status).toBe(201);
  });

  test.each(['401', '429'] as const)('%s never applies', async (answer) => {
    const {sandbox, send} = await openSandbox();
    sandbox.addFault({answer, effect: 'before', retryAfter: answer === '429' ? '0x10' : null});
    const response = await send('POST', '/v2/patronages', patronage);
    expect(response.status).toBe(Number(answer));
    expect(response.headers.get('retry-after')).toBe(answer === '429' ? '0x10' : null);
    expect(sandbox.store.patronages.size).toBe(0);
  });

  test.each([
    ['7', '7'],
    [null, null],
    [undefined, '1'],
  ])('a 429 with retryAfter %j sends %j', async (retryAfter, sent) => {
    const {sandbox, send} = await openSandbox();
    sandbox.addFault({answer: '429', effect: 'none', ...(retryAfter === undefined ? {} : {retryAfter})});
    expect((await send('GET', '/v2/users/1')).headers.get('retry-after')).toBe(sent);
  });

  test.each(['reset', 'fin'] as const)('%s cuts the connection', async (answer) => {
    const {sandbox, send} = await openSandbox();
    sandbox.addFault({on: {method: 'POST', path: 'patronages'}, answer, effect: 'before'});
    await expect(send('POST', '/v2/patronages', patronage)).rejects.toThrow('fetch failed');
    expect(sandbox.store.patronages.size).toBe(1);
    expect(sandbox.ledger.at(-1)?.status).toBeUndefined();
  });

  test('truncated: the right status, then half a body', async () => {
    const {sandbox, send} = await openSandbox();
    sandbox.addFault({on: {path: 'patronages'}, answer: 'truncated', effect: 'before'});
    const response = await send('POST', '/v2/patronages', patronage);
    expect(response.status).toBe(201);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(sandbox.store.patronages.size).toBe(1);
  });

  test('a PUT of a 204 is cut in its head', async () => {
    const {sandbox, send} = await openSandbox();
    sandbox.addFault({on: {method: 'PUT'}, answer: 'truncated', effect: 'none'});
    await expect(send('PUT', '/v2/users/2', {user: {status: 'x'}})).rejects.toThrow('fetch failed');
    expect(sandbox.store.users.get(2)?.status).toBeNull();
  });

  test('on the token endpoint', async () => {
    const {sandbox, token} = await openSandbox({
      faults: [
        {on: {path: '/oauth/token'}, nth: 1, answer: 'status', effect: 'none', status: 200, body: '"x"'},
      ],
    });
    expect(await token()).toBeUndefined();
    expect(await token()).toHaveLength(64);
    expect(sandbox.ledger.map(({fault, path}) => [fault, path])).toEqual([
      ['status', '/oauth/token'],
      [undefined, '/oauth/token'],
    ]);
  });
});

/** A timer that the test fires by hand. */
function handTimer() {
  const pending = new Map<() => void, number>();
  return {
    pending,
    after: (ms: number, run: () => void) => {
      pending.set(run, ms);
      return () => pending.delete(run);
    },
    fire: () => {
      const due = Array.from(pending.keys());
      pending.clear();
      for (const run of due) run();
    },
  };
}

describe('time', () => {
  test('a late effect comes although the client is gone', async () => {
    const timer = handTimer();
    const {sandbox, send} = await openSandbox({after: timer.after});
    sandbox.addFault({on: {method: 'POST'}, answer: 'reset', effect: 'late', lateMs: 4321, times: 1});
    await expect(send('POST', '/v2/patronages', patronage)).rejects.toThrow('fetch failed');
    expect([...timer.pending.values()]).toEqual([4321]);
    expect(sandbox.store.patronages.size).toBe(0);
    timer.fire();
    expect(sandbox.store.patronages.size).toBe(1);
    expect(sandbox.ledger.at(-1)?.applied?.id).toBe(123);
  });

  test('closing cancels late effects and ends hanging requests', async () => {
    const timer = handTimer();
    const {sandbox, send} = await openSandbox({after: timer.after});
    await send('GET', '/v2/users/1');
    sandbox.addFault({answer: 'hang', effect: 'late', lateMs: 1000});
    const hanging = send('POST', '/v2/patronages', patronage).catch((error: unknown) => error);
    await expect.poll(() => timer.pending.size).toBe(1);
    await sandbox.close();
    expect(await hanging).toMatchObject({message: 'fetch failed'});
    expect(timer.pending.size).toBe(0);
    expect(sandbox.store.patronages.size).toBe(0);
  });

  test.each([
    ['before', 1],
    ['none', 0],
  ] as const)('slow, effect %s: %i applied while the answer is delayed', async (effect, early) => {
    const timer = handTimer();
    const {sandbox, send} = await openSandbox({after: timer.after});
    sandbox.addFault({on: {method: 'POST', path: 'patronages'}, answer: 'slow', effect, delayMs: 90});
    const answer = send('POST', '/v2/patronages', patronage);
    await expect.poll(() => [...timer.pending.values()]).toEqual([90]);
    expect(sandbox.store.patronages.size).toBe(early);
    timer.fire();
    expect((await answer).status).toBe(201);
    expect(sandbox.store.patronages.size).toBe(1);
  });

  test('a request whose client gave up while it was worked on is applied', async () => {
    const timer = handTimer();
    const {sandbox, token} = await openSandbox({after: timer.after, latencyMs: 60});
    const got = token();
    await expect.poll(() => timer.pending.size).toBe(1);
    timer.fire();
    const headers = {authorization: `Bearer ${await got}`, 'content-type': 'application/json'};
    const abort = new AbortController();
    const body = JSON.stringify(patronage);
    const sent = fetch(`${sandbox.url}/v2/patronages`, {method: 'POST', headers, body, signal: abort.signal});
    await expect.poll(() => timer.pending.size).toBe(1);
    abort.abort();
    await expect(sent).rejects.toThrow('aborted');
    timer.fire();
    expect(sandbox.store.patronages.size).toBe(1);
  });
});

describe('faults from a file', () => {
  test('are read', () => {
    const faults: Fault[] = [
      {on: {method: 'POST', path: 'closes'}, every: 5, effect: 'late', lateMs: 200, answer: '504'},
    ];
    expect(parseFaults(JSON.stringify(faults))).toEqual(faults);
  });

  test.each([
    ['{', 'not valid JSON'],
    ['{}', 'must be a JSON array'],
    ['[{"effect":"none","answer":"500"},{"effect":"none","answer":"501"}]', 'Fault 2: answer must be one of'],
    ['[{"effect":"after","answer":"500"}]', 'Fault 1: effect must be one of'],
    ['[{"effect":"none","answer":"500","nht":2}]', 'unknown field nht'],
    ['[{"effect":"none","answer":"500","nth":"2"}]', 'nth must be a number'],
    ['[{"effect":"none","answer":"500","on":{"body":"x"}}]', 'cannot have body'],
  ])('%s is refused: %s', (text, reason) => {
    expect(() => parseFaults(text)).toThrow(InputError);
    expect(() => parseFaults(text)).toThrow(reason);
  });
});
