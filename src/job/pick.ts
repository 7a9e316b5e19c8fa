import type {Value, Values} from './row.ts';

type From = string | ((item: unknown) => Value | undefined);

/**
 * What an item of the API shows, in the columns' own names: `same` are called alike on both sides, `renamed` are
 * read from a path (`{user_id: 'user.id'}`) or by a function. What the item does not have is left out.
 */
export function pick(
  item: unknown,
  same: readonly string[],
  renamed: Readonly<Record<string, From>> = {},
): Values {
  const values: Values = {};
  for (const name of same) put(values, name, scalarAt(item, name));
  for (const [name, from] of Object.entries(renamed)) {
    put(values, name, typeof from === 'function' ? from(item) : scalarAt(item, from));
  }
  return values;
}

/** Ids of other records: the API shows them as `user_id` or as `user.id`. What an item does not show is left out. */
export function ids(item: unknown, names: readonly string[]): Values {
  const nested = names.filter((name) => scalarAt(item, name) === undefined);
  const paths = Object.fromEntries(nested.map((name) => [name, name.replace(/_id$/, '.id')]));
  return pick(item, names, paths);
}

/** A reader of a nested list, for `pick`: `{languages_users: each('languages_users', ['id', 'language_id'])}`. */
export function each(
  path: string,
  same: readonly string[],
  renamed: Readonly<Record<string, From>> = {},
): (item: unknown) => Values[] | undefined {
  return (item) => {
    const list = at(item, path);
    return Array.isArray(list) ? list.map((element: unknown) => pick(element, same, renamed)) : undefined;
  };
}

function put(values: Values, name: string, value: Value | undefined): void {
  if (value !== undefined) values[name] = value;
}

function scalarAt(item: unknown, path: string): Value | undefined {
  const value = at(item, path);
  if (value === null) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function at(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((held, key) => {
    if (typeof held !== 'object' || held === null) return undefined;
    return (held as Readonly<Record<string, unknown>>)[key];
  }, item);
}
