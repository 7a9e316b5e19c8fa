import {describe, expect, it} from 'vitest';
import {Connection, type ConnectionOptions} from '../../src/api/connection.ts';
import {openLimiter} from '../limits/open-limiter.ts';
import {systemClock} from '../../src/clock.ts';
import {Interrupted, RefusedError} from '../../src/errors.ts';
import type {SandboxOptions} from '../../src/sandbox/server.ts';
import type {ApiClient} from '../../src/http/client.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';
import {openClient} from '../http/open-server.ts';
import {json} from './responses.ts';

/** A connection to a sandbox without limits. */
async function connect(options: SandboxOptions = {}, more: Partial<ConnectionOptions> = {}) {
  const {sandbox} = await openSandbox(options);
  const spent: boolean[] = [];
  const stop = new AbortController();
  const limiter = openLimiter({perSecond: 1e6});
  const connection = new Connection({
    clock: systemClock,
    client: openClient(sandbox.url, {connections: 10}),
    limiter,
    credentials: {uid: sandbox.uid, secret: sandbox.secret},
    scopes: ['public', 'tig'],
    stop: stop.signal,
    onSpent: (refused) => spent.push(refused),
    ...more,
  });
  const paths = () => sandbox.ledger.map(({method, path, status}) => `${method} ${path} ${status}`);
  return {sandbox, connection, limiter, spent, stop, paths};
}

const users = {path: ['users'], query: [['page[size]', '1']]} as const;

describe('reading', () => {
  it('fetches a token first, once, and tells of every request', async () => {
    const {connection, spent, paths} = await connect();
    const results = await Promise.all([connection.read(users), connection.read(users)]);
    expect(results.map(({kind}) => kind)).toEqual(['success', 'success']);
    expect(paths()).toEqual(['POST /oauth/token 200', 'GET /v2/users 200', 'GET /v2/users 200']);
    expect(spent).toEqual([false, false, false]);
  });

  it('sends nothing where another machine became the sender while the connection was made', async () => {
    const {connection, limiter, paths} = await connect();
    await connection.token.current();
    const acquire = limiter.acquire.bind(limiter);
    limiter.acquire = async (...args) => Object.assign(await acquire(...args), {mayLeave: () => false});
    expect(await connection.read(users)).toEqual({kind: 'unsent', code: 'held_back'});
    expect(paths()).toEqual(['POST /oauth/token 200']);
  });

  it('renews a token that was revoked, once for all, and reads again', async () => {
    const {connection, sandbox, paths} = await connect();
    await connection.read(users);
    sandbox.revokeTokens();
    const results = await Promise.all(Array.from({length: 8}, () => connection.read(users)));
    expect(results.map(({kind}) => kind)).toEqual(Array(8).fill('success'));
    expect(paths().filter((line) => line.startsWith('POST /oauth/token'))).toHaveLength(2);
    expect(paths().filter((line) => line.endsWith(' 401'))).toHaveLength(8);
  });

  it('does not go on with an application whose tokens never work', async () => {
    const {connection, paths} = await connect({
      faults: [{on: {path: 'users'}, effect: 'none', answer: '401'}],
    });
    await expect(connection.read(users)).rejects.toBeInstanceOf(RefusedError);
    expect(paths()).toHaveLength(6);
  });

  it('learns the limits, the time and the speed of the API', async () => {
    const now = Date.now() - 90 * 60_000;
    const {connection, limiter, sandbox} = await connect({
      perHour: 500,
      perSecond: 40,
      now: () => now,
      latencyMs: 30,
    });
    sandbox.addFault({on: {path: 'users'}, effect: 'none', answer: 'slow', delayMs: 100});
    await connection.read(users);
    expect(limiter.limits).toEqual({perSecond: 40, perHour: 500, left: 499, sharers: 1});
    expect(Math.abs(connection.serverAhead + 90 * 60_000)).toBeLessThan(10_000);
    expect(connection.maxRuntimeMs).toBeGreaterThan(10);
    expect(connection.maxRuntimeMs).toBeLessThan(10_000);
  });

  it('tells of a refusal by the limits', async () => {
    const {connection, spent} = await connect({
      faults: [{on: {path: 'users'}, nth: 1, effect: 'none', answer: '429', retryAfter: '0'}],
    });
    expect(await connection.read(users)).toMatchObject({kind: 'rate_limited'});
    expect(spent).toEqual([false, true]);
  });

  it('stops where the run has to end', async () => {
    const {connection, stop, paths} = await connect();
    await connection.read(users);
    stop.abort();
    await expect(connection.read(users)).rejects.toBeInstanceOf(Interrupted);
    expect(paths()).toHaveLength(2);
  });

  it('sends no more than is allowed in all', async () => {
    let usedUp = 0;
    const {connection, paths} = await connect({}, {allowance: {requests: 3, onUsedUp: () => usedUp++}});
    await connection.read(users);
    await connection.read(users);
    await expect(connection.read(users)).rejects.toBeInstanceOf(Interrupted);
    expect([paths().length, usedUp]).toEqual([3, 1]);
  });
});

