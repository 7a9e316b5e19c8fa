import {type Clock, type Instant, instant, maxElapsedMs} from '../clock.ts';
import {RefusedError, TemporaryError} from '../errors.ts';
import {isRecord} from '../http/parse-json.ts';
import type {ApiResult} from './classify-response.ts';
import {describeResult} from './describe-result.ts';

export interface AccessTokenOptions {
  clock: Clock;
  credentials: {uid: string; secret: string};
  /** The union of what the jobs of this command need, and no more. */
  scopes: readonly string[];
  /** Aborted when nothing new may be sent: no wait outlives it. */
  stop: AbortSignal;
  /** Sends the form to the token endpoint, within the limits; throws when that is stopped. */
  request: (form: URLSearchParams) => Promise<ApiResult>;
}

interface Token {
  value: string;
  /** From this very response: the server may hand out a token that has been living for a while. */
  lifetimeSeconds: number;
  received: Instant;
  /** The API accepted it at least once. */
  hasWorked: boolean;
}

const maxTries = 5;
const minBetweenForcedRenewalsMs = 30_000;
/** One 401 proves little: another client may revoke tokens. So many tokens that never worked do. */
const maxRefusedTokens = 3;
/** So many tokens in a row that were too old before one request was accepted with them end a run. */
const maxExpiredTokens = 5;

/**
 * The application's token by client credentials (OAuth 2, RFC 6749 4.4). One request at a time serves all
 * that wait; the token is renewed ahead of expiry, and after a 401. It lives in memory only.
 */
export class AccessToken {
  readonly #options: AccessTokenOptions;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;
  #isRevoked = false;
  /** Tokens in a row that were refused, or expired, and had never worked. */
  #refused = 0;
  #expired = 0;
  #nextForced = -Infinity;
  /** When the application's secret stops working, if the API said so: seconds since 1970. */
  secretValidUntil: number | undefined;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  /** A token good for another minute (or half its life, if that is less). */
  async current(): Promise<string> {
    if (this.#token && !this.#isAging(this.#token)) return this.#token.value;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return (await this.#fetching).value;
  }

  /** Whether this very token may still be sent. */
  isGood(value: string): boolean {
    return this.#token?.value === value && !this.#isAging(this.#token);
  }

  /** The API answered a request with this token, and not by a 401. */
  accepted(value: string): void {
    this.#refused = this.#expired = 0;
    if (this.#token?.value === value) this.#token.hasWorked = true;
  }

  /**
   * The API answered 401 to this token. The next `current()` fetches another one.
   *
   * @throws RefusedError when it is hopeless: several tokens in a row never worked.
   */
  refused(value: string): void {
    if (this.#token?.value !== value || this.#isAging(this.#token)) return;
    if (this.#token.hasWorked) this.#isRevoked = true;
    else this.#refused++;
    if (this.#refused >= maxRefusedTokens) {
      throw new RefusedError(
        `the API accepts none of the ${this.#refused} access tokens that it has just given`,
        {
          code: 'token_refused',
          hint: 'check the application on the intra (is it active, are its scopes and roles right?), then: bulk42 doctor',
        },
      );
    }
    this.#token = undefined;
  }

  #isAging({lifetimeSeconds, received}: Token): boolean {
    const ageSeconds = maxElapsedMs(this.#options.clock, received) / 1000;
    return lifetimeSeconds - ageSeconds < Math.min(60, lifetimeSeconds / 2);
  }

  async #fetch(): Promise<Token> {
    const {clock, stop, credentials, scopes, request} = this.#options;
    if (this.#token && !this.#token.hasWorked) this.#expired++;
    if (this.#token && this.#expired >= maxExpiredTokens) throw tooShortLived(this.#token);
    await this.#spaceRenewals();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.uid,
      client_secret: credentials.secret,
      scope: scopes.join(' '),
    });
    for (let attempt = 1; ; attempt++) {
      const received = instant(clock);
      const result = await request(form);
      const fetched = this.#read(result, received);
      if (fetched) return (this.#token = fetched);
      if (attempt === maxTries) {
        throw new TemporaryError(`no access token: the API ${describeResult(result)}, ${maxTries} times`, {
          code: 'token_unavailable',
          hint: 'the API may be down; try again later',
        });
      }
      await clock.sleep(1000 * 2 ** (attempt - 1), stop);
    }
  }

  /** Two clients that revoke each other's tokens must not turn into a storm of token requests. */
  async #spaceRenewals(): Promise<void> {
    if (!this.#isRevoked) return;
    const {clock, stop} = this.#options;
    await clock.sleep(this.#nextForced - clock.mono(), stop);
    this.#nextForced = clock.mono() + minBetweenForcedRenewalsMs;
    this.#isRevoked = false;
  }

  /** The token of a response; undefined where asking again may help. */
  #read(result: ApiResult, received: Instant): Token | undefined {
    switch (result.kind) {
      case 'success':
        return this.#parse(result.response.json, received);
      case 'not_connected':
      case 'redirect':
        throw result.error;
      case 'unauthorized':
      case 'blocked':
      case 'scope_missing':
        throw refusal(result.response.json, this.#options.scopes);
      case 'refused':
        if (![400, 403].includes(result.response.status)) return undefined;
        throw refusal(result.response.json, this.#options.scopes);
      case 'unsent':
      case 'no_response':
      case 'rate_limited':
      case 'misdirected':
      case 'wrong_server':
      case 'server_error':
      case 'unclear':
        return undefined;
    }
  }

  #parse(json: unknown, received: Instant): Token | undefined {
    if (!isRecord(json)) return undefined;
    const {
      access_token: value,
      token_type: type,
      expires_in: lifetimeSeconds,
      secret_valid_until: until,
    } = json;
    const isSound =
      typeof value === 'string' &&
      /^[A-Za-z0-9._~+/-]+=*$/.test(value) &&
      typeof type === 'string' &&
      type.toLowerCase() === 'bearer' &&
      typeof lifetimeSeconds === 'number' &&
      lifetimeSeconds >= 1 &&
      lifetimeSeconds <= 86_400;
    if (!isSound) return undefined;
    if (typeof until === 'number') this.secretValidUntil = until;
    const hasWorked = this.#token?.value === value && this.#token.hasWorked;
    return {value, lifetimeSeconds, received, hasWorked};
  }
}

function tooShortLived({lifetimeSeconds}: Token): TemporaryError {
  return new TemporaryError(
    `the access tokens that the API gives expire before they are used (after ${Math.floor(lifetimeSeconds)} s)`,
    {code: 'token_expired', hint: 'try again later; where it stays so, ask the intra team'},
  );
}

function refusal(json: unknown, scopes: readonly string[]): RefusedError {
  if (isRecord(json) && json['error'] === 'invalid_scope') {
    return new RefusedError(`the application may not ask for the scopes ${scopes.join(' ')}`, {
      code: 'scope',
      hint: 'add the missing scope to the application in its settings on the intra',
    });
  }
  return new RefusedError('the API does not accept FORTYTWO_UID and FORTYTWO_SECRET', {
    code: 'credentials',
    hint: 'copy both again from the application page on the intra: secrets are replaced from time to time',
  });
}
