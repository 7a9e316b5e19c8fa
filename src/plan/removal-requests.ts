import type {ApiRequest} from '../http/request.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';

/** What removes the record with this id. An enrolment takes one request more once it has begun, hence `now`. */
export function removalRequests(job: Job, id: number, values: Values, now: Date): ApiRequest[] {
  return job.definition.remove?.(id, values, now) ?? [];
}
