import {Halt, badRequest, html, json} from './reply.ts';

export type Params = Record<string, unknown>;

/** One thing wrong with one field, in the words of Rails ("can't be blank"). */
export interface FieldProblem {
  field: string;
  message: string;
}

type Need = 'required' | 'present' | 'nullable';

/** How a parameter is read. `read` gives undefined for a value that does not fit. */
export interface Field<T, N extends Need> {
  need: N;
  read: (raw: unknown) => T | undefined;
  message: string;
}

type ParamFields = Record<string, Field<unknown, Need>>;

/** Required fields are there, the others only when they were sent; null only where the document allows nil. */
export type PermittedValues<F extends ParamFields> = {
  [K in keyof F as F[K]['need'] extends 'required' ? K : never]: NonNullable<ReturnType<F[K]['read']>>;
} & {
  [K in keyof F as F[K]['need'] extends 'required' ? never : K]?:
    NonNullable<ReturnType<F[K]['read']>> | (F[K]['need'] extends 'nullable' ? null : never);
};

interface ParamKind<T> {
  read: (raw: unknown) => T | undefined;
  message: string;
}

export function required<T>(kind: ParamKind<T>): Field<T, 'required'> {
  return {...kind, need: 'required'};
}

/** Optional, but null is refused. */
export function present<T>(kind: ParamKind<T>): Field<T, 'present'> {
  return {...kind, need: 'present'};
}

/** Optional, null allowed. */
export function nullable<T>(kind: ParamKind<T>): Field<T, 'nullable'> {
  return {...kind, need: 'nullable'};
}

export const integer: ParamKind<number> = {
  read: (raw) => {
    const number =
      typeof raw === 'string' && /^\s*[+-]?\d+\s*$/.test(raw) ? Number(raw) : (raw as number | undefined);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  message: 'is not a number',
};

export const text: ParamKind<string> = {
  read: (raw) =>
    typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined,
  message: 'is invalid',
};

/** A column of the database that holds 255 characters. */
export const shortText: ParamKind<string> = {
  read: (raw) => {
    const read = text.read(raw);
    return read === undefined || Array.from(read).length > 255 ? undefined : read;
  },
  message: 'is too long (maximum is 255 characters)',
};

export const boolean: ParamKind<boolean> = {
  read: (raw) => {
    if ([true, 'true', 1, '1'].includes(raw as string)) return true;
    return [false, 'false', 0, '0'].includes(raw as string) ? false : undefined;
  },
  message: 'is not included in the list',
};

/** A time with or without zone (UTC then), or a date alone (midnight UTC), as an ISO string. */
export const datetime: ParamKind<string> = {
  read: (raw) => {
    const match =
      typeof raw === 'string' &&
      /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(UTC|Z|[+-]\d\d:?\d\d)?)?$/.exec(raw.trim());
    if (!match || !isDay(match[1] ?? '')) return undefined;
    const zone = (match[3] ?? 'Z').replace('UTC', 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
    const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${zone}`);
    return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  },
  message: 'is invalid',
};

export const date: ParamKind<string> = {
  read: (raw) => (typeof raw === 'string' && isDay(raw) ? raw : undefined),
  message: 'is invalid',
};

export function oneOf<T extends string | number>(...values: readonly T[]): ParamKind<T> {
  return {
    read: (raw) => values.find((value) => String(value) === String(raw)),
    message: 'is not included in the list',
  };
}

/** Whether the text is a day of the calendar; 2023-02-30 is not. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** Reads the known fields of a raw hash; unknown ones are dropped silently, as strong parameters do. */
export function permit<F extends ParamFields>(
  fields: F,
  raw: Params,
): {values: PermittedValues<F>; problems: FieldProblem[]} {
  const values: Params = {};
  const problems: FieldProblem[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = raw[name];
    if (value === undefined || value === null || (value === '' && field.need === 'required')) {
      if (field.need === 'required' || (field.need === 'present' && value === null)) {
        problems.push({field: name, message: "can't be blank"});
      } else if (value === null) values[name] = null;
      continue;
    }
    // A blank text on a typed, nullable field is stored as nil.
    const read =
      value === '' && field.need === 'nullable' && field.read('') === undefined ? null : field.read(value);
    if (read === undefined) problems.push({field: name, message: field.message});
    else values[name] = read;
  }
  return {values: values as PermittedValues<F>, problems};
}

export function isHash(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The hash under a request's root key; without it Rails answers 400. */
export function root(params: Params, key: string): Params {
  const value = params[key];
  if (!isHash(value) || Object.keys(value).length === 0) {
    throw new Halt(badRequest(`param is missing or the value is empty: ${key}`));
  }
  return value;
}

/** One nested record. A list where a hash belongs is the API's deterministic 500. */
export function nestedHash(raw: Params, key: string): Params[] {
  const value = raw[key];
  if (value === undefined || value === null) return [];
  if (!isHash(value)) throw new Halt(html(500, "We're sorry, but something went wrong (500)"));
  return [value];
}

/** Nested rows. A bare hash where an array belongs is the API's deterministic 500. */
export function nestedRows(raw: Params, key: string): Params[] {
  const value = raw[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isHash)) {
    throw new Halt(html(500, "We're sorry, but something went wrong (500)"));
  }
  return value;
}

type Shape = 'by field' | 'message' | 'list';

/** Stops with 422 if there are problems. Each resource has its own of the three body shapes that clients have met. */
export function assertValid(problems: readonly FieldProblem[], shape: Shape): void {
  if (problems.length === 0) return;
  const sentences = problems.map(({field, message}) => `${humanize(field)} ${message}`);
  if (shape === 'list') throw new Halt(json(422, {errors: sentences}));
  if (shape === 'message') {
    const message = `Validation failed: ${sentences.join(', ')}`;
    throw new Halt(json(422, {error: 'Unprocessable Entity', message}));
  }
  const errors: Record<string, string[]> = {};
  for (const {field, message} of problems) (errors[field] ??= []).push(message);
  throw new Halt(json(422, {errors}));
}

function humanize(field: string): string {
  const words = field.replace(/_id$/, '').replaceAll(/[_.]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
