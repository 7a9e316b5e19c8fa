import {leaseMs, type SharedState} from '../../../src/limits/redis/shared-state.ts';
import type {RedisServer} from '../../helpers/redis-server.ts';

/** Lets every lease run out now, and what its holder wrote be seen, as half a minute without a renewal does. */
export async function endLease(redis: RedisServer): Promise<void> {
  const client = redis.client();
  for (const key of await client.keys('bulk42:*')) {
    const state = JSON.parse((await client.get(key)) ?? '{}') as SharedState;
    const leases = Object.entries(state.leases).map(([work, lease]) => [work, {...lease, until: 0}]);
    const writers = Object.entries(state.writers).map(([token, writer]) => [
      token,
      {...writer, settledAt: writer.settledAt - leaseMs},
    ]);
    const ended = {...state, leases: Object.fromEntries(leases), writers: Object.fromEntries(writers)};
    await client.set(key, JSON.stringify(ended), 'KEEPTTL');
  }
}
