import {systemClock as clock} from '../clock.ts';
import {lockScope} from '../files/lock-scope.ts';
import {applicationOf, clientOf} from '../api/session.ts';
import type {SharedBudget} from '../limits/redis/shared-budget.ts';
import type {Target} from './target.ts';

export interface SharingArguments {
  redis?: string | undefined;
  redisTimeout: number;
}

/** What this command shares with other machines; undefined unless --redis or BULK42_REDIS_URL asks for it. */
export async function openSharing(
  args: SharingArguments,
  {config, credentials}: Target,
  onGone: (ms: number) => void,
): Promise<SharedBudget | undefined> {
  const url = args.redis ?? config.redisUrl;
  if (url === undefined) return undefined;
  const {openSharedBudget} = await import('../limits/redis/open-shared-budget.ts');
  return openSharedBudget(url, {
    clock,
    application: applicationOf(config.baseUrl, clientOf(credentials.uid)),
    machine: lockScope(),
    timeoutMs: args.redisTimeout * 1000,
    onGone,
  });
}
