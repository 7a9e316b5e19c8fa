import {isGroup, type Columns, type Fields, type Group} from './columns/column.ts';
import type {AnyJobDefinition, ReadBackQuery} from './define-job.ts';
import {foldName} from './match-header.ts';

/** A named rule over a whole definition: what is wrong, each problem in one line. */
interface DefinitionRule {
  name: string;
  broken(definition: AnyJobDefinition): string[];
}

/** Everything that is wrong with what a job file exports; [] when it is sound. */
export function checkDefinition(exported: unknown): string[] {
  const shape = shapeProblems(exported);
  if (shape.length > 0) return shape;
  const definition = exported as AnyJobDefinition;
  return definitionRules.flatMap((rule) =>
    rule.broken(definition).map((problem) => `${rule.name}: ${problem}`),
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

const definitionRules: readonly DefinitionRule[] = [
  {
    name: 'summary',
    broken: ({summary}) => [
      ...(summary.trim() === '' || summary.includes('\n') ? ['write one line'] : []),
      ...(summary.endsWith('.') ? ['leave out the full stop'] : []),
    ],
  },
  {
    name: 'needs',
    broken: ({needs}) =>
      needs.roles.length === 0 ? ['name the roles of which the application needs one'] : [],
  },
  {
    name: 'columns',
    broken: ({columns}) => {
      const names = allFields(columns).flatMap(([prefix, fields]) =>
        Object.keys(fields).map((field) => ({field, whole: prefix + field})),
      );
      const folded = names.map(({whole}) => foldName(whole));
      return [
        ...(names.length === 0 ? ['there is none'] : []),
        ...[...new Set([...names.map(({field}) => field), ...Object.keys(columns)])]
          .filter((name) => !/^[a-z_][a-z0-9_]*$/i.test(name) || reserved.test(name))
          .map((name) => `${name} is not a name for a column`),
        ...names
          .filter((_, index) => folded.indexOf(folded[index] ?? '') !== index)
          .map(({whole}) => `${whole} is like another column but for case, - or _`),
      ];
    },
  },
  {
    name: 'groups',
    broken: ({columns}) =>
      groupsOf(columns).flatMap(([name, group]) => {
        if (group.group === 'one') return [];
        const named = [...group.identity.flat(), ...(group.destroy === undefined ? [] : [group.destroy])];
        return [
          ...(group.identity.length === 0 ? [`${name} has no identity`] : []),
          ...unknownIn(group.fields, named).map((field) => `${name} has no field ${field}`),
        ];
      }),
  },
  {
    name: 'keys',
    broken: ({columns, keys}) => {
      const named = keys.flat();
      const alone = keys.length === 1 ? named : [];
      return [
        ...(named.length === 0 ? ['name the columns that say which record is meant'] : []),
        ...plainUnknown(columns, named),
        ...plain(columns, alone)
          .filter(([, column]) => !column.filled)
          .map(([name]) => `${name} must be required`),
        ...plain(columns, named)
          .filter(([, column]) => column.traits.secret)
          .map(([name]) => `${name} is secret, and keys are written down`),
      ];
    },
  },
  {
    name: 'rules',
    broken: ({columns, rules = []}) => [
      ...rules.flatMap((rule) =>
        plainUnknown(columns, rule.columns).map((problem) => `${rule.name}: ${problem}`),
      ),
      ...groupsOf(columns).flatMap(([name, group]) =>
        group.rules.flatMap((rule) =>
          unknownIn(group.fields, rule.columns).map((field) => `${rule.name}: ${name} has no field ${field}`),
        ),
      ),
    ],
  },
  {
    name: 'readBack',
    broken: ({columns, readBack}) =>
      readBack.flatMap((reading, index) => [
        ...(reading.list.length === 0 ? [`reading ${index + 1} has no list`] : []),
        ...(tellsRowsApart(reading) ? [] : [`reading ${index + 1} has no filter`]),
        ...plainUnknown(columns, [...parentsOf(reading.list), ...Object.values(reading.by)]),
      ]),
  },
  {
    name: 'additive',
    broken: ({columns, additive}) => plainUnknown(columns, additive ? [additive.column] : []),
  },
  {
    name: 'lookUp',
    broken: ({columns, lookUp}) =>
      plainUnknown(columns, lookUp ? [lookUp.column, ...Object.values(lookUp.by)] : []),
  },
];

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
