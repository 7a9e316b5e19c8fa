import {budgetScript} from './budget-script.ts';
import {redisAddress} from './redis-address.ts';
import {RedisLink} from './redis-link.ts';
import {SharedBudget, type SharedBudgetOptions} from './shared-budget.ts';

/**
 * A process' part in the budget that lies in the Redis of this URL. Redis is asked only when something is wanted.
 *
 * @throws ConfigurationError (exit 78) for a URL that is none
 */
export async function openSharedBudget(
  url: string,
  options: Omit<SharedBudgetOptions, 'link'>,
): Promise<SharedBudget> {
  const link = await RedisLink.to(redisAddress(url), budgetScript);
  return new SharedBudget({...options, link});
}
