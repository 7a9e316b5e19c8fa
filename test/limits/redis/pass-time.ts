import type {SharedState} from '../../../src/limits/redis/shared-state.ts';
import type {RedisServer} from '../../helpers/redis-server.ts';

/** Lets the time of what machines share go on by so much: they meet in a Redis whose clock was set forward. */
export async function passTime(redis: RedisServer, ms: number): Promise<void> {
  const client = redis.client();
  for (const key of await client.keys('bulk42:*')) {
    const state = JSON.parse((await client.get(key)) ?? '{}') as SharedState;
    const later = {...state, shiftMs: state.shiftMs + ms, now: state.now + ms};
    await client.set(key, JSON.stringify(later), 'KEEPTTL');
  }
}
