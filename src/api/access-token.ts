import {type Clock, type Instant, instant, maxElapsedMs} from '../clock.ts';
import {ConfigurationError, RefusedError, TemporaryError} from '../errors.ts';
import {certificateError, isCertificateError} from '../http/certificate-error.ts';
import {type HttpResult, isRecord, jsonOf} from '../http/http-result.ts';

export interface AccessTokenOptions {
  clock: Clock;
  credentials: {uid: string; secret: string};
  /** The union of what the jobs of this command need, and no more. */
  scopes: readonly string[];
  /** Aborted when nothing new may be sent: no wait outlives it. */
  stop: AbortSignal;
  /** Sends the form to the token endpoint, within the limits; throws when that is stopped. */
  request: (form: URLSearchParams) => Promise<HttpResult>;
}

interface Token {
  value: string;
  /** Seconds, from this very answer: the server may hand out a token that has been living for a while. */
  lifetime: number;
  received: Instant;
  /** The API accepted it at least once, so a later 401 means expired or revoked, not wrong. */
  proven: boolean;
}

const tries = 5;
const minBetweenForcedRenewalsMs = 30_000;

/**
 * The application's token by client credentials (OAuth 2, RFC 6749 4.4). One request at a time serves everyone
 * who waits; it is renewed ahead of expiry, and when the API says 401. It lives in memory only.
 */
export class AccessToken {
  readonly #options: AccessTokenOptions;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;
  #isRevoked = false;
  #nextForced = -Infinity;
  /** When the application's secret stops working, if the API said so: seconds since 1970. */
  secretValidUntil: number | undefined;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  /** A token good for another minute (or half its life, if that is less). */
  async current(): Promise<string> {
    if (this.#token && !this.#aging(this.#token)) return this.#token.value;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return (await this.#fetching).value;
  }

  /** Whether this very token may still be sent. */
  isGood(value: string): boolean {
    return this.#token?.value === value && !this.#aging(this.#token);
  }

  /** The API answered a request with this token by something else than 401. */
  accepted(value: string): void {
    if (this.#token?.value === value) this.#token.proven = true;
  }

  /**
   * The API answered 401 to this token. The next `current()` fetches another one.
   *
   * @throws RefusedError when it is hopeless: a token that never worked.
   */
  refused(value: string): void {
    if (this.#token?.value !== value) return;
    if (!this.#token.proven) {
      throw new RefusedError('the API does not accept the access token that it has just given', {
        code: 'token_refused',
        hint: 'check the application on the intra (is it active, are its scopes and roles right?), then: bulk42 doctor',
      });
    }
    this.#token = undefined;
    this.#isRevoked = true;
  }

  #aging({lifetime, received}: Token): boolean {
    const age = maxElapsedMs(this.#options.clock, received) / 1000;
    return lifetime - age < Math.min(60, lifetime / 2);
  }

  async #fetch(): Promise<Token> {
    const {clock, stop, credentials, scopes, request} = this.#options;
    await this.#spaceRenewals();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.uid,
      client_secret: credentials.secret,
      scope: scopes.join(' '),
    });
    for (let attempt = 1; ; attempt++) {
      const received = instant(clock);
      const exchange = await request(form);
      const fetched = this.#read(exchange, received);
      if (fetched) return (this.#token = fetched);
      if (attempt === tries) {
        throw new TemporaryError(`no access token: the API ${describe(exchange)}, ${tries} times`, {
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

  /** The token of an answer; undefined where asking again may help. */
  #read(exchange: HttpResult, received: Instant): Token | undefined {
    if (exchange.kind === 'lost') {
      if (isCertificateError(exchange.code)) throw certificateError(exchange.code);
      return undefined;
    }
    const {status} = exchange;
    const json = jsonOf(exchange);
    if (status === 400 || status === 401 || status === 403)
      throw refusal(isRecord(json) ? json : {}, this.#options.scopes);
    if (status >= 300 && status < 400) {
      throw new ConfigurationError(`the API redirects the token request (${status})`, {
        code: 'redirect',
        hint: 'check FORTYTWO_BASE_URL: it must be the address of the API itself',
      });
    }
    if (status !== 200 && status !== 201) return undefined;
    const {
      access_token: value,
      token_type: type,
      expires_in: lifetime,
      secret_valid_until: until,
    } = isRecord(json) ? json : {};
    const sound =
      typeof value === 'string' &&
      /^[A-Za-z0-9._~+/-]+=*$/.test(value) &&
      typeof type === 'string' &&
      type.toLowerCase() === 'bearer' &&
      typeof lifetime === 'number' &&
      lifetime >= 1 &&
      lifetime <= 86_400;
    if (!sound) return undefined;
    if (typeof until === 'number') this.secretValidUntil = until;
    return {value, lifetime, received, proven: false};
  }
}

function refusal(answer: Record<string, unknown>, scopes: readonly string[]): RefusedError {
  if (answer['error'] === 'invalid_scope') {
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

function describe(exchange: HttpResult): string {
  if (exchange.kind === 'lost')
    return exchange.sent ? `did not answer (${exchange.code})` : `cannot be reached (${exchange.code})`;
  return `answered ${exchange.status} without a usable token`;
}
