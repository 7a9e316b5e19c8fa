import {casScript} from './cas-script.ts';
import {redisAddress} from './redis-address.ts';
import {RedisLink} from './redis-link.ts';
import {RedisStore, type RedisStoreOptions} from './redis-store.ts';

/**
 * The store in the Redis of this URL. Redis is asked only when something is wanted.
 *
 * @throws ConfigurationError (exit 78) for a URL that is none
 */
export async function openRedisStore(
  url: string,
  options: Omit<RedisStoreOptions, 'link'>,
): Promise<RedisStore> {
  const link = await RedisLink.to(redisAddress(url), casScript);
  return new RedisStore({...options, link});
}
