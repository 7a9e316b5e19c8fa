import {randomBytes} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {isHash} from './permit.ts';
import {invalidToken, json} from './reply.ts';
import type {Reply} from './reply.ts';

export interface TokenOptions {
  uid: string;
  secret: string;
  scopes: readonly string[];
  tokenSeconds: number;
  reuseToken: boolean;
  secretValidUntil: number | null;
}

export interface IssuedToken {
  value: string;
  scopes: readonly string[];
  /** Wall clock in ms. */
  createdAt: number;
  expiresAt: number;
}

export interface TokenEndpoint {
  /** POST: a token for the credentials in the body or in HTTP Basic. */
  grant: (headers: IncomingHttpHeaders, body: unknown, now: number) => Reply;
  /** GET: what the bearer's token is good for. */
  info: (headers: IncomingHttpHeaders, now: number) => Reply;
  /** The bearer's token, or the 401 that says what is wrong with it. */
  authorize: (headers: IncomingHttpHeaders, now: number) => IssuedToken | Reply;
  revokeAll: () => void;
}

const unknownClient =
  'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.';

/** OAuth2 client credentials as the API grants them: no refresh token, and no owner behind the token. */
export function createTokenEndpoint(options: TokenOptions): TokenEndpoint {
  const tokens = new Map<string, IssuedToken>();

  function authorize(headers: IncomingHttpHeaders, now: number): IssuedToken | Reply {
    const value = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const token = value === undefined ? undefined : tokens.get(value);
    if (token === undefined) return invalidToken();
    return now < token.expiresAt ? token : invalidToken('The access token expired');
  }

  function issue(scopes: readonly string[], now: number): IssuedToken {
    const key = scopes.toSorted().join(' ');
    const reusable = [...tokens.values()].findLast(
      (token) => now < token.expiresAt && token.scopes.toSorted().join(' ') === key,
    );
    if (options.reuseToken && reusable) return reusable;
    const value = randomBytes(32).toString('hex');
    const token = {value, scopes, createdAt: now, expiresAt: now + options.tokenSeconds * 1000};
    tokens.set(value, token);
    return token;
  }

  return {
    authorize,
    revokeAll: () => tokens.clear(),
    grant: (headers, body, now) => {
      const asked = requestedScopes(options, headers, isHash(body) ? body : {}, now);
      if ('status' in asked) return asked;
      const token = issue(asked, now);
      return json(200, {
        access_token: token.value,
        token_type: 'bearer',
        expires_in: Math.floor((token.expiresAt - now) / 1000),
        scope: token.scopes.join(' '),
        created_at: Math.floor(token.createdAt / 1000),
        secret_valid_until: options.secretValidUntil,
      });
    },
    info: (headers, now) => {
      const token = authorize(headers, now);
      if ('status' in token) return token;
      return json(200, {
        resource_owner_id: null,
        scopes: token.scopes,
        expires_in_seconds: Math.floor((token.expiresAt - now) / 1000),
        application: {uid: options.uid},
        created_at: Math.floor(token.createdAt / 1000),
      });
    },
  };
}

/** The scopes that a token is asked for, or the refusal. */
function requestedScopes(
  options: TokenOptions,
  headers: IncomingHttpHeaders,
  fields: Record<string, unknown>,
  now: number,
): readonly string[] | Reply {
  if (fields['grant_type'] !== 'client_credentials') {
    return oauthError(
      'unsupported_grant_type',
      'The authorization grant type is not supported by the authorization server.',
    );
  }
  const {secretValidUntil} = options;
  const isExpired = secretValidUntil !== null && now >= secretValidUntil * 1000;
  const {uid, secret} = credentials(headers, fields);
  if (uid !== options.uid || secret !== options.secret || isExpired)
    return oauthError('invalid_client', unknownClient);
  const {scope} = fields;
  const scopes = typeof scope === 'string' && scope.trim() !== '' ? scope.trim().split(/[\s+]+/) : ['public'];
  return scopes.every((name) => options.scopes.includes(name))
    ? scopes
    : oauthError('invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
}

function oauthError(error: string, description: string): Reply {
  return json(401, {error, error_description: description});
}

function credentials(
  headers: IncomingHttpHeaders,
  fields: Record<string, unknown>,
): {uid: unknown; secret: unknown} {
  const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return {uid: fields['client_id'], secret: fields['client_secret']};
  const [uid, ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return {uid, secret: secret.join(':')};
}
