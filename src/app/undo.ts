import {UsageError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {RowStates} from '../journal/row-states.ts';
import type {Plan} from '../plan/assemble-plan.ts';
import {describeRow, type PlannedRow} from '../plan/describe-row.ts';
import type {InputRow, InputRows} from '../input/input-rows.ts';
import {PlannedActions, type Planned} from '../plan/planned-actions.ts';
import type {OutgoingRequest} from '../send/send-row.ts';

/** Lines whose record a run created, as its journal proves. `nameless` ones were created too, but with no id known. */
export function createdLines(states: RowStates): {lines: number[]; nameless: number} {
  const created = [...states.linesIn('created')];
  const lines = created.filter((line) => states.row(line).id !== undefined);
  return {lines, nameless: created.length - lines.length};
}

/** `2-40,42`: lines as `--lines` reads them. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

export interface Undoing {
  plan: Plan;
  toOutgoingRequest: (row: InputRow) => {row: OutgoingRequest; values: Values};
  /** The row as people are shown it before they are asked. */
  describe: (row: InputRow) => PlannedRow;
}

/**
 * The removal of exactly what a run created, by the ids in its journal. Nothing has to be looked up, and every request
 * may be sent twice: a removal of what is gone is done.
 *
 * @throws UsageError when the job does not say how its records are removed.
 */
export function undoing(job: Job, created: RowStates, lines: readonly number[], now: Date): Undoing {
  const {definition} = job;
  if (!definition.undo) {
    throw new UsageError(`the job ${job.name} does not say how its records are removed`, {
      code: 'no_undo',
      hint: 'remove them on the intra; for a job of your own, docs/write-a-job.md explains undo',
    });
  }
  const actions = new PlannedActions(job);
  const removal = {action: 'update', changes: []} as const satisfies Planned;
  for (const line of lines) actions.record(line, removal);
  return {
    plan: {actions, ids: new Map(), unreadable: false},
    toOutgoingRequest({line, parsed}) {
      const values = 'values' in parsed ? parsed.values : {};
      const requests = definition.undo?.(created.row(line).id ?? 0, values, now) ?? [];
      return {row: {line, requests, once: false, isIdempotent: true, fresh: false}, values};
    },
    describe: (row) => ({...describeRow(job, row, removal), message: `id ${created.row(row.line).id}`}),
  };
}

/** The first rows of a removal and the requests that all of it takes: an enrolment that has begun takes two. */
export async function surveyRemoval(
  {plan, toOutgoingRequest, describe}: Undoing,
  input: Pick<InputRows, 'openRows'>,
  most: number,
): Promise<{rows: PlannedRow[]; requests: number}> {
  const rows: PlannedRow[] = [];
  let requests = 0;
  for await (const batch of input.openRows((line) => plan.actions.action(line) === 'update')) {
    for (const row of batch) {
      requests += toOutgoingRequest(row).row.requests.length;
      if (rows.length < most) rows.push(describe(row));
    }
  }
  return {rows, requests};
}
