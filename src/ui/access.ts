import {randomBytes, timingSafeEqual} from 'node:crypto';
import type {IncomingMessage} from 'node:http';

/** The addresses of a page on this machine. A name that an attacker lets point here is none of them (DNS rebinding). */
const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Who may talk to the page's server: a browser that was given the address with its token. The token stands in the
 * fragment, which no server and no log sees; the page exchanges it for a cookie.
 */
export class Access {
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  /** Browsers keep one cookie of a name for all ports of a machine. */
  readonly #cookie = `bulk42-${randomBytes(6).toString('hex')}`;

  /** Why a request is refused, as a status; undefined where it is not. The page itself needs no cookie. */
  refusalOf(request: IncomingMessage, isPublic: boolean): 401 | 403 | undefined {
    const {host = '', origin, 'sec-fetch-site': site} = request.headers;
    const name = host.replace(/:\d+$/, '');
    if (!loopbackNames.has(name)) return 403;
    if (origin !== undefined && origin !== `http://${host}`) return 403;
    // Another site may link to the page itself, which then asks for the token, but to nothing behind it.
    if (!isPublic && site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
    // A form of another site sends no header of its own.
    if (request.method !== 'GET' && request.headers['x-bulk42'] === undefined) return 403;
    return isPublic || this.#hasCookie(request) ? undefined : 401;
  }

  /** The cookie for who has the token; undefined for a wrong one. */
  cookieFor(token: unknown): string | undefined {
    if (typeof token !== 'string' || !isSame(token, this.token)) return undefined;
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #hasCookie({headers}: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
    return cookies.some((each) => isSame(each, `${this.#cookie}=${this.#session}`));
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
