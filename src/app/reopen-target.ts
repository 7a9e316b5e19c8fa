import {ConfigurationError} from '../errors.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {openTarget, type Target} from './target.ts';

/**
 * The API of the environment, for a run that went to one before.
 *
 * @throws ConfigurationError (exit 78) that explains where an embedded API has gone: whoever tries the program has no
 *   credentials to set.
 */
export async function reopenTarget({baseUrl}: Pick<HeaderEntry, 'baseUrl'>, run: string): Promise<Target> {
  try {
    return await openTarget({});
  } catch (error) {
    const isMissing = error instanceof ConfigurationError && error.code === 'credentials_missing';
    if (!isMissing || new URL(baseUrl).protocol === 'https:') throw error;
    throw new ConfigurationError(`run ${run} went to a sandbox, ${baseUrl}, and ${error.message}`, {
      code: error.code,
      hint: 'a --sandbox is gone when its command ends; start bulk42 sandbox in a terminal of its own and set what it prints',
    });
  }
}
