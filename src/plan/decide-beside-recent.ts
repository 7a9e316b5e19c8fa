import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {RecentWrite} from '../runs/recent-writes.ts';
import {type Decision, decideRow, type Existing, writeActionOf} from './decide-row.ts';
import type {ReadBackResult} from './read-records.ts';

/**
 * What is planned for a row whose target this application wrote so shortly ago that a reading may not show it. Pure.
 * `wait`: neither the reading nor the journal can tell before then.
 */
export function decideBesideRecent(
  job: Job,
  values: Values,
  results: readonly ReadBackResult[],
  existing: Existing,
  recent: Exclude<RecentWrite, {kind: 'in_doubt'}>,
): Decision | {action: 'wait'; untilMs: number} {
  switch (recent.kind) {
    case 'none':
      return decideRow(job, values, results, existing);
    case 'same':
      return existing === 'fail'
        ? {action: 'failed', code: 'exists', message: 'it is already as this row wants it'}
        : {action: 'unchanged', ...(recent.id !== undefined && {id: recent.id})};
    case 'removed':
      return decideRow(job, values, without(results, recent.ids), existing);
    case 'other': {
      const decision = decideRow(job, values, results, existing);
      if (decision.action === 'remove') return decision;
      if (recent.outcome === 'created' && shows(results, recent.id)) return decision;
      if (recent.outcome === 'updated' && isIdempotent(job, values, decision)) return wholeUpdate(decision);
      return {action: 'wait', untilMs: recent.untilMs};
    }
  }
}

function isIdempotent(job: Job, values: Values, decision: Decision): boolean {
  if (decision.action === 'update' && decision.id !== undefined) return true;
  const sent = (decision.action === 'update' && decision.values) || values;
  return writeActionOf(job, sent) === 'update' && (job.definition.isIdempotent?.(sent) ?? true);
}

/** A reading may be older than the last update: what it shows as equal is sent as well, which does no harm. */
function wholeUpdate(decision: Decision): Decision {
  if (decision.action !== 'update' && decision.action !== 'unchanged') return decision;
  if (decision.action === 'unchanged') return {action: 'update', changes: []};
  const {columns: _columns, ...whole} = decision;
  return whole;
}

function shows(results: readonly ReadBackResult[], id: number | undefined): boolean {
  return (
    id !== undefined &&
    results.some((records) => typeof records === 'object' && records.some((each) => each.id === id))
  );
}

function without(results: readonly ReadBackResult[], ids: ReadonlySet<number>): readonly ReadBackResult[] {
  return results.map((records) =>
    typeof records === 'object' ? records.filter(({id}) => id === undefined || !ids.has(id)) : records,
  );
}