describe('writing', () => {
  const pair = {
    method: 'POST',
    path: ['patronages'],
    body: {json: {patronage: {user_id: 3, godfather_id: 4}}},
  } as const;

  it('takes a token and a permission, and is sent once', async () => {
    const {connection, sandbox, spent} = await connect();
    const {token, permit} = await connection.prepareWrite();
    expect(connection.token.isGood(token)).toBe(true);
    const result = await connection.write({...pair, token, requestId: 'a-request-7'}, permit);
    expect(result).toMatchObject({kind: 'success', response: {status: 201}});
    const entry = sandbox.ledger.at(-1);
    expect(entry).toMatchObject({
      method: 'POST',
      path: '/v2/patronages',
      requestId: 'a-request-7',
      authorized: true,
    });
    // Writes are in the journal themselves.
    expect(spent).toEqual([false]);
  });

  it('tells a 401 and sends nothing again by itself', async () => {
    const {connection, sandbox, paths} = await connect();
    await connection.read(users);
    const {token, permit} = await connection.prepareWrite();
    sandbox.revokeTokens();
    expect(await connection.write({...pair, token}, permit)).toMatchObject({kind: 'unauthorized'});
    connection.token.refused(token);
    const renewed = await connection.prepareWrite();
    expect(renewed.token).not.toBe(token);
    expect(await connection.write({...pair, token: renewed.token}, renewed.permit)).toMatchObject({
      response: {status: 201},
    });
    expect(paths().filter((line) => line.startsWith('POST /v2/patronages'))).toHaveLength(2);
  });

  it('keeps the distance at the moment of sending, however the permissions came', async () => {
    const clock = new FakeClock();
    const sent: number[] = [];
    const send: ApiClient['send'] = ({path}) => {
      if (path === 'oauth/token')
        return Promise.resolve(json(200, {access_token: 'tok-1', token_type: 'bearer', expires_in: 7200}));
      sent.push(clock.mono());
      return Promise.resolve(json(201, {id: 4711}));
    };
    const limiter = openLimiter({clock, perSecond: 20});
    const {connection} = await connect({}, {clock, limiter, client: {send} as ApiClient});
    const write = async () => {
      const prepared = [];
      for (let n = 0; n < 3; n++) prepared.push(await connection.prepareWrite());
      // All of them come out of one flush together.
      await Promise.all(
        prepared.map(async ({token, permit}) => {
          await permit.ready();
          await connection.write({...pair, token}, permit);
        }),
      );
    };
    let isDone = false;
    const written = write().finally(() => (isDone = true));
    while (!isDone) await clock.advance(10);
    await written;
    const [first = 0, next = 0, last = 0] = sent;
    expect(Math.min(next - first, last - next)).toBeGreaterThanOrEqual(50);
  });
});
