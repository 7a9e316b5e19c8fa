import {ConfigurationError} from '../../errors.ts';

/** Where a Redis is and how to get in. Only `shown` may ever be printed. */
export interface RedisAddress {
  host: string;
  port: number;
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
  db: number;
  /** Host and port, for messages. */
  shown: string;
}

/**
 * Reads `redis://user:password@host:6379/0`, or `rediss://` for TLS.
 *
 * @throws ConfigurationError (exit 78) for anything else, without a word of what it was: it may hold a password.
 */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const db = url && /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  const isKnown = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  if (!url || !isKnown || !url.hostname || db === undefined || url.search || url.hash) {
    throw new ConfigurationError('the URL of Redis is not one that bulk42 can use', {
      code: 'redis_url',
      hint: 'it is redis://host:6379 or rediss://user:password@host:6380/0, in --redis or BULK42_REDIS_URL',
    });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 6379);
  return {
    host,
    port,
    tls: url.protocol === 'rediss:',
    username: decoded(url.username),
    password: decoded(url.password),
    db: Number(db),
    shown: `${url.hostname}:${port}`,
  };
}

/** A `%` that escapes nothing stands for itself. */
function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
