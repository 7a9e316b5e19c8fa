import {isGroup, type Columns, type Fields, type Group} from './columns/column.ts';
import type {AnyJobDefinition, ReadBackQuery} from './define-job.ts';
import {foldName} from './header/header-name.ts';

/** What is wrong with a whole definition, each problem in one line. */
type DefinitionRule = (definition: AnyJobDefinition) => Iterable<string>;

/** Everything that is wrong with what a job file exports; [] when it is sound. */
export function checkDefinition(exported: unknown): string[] {
  const shape = shapeProblems(exported);
  if (shape.length > 0) return shape;
  const definition = exported as AnyJobDefinition;
  return Object.entries(definitionRules).flatMap(([name, rule]) =>
    [...rule(definition)].map((problem) => `${name}: ${problem}`),
  );
}

/** A user's own job may be plain JavaScript, without a check of its types. */
function shapeProblems(exported: unknown): string[] {
  if (!isRecord(exported)) return ['the file has no default export made by defineJob({…})'];
  const {summary, needs, columns, keys, request, readBack} = exported;
  const parts: [sound: boolean, problem: string][] = [
    [typeof summary === 'string', 'summary: not a text'],
    [isRecord(needs) && Array.isArray(needs['roles']), 'needs: not {roles: […]}'],
    [isRecord(columns) && Object.values(columns).every(isColumnOrGroup), 'columns: not made of column kinds'],
    [Array.isArray(keys) && keys.every(Array.isArray), 'keys: not a list of lists of columns'],
    [typeof request === 'function', 'request: not a function'],
    [
      Array.isArray(readBack) && readBack.every(isReading),
      'readBack: not a list of readings ([] if there is none)',
    ],
  ];
  return parts.filter(([sound]) => !sound).map(([, problem]) => problem);
}

const definitionRules: Readonly<Record<string, DefinitionRule>> = {
  *summary({summary}) {
    if (summary.trim() === '' || summary.includes('\n')) yield 'write one line';
    if (summary.endsWith('.')) yield 'leave out the full stop';
  },
  *needs({needs}) {
    if (needs.roles.length === 0) yield 'name the roles of which the application needs one';
  },
  *columns({columns}) {
    const names = allFields(columns).flatMap(([prefix, fields]) =>
      Object.keys(fields).map((field) => ({field, whole: prefix + field})),
    );
    if (names.length === 0) yield 'there is none';
    for (const name of new Set([...names.map(({field}) => field), ...Object.keys(columns)])) {
      if (!/^[a-z_][a-z0-9_]*$/i.test(name) || reserved.test(name))
        yield `${name} is not a name for a column`;
    }
    const folded = new Set<string>();
    for (const {whole} of names) {
      if (folded.has(foldName(whole))) yield `${whole} is like another column but for case, - or _`;
      folded.add(foldName(whole));
    }
  },
  *groups({columns}) {
    for (const [name, group] of groupsOf(columns)) {
      if (group.group === 'one') continue;
      if (group.identity.length === 0) yield `${name} has no identity`;
      const named = [...group.identity.flat(), ...(group.destroy === undefined ? [] : [group.destroy])];
      for (const field of unknownIn(group.fields, named)) yield `${name} has no field ${field}`;
    }
  },
  *keys({columns, keys}) {
    const named = keys.flat();
    if (named.length === 0) yield 'name the columns that say which record is meant';
    yield* plainUnknown(columns, named);
    for (const [name, column] of plain(columns, named)) {
      if (keys.length === 1 && !column.filled) yield `${name} must be required`;
      if (column.traits.secret) yield `${name} is secret, and keys are written down`;
    }
  },
  *rules({columns, rules = []}) {
    for (const rule of rules) {
      for (const problem of plainUnknown(columns, rule.columns)) yield `${rule.name}: ${problem}`;
    }
    for (const [name, group] of groupsOf(columns)) {
      for (const rule of group.rules) {
        for (const field of unknownIn(group.fields, rule.columns))
          yield `${rule.name}: ${name} has no field ${field}`;
      }
    }
  },
  *readBack({columns, readBack}) {
    for (const [index, reading] of readBack.entries()) {
      if (reading.list.length === 0) yield `reading ${index + 1} has no list`;
      if (!tellsRowsApart(reading)) yield `reading ${index + 1} has no filter`;
      yield* plainUnknown(columns, [...parentsOf(reading.list), ...Object.values(reading.by)]);
    }
  },
  additive: ({columns, additive}) => plainUnknown(columns, additive ? [additive.column] : []),
  lookUp: ({columns, lookUp}) =>
    plainUnknown(columns, lookUp ? [lookUp.column, ...Object.values(lookUp.by)] : []),
};

function tellsRowsApart(reading: ReadBackQuery): boolean {
  return Object.keys(reading.by).length > 0 || parentsOf(reading.list).length > 0 || 'where' in reading;
}

/** Columns that a path names. */
function parentsOf(list: readonly string[]): string[] {
  return list.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1));
}

const reserved = /^(?:__proto__|constructor|prototype|bulk42_.*)$/i;

/** Fields by the prefix of their headers. */
function allFields(columns: Columns): [prefix: string, fields: object][] {
  const own = Object.fromEntries(Object.entries(columns).filter(([, column]) => !isGroup(column)));
  return [
    ['', own],
    ...groupsOf(columns).map(([name, group]): [string, Fields] => [`${name}.`, group.fields]),
  ];
}

function groupsOf(columns: Columns): [string, Group][] {
  return Object.entries(columns).flatMap(([name, column]) => (isGroup(column) ? [[name, column]] : []));
}

function plain(columns: Columns, names: readonly string[]): [string, Fields[string]][] {
  return names.flatMap((name) => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    return column && !isGroup(column) ? [[name, column]] : [];
  });
}

function plainUnknown(columns: Columns, names: readonly string[]): string[] {
  const known = new Set(plain(columns, names).map(([name]) => name));
  return names.filter((name) => !known.has(name)).map((name) => `there is no column ${name}`);
}

function unknownIn(fields: Fields, names: readonly string[]): string[] {
  return names.filter((name) => !Object.hasOwn(fields, name));
}

/** By form, not by class: a job file may be loaded beside another copy of this code. */
function isColumnOrGroup(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return 'group' in value
    ? isRecord(value['fields']) && Object.values(value['fields']).every(isColumn)
    : isColumn(value);
}

function isColumn(value: unknown): boolean {
  return isRecord(value) && isRecord(value['kind']) && isRecord(value['traits']);
}

function isReading(value: unknown): boolean {
  return (
    isRecord(value) &&
    Array.isArray(value['list']) &&
    isRecord(value['by']) &&
    typeof value['observe'] === 'function'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
