import {isRecord} from './exchange.ts';
import {pageSize, type Reader} from './reader.ts';

export interface FoundUsers {
  /** Login (lower case) to id. A login that is not in it is unknown to the API. */
  ids: Map<string, number>;
  /** The listed users themselves, for jobs that compare them. */
  users: unknown[];
}

/**
 * Logins to ids, 100 a request (`GET /v2/users?filter[login]=a,b,…`). The API leaves unknown logins out without a
 * word, and gives 30 users a page unless asked for 100, so the page size is not an optimisation.
 */
export async function lookUpUsers(reader: Reader, logins: readonly string[]): Promise<FoundUsers> {
  const found: FoundUsers = {ids: new Map(), users: []};
  for (let from = 0; from < logins.length; from += pageSize) {
    const asked = logins.slice(from, from + pageSize);
    for (const user of await reader.list(['users'], [['filter[login]', asked.join(',')]])) {
      if (!isRecord(user)) continue;
      const {id, login} = user;
      if (typeof login !== 'string' || !Number.isSafeInteger(id)) continue;
      found.ids.set(login.toLowerCase(), id as number);
      found.users.push(user);
    }
  }
  return found;
}
