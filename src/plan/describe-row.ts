import {isFileRef} from '../http/request.ts';
import type {Job} from '../job/job.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Value, Values} from '../job/row.ts';
import {textOf} from '../input/check-input.ts';
import type {Change} from './decide-row.ts';
import type {InputRow} from '../input/input-rows.ts';
import type {Action, Planned} from './planned-actions.ts';

/** One row of a plan as people see it: secrets are never in it. */
export interface PlannedRow {
  line: number;
  action: Action;
  /** What the row is about, in the words of its file: `user_id amartin, cursus_id 9`. */
  target: string;
  /** What an update changes, or what a creation sets besides its target. */
  changes?: Change[];
  /** Columns that are sent because the API does not show how they are. */
  unreadable?: string[];
  code?: string;
  message?: string;
}

export function targetOf(job: Job, values: Values): string {
  return keyColumns(job, values)
    .map((column) => `${column} ${textOf(values[column])}`)
    .join(', ');
}

export function describeRow(job: Job, row: InputRow, planned: Planned): PlannedRow {
  const values = 'values' in row.parsed ? row.parsed.values : {};
  const key = keyColumns(job, values);
  const described: PlannedRow = {line: row.line, action: planned.action, target: targetOf(job, values)};
  switch (planned.action) {
    case 'create':
      return {
        ...described,
        changes: withoutSecrets(job, leaves(values)).filter(({column}) => !key.includes(column)),
      };
    case 'update': {
      const changed = new Set(planned.changes.map(({column}) => column));
      const unreadable = (planned.columns ?? []).filter((column) => !changed.has(column));
      return {...described, changes: withoutSecrets(job, planned.changes), unreadable};
    }
    case 'remove':
      return {...described, message: `id ${planned.id}`};
    case 'failed':
    case 'invalid':
      return {...described, code: planned.code, message: planned.message};
    case 'unchanged':
      return described;
  }
}

function withoutSecrets(job: Job, changes: readonly Change[]): Change[] {
  const secret = new Set(job.columns.filter(({column}) => column.traits.secret).map(({name}) => name));
  return changes.filter(({column}) => !secret.has(column.replace(/\.\d+\./, '.N.')));
}

/** Every value of a row under its column's full name: `community_services.0.duration`. */
function leaves(values: Values, prefix = ''): Change[] {
  return Object.entries(values).flatMap(([name, value]) => leavesOf(value, prefix + name));
}

function leavesOf(value: Value, column: string): Change[] {
  if (Array.isArray(value)) return value.flatMap((element, at) => leaves(element, `${column}.${at}.`));
  if (typeof value === 'object' && value !== null && !isFileRef(value)) return leaves(value, `${column}.`);
  return [{column, from: undefined, to: value}];
}
