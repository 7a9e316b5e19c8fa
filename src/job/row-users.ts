import {elementsOf, isGroup} from './columns/column.ts';
import type {Job, LeafColumn} from './job.ts';
import type {Issue, Value, Values} from './row.ts';
import type {Rule} from './rules.ts';

export type Bound =
  | {values: Values}
  | {unknown: {column: string; login: string}[]}
  /** A rule that only ids could break: an id and a login that are one person. */
  | {issues: Issue[]};

/** The logins whose ids the row needs, each once. */
export function loginsOf(job: Job, values: Values): string[] {
  const logins: string[] = [];
  for (const leaf of job.userColumns) {
    // The hot path: users are plain columns but in groups.
    const cells = leaf.group
      ? holders(leaf, values).map(({holder}) => holder[leaf.field])
      : [values[leaf.field]];
    for (const value of cells) if (typeof value === 'string' && !logins.includes(value)) logins.push(value);
  }
  return logins;
}

/** The row with every login replaced by its id. Logins in `ids` are lower-case. */
export function withIds(job: Job, values: Values, ids: ReadonlyMap<string, number>): Bound {
  if (loginsOf(job, values).length === 0) return {values};
  const unknown: {column: string; login: string}[] = [];
  const bound = structuredClone(values);
  for (const {holder, field, column, value} of userCells(job, bound)) {
    if (typeof value !== 'string') continue;
    const id = ids.get(value);
    if (id === undefined) unknown.push({column, login: value});
    else holder[field] = id;
  }
  if (unknown.length > 0) return {unknown};
  const issues = brokenRules(job, bound);
  return issues.length > 0 ? {issues} : {values: bound};
}

/** The ids that stand for the row's logins, by column; undefined where it has none. */
export function idsOfLogins(job: Job, values: Values, bound: Values): Record<string, number> | undefined {
  if (loginsOf(job, values).length === 0) return undefined;
  const before = userCells(job, values);
  const cells = userCells(job, bound).filter((_, at) => typeof before[at]?.value === 'string');
  return Object.fromEntries(cells.map(({column, value}) => [column, value as number]));
}

/** The row with the ids that were noted of it, by column; undefined where one is missing. */
export function withNotedIds(
  job: Job,
  values: Values,
  noted: Readonly<Record<string, number>> = {},
): Values | undefined {
  const bound = structuredClone(values);
  for (const {holder, field, column, value} of userCells(job, bound)) {
    if (typeof value !== 'string') continue;
    const id = noted[column];
    if (id === undefined) return undefined;
    holder[field] = id;
  }
  const lookedUp = job.definition.lookUp?.column;
  if (lookedUp !== undefined && bound[lookedUp] === undefined && noted[lookedUp] !== undefined)
    bound[lookedUp] = noted[lookedUp];
  return bound;
}

interface UserCell {
  holder: Values;
  field: string;
  column: string;
  value: Value | undefined;
}

function userCells(job: Job, values: Values): UserCell[] {
  return job.userColumns.flatMap((leaf) =>
    holders(leaf, values).map(({holder, prefix}) => {
      const {field} = leaf;
      return {holder, field, column: prefix + field, value: holder[field]};
    }),
  );
}

function holders({group}: LeafColumn, values: Values): {holder: Values; prefix: string}[] {
  if (!group) return [{holder: values, prefix: ''}];
  return elementsOf(values, group.name).map((holder, index) => ({
    holder,
    prefix: group.definition.group === 'many' ? `${group.name}.${index}.` : `${group.name}.`,
  }));
}

function brokenRules(job: Job, values: Values): Issue[] {
  const {columns, rules = []} = job.definition;
  const nested = Object.entries(columns).flatMap(([name, column]) =>
    isGroup(column)
      ? elementsOf(values, name).flatMap((element, index) =>
          check(column.rules, element, column.group === 'many' ? `${name}.${index}.` : `${name}.`),
        )
      : [],
  );
  return [...check(rules, values, ''), ...nested];
}

function check(rules: readonly Rule[], values: Values, prefix: string): Issue[] {
  return rules.flatMap((rule) => {
    const problem = rule.check(values);
    const [field] = rule.columns;
    const value = values[field];
    const cell = typeof value === 'object' || value === undefined ? '' : String(value);
    return problem ? [{...problem, column: prefix + field, value: cell}] : [];
  });
}
