import type {Reader} from '../api/reader.ts';
import type {Job} from '../job/job.ts';
import {ids} from '../job/pick.ts';
import type {Values} from '../job/row.ts';
import {readRecords} from './read-records.ts';

/**
 * The ids that rows leave out and the API knows by their other columns, in the job's looked-up column, by line. A row is
 * left out that needs none, or for which the API does not show exactly one record.
 */
export async function lookUpIds(
  reader: Reader,
  {definition: {lookUp}}: Job,
  rows: readonly {line: number; values: Values}[],
): Promise<Map<number, Values>> {
  const found = new Map<number, Values>();
  if (!lookUp) return found;
  const {column, list, by} = lookUp;
  const observe = (item: unknown) => ids(item, Object.values(by));
  const lacking = rows.filter(({values}) => values[column] === undefined);
  const readout = await readRecords(
    reader,
    {list, by, sort: 'id', observe},
    lacking.map(({values}) => values),
  );
  lacking.forEach(({line}, at) => {
    const records = readout[at];
    const [record] = typeof records === 'object' && records.length === 1 ? records : [];
    if (record?.id !== undefined) found.set(line, {[column]: record.id});
  });
  return found;
}
