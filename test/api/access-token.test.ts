import {describe, expect, it} from 'vitest';
import {AccessToken} from '../../src/api/access-token.ts';
import {classifyResponse} from '../../src/api/classify-response.ts';
import type {HttpResult} from '../../src/http/http-result.ts';
import {ConfigurationError, Interrupted, RefusedError} from '../../src/errors.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {cut, empty, html, json, noResponse, respond} from './responses.ts';

const second = 1000;
const minute = 60 * second;

const sound = {access_token: 'tok-1.~+/a==', token_type: 'bearer', expires_in: 7168, scope: 'public'};
const given = (value: string, seconds = 7168, more: object = {}) =>
  json(200, {...sound, access_token: value, expires_in: seconds, ...more});

/** A token endpoint that gives one result after the other, and the last one again and again. */
function endpoint(...results: HttpResult[]) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const forms: URLSearchParams[] = [];
  const asked: number[] = [];
  const start = clock.mono();
  const token = new AccessToken({
    clock,
    stop: stop.signal,
    credentials: {uid: 'u-s4t2ud-9', secret: 's-s4t2ud-0&='},
    scopes: ['public', 'tig'],
    request: (form) => {
      if (stop.signal.aborted) return Promise.reject(new Interrupted());
      forms.push(form);
      asked.push(clock.mono() - start);
      const result = results[Math.min(forms.length, results.length) - 1] as HttpResult;
      return Promise.resolve(classifyResponse(result, {method: 'POST', path: 'oauth/token'}));
    },
  });
  return {token, clock, stop, forms, asked};
}

/** Waits for a promise while virtual time passes. */
async function meanwhile<T>(clock: FakeClock, ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await clock.advance(ms);
  return promise;
}

describe('the token', () => {
  it('is asked for by client credentials, with the scopes that are needed', async () => {
    const {token, forms} = endpoint(given('tok-1'));
    expect(await token.current()).toBe('tok-1');
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'u-s4t2ud-9',
      client_secret: 's-s4t2ud-0&=',
      scope: 'public tig',
    });
  });

  it('is asked for once, however many need it', async () => {
    const {token, forms} = endpoint(given('tok-1'));
    expect(await Promise.all(Array.from({length: 20}, () => token.current()))).toEqual(
      Array.from({length: 20}, () => 'tok-1'),
    );
    expect(forms).toHaveLength(1);
  });

  it('is renewed a minute before it expires, by what its own answer said', async () => {
    const {token, clock, forms} = endpoint(given('tok-1', 1000), given('tok-2', 7200));
    await token.current();
    await clock.advance(939 * second);
    expect(token.isGood('tok-1')).toBe(true);
    expect(await token.current()).toBe('tok-1');
    await clock.advance(2 * second);
    expect(token.isGood('tok-1')).toBe(false);
    expect(await token.current()).toBe('tok-2');
    expect(token.isGood('tok-1')).toBe(false);
    await clock.advance(7100 * second);
    expect(await token.current()).toBe('tok-2');
    expect(forms).toHaveLength(2);
  });

  it.each([
    ['a laptop slept', (clock: FakeClock) => Promise.resolve(clock.setWall(1000 * second))],
    [
      'the wall clock was set back',
      async (clock: FakeClock) => {
        clock.setWall(-24 * 60 * minute);
        await clock.advance(1000 * second);
      },
    ],
  ])('expires when %s', async (_what, pass) => {
    const {token, clock} = endpoint(given('tok-1', 1000), given('tok-2'));
    await token.current();
    await pass(clock);
    expect(await token.current()).toBe('tok-2');
  });

  it('that comes back the same, with less time, serves for half of that each time', async () => {
    const {token, clock, asked} = endpoint(
      given('tok-1', 40),
      given('tok-1', 20),
      given('tok-1', 8),
      given('tok-2', 7200),
    );
    for (let n = 0; n < 60; n++) {
      await token.current();
      await clock.advance(second);
    }
    expect(await token.current()).toBe('tok-2');
    expect(asked.map((ms) => ms / second)).toEqual([0, 21, 32, 37]);
  });

  it('that expires before it is used, five times in a row, ends the run and says so', async () => {
    const {token, clock, forms} = endpoint(...Array.from({length: 20}, (_, n) => given(`tok-${n}`, 2)));
    // One that was used makes up for those before it.
    for (let n = 0; n < 3; n++) {
      await token.current();
      await clock.advance(1.5 * second);
    }
    token.accepted(await token.current());
    for (let n = 0; n < 5; n++) {
      await clock.advance(1.5 * second);
      await token.current();
    }
    await clock.advance(1.5 * second);
    await expect(token.current()).rejects.toMatchObject({
      code: 'token_expired',
      exitCode: 75,
      message: expect.stringContaining('2 s'),
    });
    expect(forms).toHaveLength(9);
  });

  it('that has expired when its request arrives is renewed, and not taken for a wrong one', async () => {
    const {token, clock, asked} = endpoint(...Array.from({length: 9}, (_, n) => given(`tok-${n}`, 2)));
    for (let n = 0; n < 4; n++) {
      const value = await token.current();
      await clock.advance(1.5 * second);
      token.refused(value);
    }
    expect(asked.map((ms) => ms / second)).toEqual([0, 1.5, 3, 4.5]);
  });

  it('tells when the secret expires, where the answer does', async () => {
    const {token} = endpoint(given('tok-1', 7200, {secret_valid_until: 1_800_000_000}));
    await token.current();
    expect(token.secretValidUntil).toBe(1_800_000_000);
  });
});

