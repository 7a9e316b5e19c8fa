import type {Query, Reader} from '../api/reader.ts';
import {RefusedError, TemporaryError} from '../errors.ts';
import {isRecord} from '../http/parse-json.ts';
import type {Job} from '../job/job.ts';
import type {OutgoingRow} from './outgoing-row.ts';

/** Whether the record that a row removes is listed, or no list shows whether it is. */
export async function mayBeListed(
  reader: Reader,
  {definition}: Job,
  {requests, values}: Pick<OutgoingRow, 'requests' | 'values'>,
): Promise<boolean> {
  const [query] = definition.readBack;
  const id = requests[0]?.path.find((segment) => typeof segment === 'number');
  if (!query || query.id || query.isUnfiltered || id === undefined) return true;
  if (query.list.some((segment) => segment.startsWith(':'))) return true;
  const where = Object.entries(query.where?.(values) ?? {});
  const filters: Query = [['id', String(id)], ...where].map(([name, value]) => [
    `filter[${name}]`,
    value ?? '',
  ]);
  try {
    const items = await reader.list(query.list, filters, 'settle');
    return items.some((item) => {
      const record = query.root === undefined ? item : item[query.root];
      return isRecord(record) && record['id'] === id;
    });
  } catch (error) {
    if (error instanceof RefusedError || error instanceof TemporaryError) return true;
    throw error;
  }
}
