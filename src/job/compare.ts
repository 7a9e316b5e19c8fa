import {elementsOf, isGroup, type CellValue, type Fields, type Group} from './columns/column.ts';
import type {Job} from './job.ts';
import {matchElements} from './match-elements.ts';
import {keyColumns} from './natural-key.ts';
import type {Value, Values} from './row.ts';

export interface Differences {
  /** `from` is undefined where the API has no such record. */
  differs: {column: string; from: Value | undefined; to: Value}[];
  /** Sent, but shown nowhere: a password. */
  unreadable: string[];
}

/** What the API does not yet show as the row wants it. Columns that the row does not carry are not looked at. */
export function differences(job: Job, wanted: Values, shown: Values): Differences {
  const found: Differences = {differs: [], unreadable: []};
  const plain: Record<string, Fields[string]> = {};
  for (const [name, column] of Object.entries(job.definition.columns)) {
    if (!isGroup(column)) plain[name] = column;
    else if (name in wanted) compareGroup(name, column, wanted, shown, found);
  }
  compareFields(plain, '', wanted, shown, found);
  return found;
}

function compareGroup(name: string, group: Group, wanted: Values, shown: Values, found: Differences): void {
  const elements = elementsOf(wanted, name);
  const matches = matchElements(group, elements, elementsOf(shown, name));
  elements.forEach((element, index) => {
    const prefix = group.group === 'many' ? `${name}.${index}.` : `${name}.`;
    if (!(name in shown)) {
      compareFields(group.fields, prefix, element, {}, found);
      return;
    }
    const match = matches[index];
    const destroy = group.group === 'many' ? group.destroy : undefined;
    if (destroy !== undefined && element[destroy] === 'true') {
      if (match) found.differs.push({column: prefix + destroy, from: undefined, to: 'true'});
    } else if (match) {
      compareFields(group.fields, prefix, element, match, found);
    } else {
      for (const [field, to] of Object.entries(element)) {
        if (!group.fields[field]?.traits.instruction)
          found.differs.push({column: prefix + field, from: undefined, to});
      }
    }
  });
}

function compareFields(
  fields: Fields,
  prefix: string,
  wanted: Values,
  shown: Values,
  found: Differences,
): void {
  for (const [field, column] of Object.entries(fields)) {
    const to = wanted[field];
    if (to === undefined || column.traits.instruction) continue;
    const from = shown[field];
    if (from === undefined) found.unreadable.push(prefix + field);
    else if (!column.same(to as CellValue, from)) found.differs.push({column: prefix + field, from, to});
  }
}

/**
 * The row cut down to its key and these columns, which is what a PUT needs to send. Instructions stay. A nested
 * element is sent whole when anything of it changes: without its id the API makes a new record of it.
 */
export function onlyChanged(job: Job, values: Values, columns: readonly string[]): Values {
  const kept = new Set([...columns, ...keyColumns(job, values)]);
  const cut: Values = {};
  for (const [name, column] of Object.entries(job.definition.columns)) {
    const value = values[name];
    if (value === undefined) continue;
    if (!isGroup(column)) {
      if (kept.has(name) || column.traits.instruction) cut[name] = value;
      continue;
    }
    const elements = elementsOf(values, name).filter((_, index) => {
      const prefix = column.group === 'many' ? `${name}.${index}.` : `${name}.`;
      return columns.some((changed) => changed.startsWith(prefix));
    });
    const [first] = elements;
    if (first) cut[name] = column.group === 'one' ? first : elements;
  }
  return cut;
}

/** The columns of a row that the job's `update` sends: those that make a difference to its request. Keys never change. */
export function updatableColumns(job: Job, values: Values): string[] {
  const {definition} = job;
  const requestOf = (row: Values) => JSON.stringify(definition.update?.(1, row));
  const empty = requestOf({});
  const key = new Set(keyColumns(job, values));
  return Object.keys(values).filter((name) => {
    return !key.has(name) && requestOf({[name]: values[name] ?? null}) !== empty;
  });
}
