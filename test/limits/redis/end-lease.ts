import type {SharedState} from '../../../src/limits/redis/shared-state.ts';
import type {RedisServer} from '../../helpers/redis-server.ts';

/** Lets every lease run out now, as half a minute without a renewal by its holder does. */
export async function endLease(redis: RedisServer): Promise<void> {
  const client = redis.client();
  for (const key of await client.keys('bulk42:*')) {
    const state = JSON.parse((await client.get(key)) ?? '{}') as SharedState;
    const leases = Object.entries(state.leases).map(([work, lease]) => [work, {...lease, until: 0}]);
    await client.set(key, JSON.stringify({...state, leases: Object.fromEntries(leases)}), 'KEEPTTL');
  }
}