describe('a 401', () => {
  it('renews the token, once for all who were refused', async () => {
    const {token, forms} = endpoint(given('tok-1'), given('tok-2'));
    await token.current();
    token.accepted('tok-1');
    for (let n = 0; n < 8; n++) token.refused('tok-1');
    expect(await Promise.all(Array.from({length: 8}, () => token.current()))).toEqual(
      Array.from({length: 8}, () => 'tok-2'),
    );
    for (let n = 0; n < 8; n++) token.refused('tok-1');
    expect(await token.current()).toBe('tok-2');
    expect(forms).toHaveLength(2);
  });

  it('to a third token in a row that never worked is hopeless, and shows at once', async () => {
    const {token, asked} = endpoint(...[1, 2, 3].map((n) => given(`tok-${n}`)));
    for (const value of ['tok-1', 'tok-2', 'tok-3']) {
      expect(await token.current()).toBe(value);
      expect(() => token.refused('tok-0')).not.toThrow();
      if (value !== 'tok-3') token.refused(value);
    }
    expect(() => token.refused('tok-3')).toThrow(
      expect.objectContaining({code: 'token_refused', exitCode: 77}),
    );
    expect(asked).toEqual([0, 0, 0]);
  });

  it('to new tokens proves nothing while a request is accepted that was in flight with one of them', async () => {
    const {token} = endpoint(...[1, 2, 3, 4, 5].map((n) => given(`tok-${n}`)));
    for (const value of ['tok-1', 'tok-2', 'tok-3', 'tok-4']) {
      expect(await token.current()).toBe(value);
      token.refused(value);
      if (value === 'tok-2') token.accepted('tok-1');
    }
    expect(await token.current()).toBe('tok-5');
  });

  it('storms do not become storms of token requests: at most one in half a minute', async () => {
    const {token, clock, asked} = endpoint(...Array.from({length: 100}, (_, n) => given(`tok-${n}`)));
    let over = false;
    const work = async () => {
      while (!over) {
        const value = await token.current();
        token.accepted(value);
        await clock.sleep(200);
        // Somebody else has revoked it.
        token.refused(value);
      }
    };
    const workers = Array.from({length: 8}, work);
    await clock.advance(10 * minute);
    over = true;
    await clock.advance(minute);
    await Promise.all(workers);
    expect(asked.length).toBeGreaterThanOrEqual(20);
    const renewals = asked.slice(1);
    for (const [at, ms] of renewals.slice(1).entries())
      expect(ms - (renewals[at] ?? 0)).toBeGreaterThanOrEqual(30 * second);
  });

  it('does not keep a run that is to end waiting', async () => {
    const {token, clock, stop} = endpoint(given('tok-1'), given('tok-2'), given('tok-3'));
    for (const value of ['tok-1', 'tok-2']) {
      expect(await token.current()).toBe(value);
      token.accepted(value);
      token.refused(value);
    }
    const waiting = token.current();
    waiting.catch(() => undefined);
    await clock.advance(second);
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('an answer of the token endpoint', () => {
  it.each([
    ['500', json(500, {})],
    ['a page', html(200)],
    ['204', empty(204)],
    ['one that was cut off', cut(json(200, sound))],
    ['429', respond(429, 'Too many')],
    ['no answer', noResponse(true, 'timeout')],
    ['no connection', noResponse(false, 'ECONNREFUSED')],
    ['no token', json(200, {...sound, access_token: undefined})],
    ['an empty token', json(200, {...sound, access_token: ''})],
    ['a token with a space', json(200, {...sound, access_token: 'a b'})],
    ['a token that would break a header', json(200, {...sound, access_token: 'a\r\nx: y'})],
    ['a token that is a number', json(200, {...sound, access_token: 7})],
    ['a token outside of ASCII', json(200, {...sound, access_token: 'tök'})],
    ['another type of token', json(200, {...sound, token_type: 'mac'})],
    ['no type', json(200, {...sound, token_type: undefined})],
    ['no life', json(200, {...sound, expires_in: undefined})],
    ['a life of nothing', json(200, {...sound, expires_in: 0})],
    ['a life below nothing', json(200, {...sound, expires_in: -1})],
    ['a life in words', json(200, {...sound, expires_in: 'x'})],
    ['a life as text', json(200, {...sound, expires_in: '7200'})],
    ['a life of millennia', json(200, {...sound, expires_in: 1e12})],
    ['a list', json(200, [sound])],
    ['null', json(200, null)],
  ])('that is of no use is asked for again, five times in all: %s', async (_what, answer) => {
    const {token, clock, asked} = endpoint(answer);
    await expect(meanwhile(clock, minute, token.current())).rejects.toMatchObject({
      code: 'token_unavailable',
      exitCode: 75,
    });
    expect(asked.map((ms) => ms / second)).toEqual([0, 1, 3, 7, 15]);
  });

  it('that is good after some that were not is the token', async () => {
    const {token, clock} = endpoint(json(500, {}), noResponse(true, 'ECONNRESET'), given('tok-9'));
    expect(await meanwhile(clock, minute, token.current())).toBe('tok-9');
  });

  it.each([
    ['401', json(401, {error: 'invalid_client'}), RefusedError, 'credentials'],
    ['400', json(400, {error: 'invalid_request'}), RefusedError, 'credentials'],
    ['403', empty(403), RefusedError, 'credentials'],
    ['a scope that the application lacks', json(401, {error: 'invalid_scope'}), RefusedError, 'scope'],
    ['a redirect', empty(302, {location: '/login'}), ConfigurationError, 'redirect'],
    [
      'a certificate that nobody vouches for',
      noResponse(false, 'CERT_HAS_EXPIRED'),
      RefusedError,
      'certificate',
    ],
  ])('that is final is not asked for again: %s', async (_what, answer, type, code) => {
    const {token, asked} = endpoint(answer);
    const failure: unknown = await token.current().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect(failure).toMatchObject({code, exitCode: type === RefusedError ? 77 : 78});
    expect(asked).toEqual([0]);
    expect(String(failure)).not.toContain('s-s4t2ud');
  });

  it('that fails fails everyone who waits, and the next one asks anew', async () => {
    const {token, clock, forms} = endpoint(...Array.from({length: 5}, () => json(503, {})), given('tok-6'));
    const waiting = Promise.allSettled([token.current(), token.current()]);
    await clock.advance(minute);
    expect((await waiting).map(({status}) => status)).toEqual(['rejected', 'rejected']);
    expect(forms).toHaveLength(5);
    expect(await token.current()).toBe('tok-6');
  });
});
