import {answerFields} from '../api/judge-write.ts';
import type {Reader} from '../api/reader.ts';
import {TemporaryError} from '../errors.ts';
import {isRecord} from '../http/parse-json.ts';
import type {Job} from '../job/job.ts';
import type {Journal} from '../journal/journal.ts';
import type {RowStates} from '../journal/row-states.ts';
import {readRecords} from '../plan/read-records.ts';

/**
 * The answer fields of records whose answer was lost, and of those that existed before: read by their ids, 100 a request.
 * Without them the report could not be the next run's input. Nothing is changed by it, so that a failure is left to a
 * later resume.
 */
export async function readAnswerFields(
  job: Job,
  reader: Reader,
  journal: Journal,
  states: RowStates,
): Promise<void> {
  const {fields, list} = job.definition.response ?? {};
  if (!fields || !list) return;
  const lines: number[] = [];
  const rows: {id: number}[] = [];
  for (const [line, {id, fields: known}] of states.rowsWith(['created', 'unchanged'])) {
    if (id === undefined || known) continue;
    lines.push(line);
    rows.push({id});
  }
  const observe = (item: unknown) =>
    isRecord(item) ? {id: Number(item['id']), ...answerFields(item, fields)} : {};
  try {
    const results = await readRecords(reader, {list, by: {id: 'id'}, sort: 'id', observe}, rows, 'settle');
    for (const [at, result] of results.entries()) {
      const [record] = typeof result === 'object' ? result : [];
      const f = record && answerFields(record.values, fields);
      if (record?.id !== undefined && f) journal.note({k: 'named', r: lines[at] ?? 0, id: record.id, f});
    }
    await journal.flushed();
  } catch (error) {
    if (!(error instanceof TemporaryError)) throw error;
  }
}
