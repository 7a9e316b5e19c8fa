import {systemClock as clock} from '../clock.ts';
import {lockScope} from '../files/lock-scope.ts';
import {applicationOf, clientOf} from '../api/session.ts';
import type {RedisStore} from '../limits/redis/redis-store.ts';
import type {Target} from './target.ts';

export interface SharingSettings {
  /** The URL of a Redis. */
  redis?: string | undefined;
  /** Seconds that Redis may be gone. */
  redisTimeout: number;
}

/** What this command shares with other machines; undefined unless a setting asks for it. */
export async function openSharing(
  {redis, redisTimeout}: SharingSettings,
  {config, credentials}: Target,
  onGone: (ms: number) => void,
): Promise<RedisStore | undefined> {
  if (redis === undefined) return undefined;
  const {openRedisStore} = await import('../limits/redis/open-redis-store.ts');
  return openRedisStore(redis, {
    clock,
    application: applicationOf(config.baseUrl, clientOf(credentials.uid)),
    machine: lockScope(),
    timeoutMs: redisTimeout * 1000,
    onGone,
  });
}
