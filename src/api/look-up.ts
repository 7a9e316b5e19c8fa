import {type Item, pageSize, type Reader} from './reader.ts';

/**
 * Logins to ids, 100 a request (`GET /v2/users?filter[login]=a,b,…`). The API leaves unknown logins out
 * silently, and gives 30 users a page unless asked for 100, so the page size is not an optimisation.
 *
 * @param onUser called for each listed user, for jobs that compare users anyway
 * @returns login (lower case) to id; a login that is not in it is unknown to the API
 */
export async function lookUpUsers(
  reader: Reader,
  logins: readonly string[],
  onUser: (id: number, user: Item) => void,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (let from = 0; from < logins.length; from += pageSize) {
    const asked = logins.slice(from, from + pageSize);
    const query = [['filter[login]', asked.join(',')]] as const;
    // A login has one user.
    for (const user of await reader.list(['users'], query, 'read', asked.length)) {
      const {id, login} = user;
      if (typeof login !== 'string' || !Number.isSafeInteger(id)) continue;
      ids.set(login.toLowerCase(), id as number);
      onUser(id as number, user);
    }
  }
  return ids;
}
