import type {ApiRequest} from '../http/request.ts';
import type {InputRow} from '../input/input-rows.ts';
import type {Job} from '../job/job.ts';

/**
 * What removes the record with this id, which a row created. An enrolment takes one request more once it has begun,
 * hence `now`.
 */
export function removalRequests(job: Job, id: number, {parsed}: InputRow, now: Date): ApiRequest[] {
  return job.definition.remove?.(id, 'values' in parsed ? parsed.values : {}, now) ?? [];
}
