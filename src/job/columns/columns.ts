import {Column, type Fields, type FileLimits, type Many, type One} from './column.ts';
import {isStoredForm} from './characters.ts';
import {countryCodes} from './country-codes.ts';
import {parseDate, parseDateTime, ageProblem} from './parse-date.ts';
import {dateNote} from './local-date.ts';
import {isProblem, type Problem} from '../row.ts';
import type {Rule} from '../rules.ts';
import {doubtfulText} from './doubtful-text.ts';
import {emailProblem, fileProblem, integerProblem, textProblem, userProblem} from './cell-problems.ts';

const optional = <T>(about: string, kind: Column['kind']) => new Column<T, false>(kind, about, false);

/** A user by id or login. In a request it is always the id. */
export function user(about: string): Column<number, false> {
  return optional(about, {
    type: 'user',
    words: 'a user: id or login',
    example: 'student-login',
    isIdentifier: true,
    parse: (cell) => (digits.test(cell) ? integer_(cell, 1) : (userProblem(cell) ?? cell.toLowerCase())),
    same: sameNumber,
  });
}

/** A whole number; without limits any that a double holds exactly. */
export function integer(about: string, limits: {min?: number; max?: number} = {}): Column<number, false> {
  const {min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER} = limits;
  return optional(about, {
    type: 'integer',
    words: limits.min === undefined ? 'a whole number' : `a whole number from ${min}`,
    example: String(limits.min ?? 1),
    parse: (cell) => integer_(cell, min, max),
    same: sameNumber,
  });
}

/** The id of a record: 1 or more. */
export function id(about: string): Column<number, false> {
  return integer(about, {min: 1});
}

/** Any text, without white space around it. Line breaks and tabs are allowed, other control characters are not. */
export function text(
  about: string,
  {maxLength = Infinity, isIdentifier = false} = {},
): Column<string, false> {
  return optional(about, {
    type: 'text',
    words: maxLength === Infinity ? 'text' : `text of at most ${maxLength} characters`,
    example: 'text',
    isIdentifier,
    ...(!isIdentifier && {same: (wanted, shown) => isStoredForm(String(shown), String(wanted))}),
    parse: (cell) => textProblem(cell, maxLength) ?? cell,
    note: doubtfulText,
  });
}

/** A text never shown: a password. Spaces around it belong to it. */
export function secretText(about: string): Column<string, false> {
  return text(about).secret();
}

export function boolean(about: string): Column<boolean, false> {
  return optional(about, {
    type: 'boolean',
    words: 'true or false',
    example: 'true',
    parse: (cell) => booleans.get(cell.toLowerCase()) ?? notBoolean,
  });
}

/** A boolean that the endpoint document types String (`_destroy`): read as a boolean, sent as 'true' or 'false'. */
export function flag(about: string): Column<'true' | 'false', false> {
  return optional(about, {
    type: 'boolean',
    words: 'true or false',
    example: 'true',
    parse(cell) {
      const value = booleans.get(cell.toLowerCase());
      return value === undefined ? notBoolean : String(value);
    },
  });
}

/** A day without a time. `age` limits it to years ago, both ends included. */
export function date(about: string, age?: {min: number; max: number}): Column<string, false> {
  return optional(about, {
    type: 'date',
    words: age ? `a date, ${age.min} to ${age.max} years ago` : 'a date: YYYY-MM-DD',
    example: '2004-05-17',
    isDate: true,
    parse(cell, context, column) {
      const day = parseDate(cell, context, column);
      if (!age || isProblem(day)) return day;
      return ageProblem(day, age.min, age.max, context.now) ?? day;
    },
    note: dateNote,
    same: (wanted, shown) => typeof shown === 'string' && shown.slice(0, 10) === wanted,
  });
}

/** A moment. Sent as an ISO string in UTC; written without a zone it is in the run's time zone. */
export function dateTime(about: string): Column<string, false> {
  return optional(about, {
    type: 'date-time',
    words: 'a date-time: ISO 8601',
    example: '2026-11-23T09:00:00+01:00',
    isDate: true,
    parse: parseDateTime,
    note: dateNote,
    same: (wanted, shown) => Date.parse(String(shown)) === Date.parse(String(wanted)),
  });
}

/** One of a list of values, exactly as listed. */
export function oneOf<const V extends readonly (string | number)[]>(
  about: string,
  values: V,
): Column<V[number], false> {
  const known = new Map<string, string | number>(values.map((value) => [String(value), value]));
  const list = values.join(', ');
  return optional(about, {
    type: 'choice',
    words: `one of: ${list}`,
    example: String(values[0]),
    parse: (cell) => known.get(cell) ?? notListed(cell, list, (form) => known.has(form)),
  });
}

/** A two-letter country code in capitals. */
export function countryCode(about: string): Column<string, false> {
  return optional(about, {
    type: 'country-code',
    words: 'a country code of two capital letters',
    example: 'FR',
    parse(cell) {
      if (countryCodes.has(cell)) return cell;
      return notListed(cell, 'two-letter country codes such as FR (not dialling prefixes)', (form) =>
        countryCodes.has(form),
      );
    },
  });
}

export function email(about: string): Column<string, false> {
  return optional(about, {
    type: 'email',
    words: 'an e-mail address',
    example: 'jeanne@example.org',
    isIdentifier: true,
    parse: (cell) => emailProblem(cell) ?? cell,
  });
}

/** An English month in lower case, as the API filters by it. A capital is corrected and noted. */
export function month(about: string): Column<string, false> {
  return optional(about, {
    type: 'month',
    words: 'an English month in lower case',
    example: 'september',
    parse(cell) {
      const name = cell.toLowerCase();
      return months.has(name) ? name : notMonth;
    },
    note: (cell, value) => (cell === value ? undefined : 'written in lower case, as the API wants it'),
  });
}

/** A year of four digits, sent as text, as the endpoint documents say. */
export function year(about: string): Column<string, false> {
  return optional(about, {
    type: 'year',
    words: 'a year of four digits',
    example: '2026',
    parse: (cell) => (/^\d{4}$/.test(cell) ? cell : notYear),
  });
}

/** The path of a file to upload, relative to the CSV file. Only its form is checked here. */
export function file(about: string, limits: FileLimits): Column<{readonly file: string}, false> {
  return optional(about, {
    type: 'file',
    words: `the path of a file of ${limits.minBytes} to ${limits.maxBytes} bytes (${limits.types.join(', ')})`,
    example: '',
    parse: (cell) => fileProblem(cell) ?? {file: cell},
    file: limits,
  });
}

/** Fields of one nested record: `name.field`. */
export function one<C extends Fields>(fields: C, options: {rules?: readonly Rule[]} = {}): One<C> {
  return {group: 'one', fields, rules: options.rules ?? []};
}

/** Fields of a list of nested records: `name.0.field`, `name.1.field`. */
export function many<C extends Fields>(
  fields: C,
  options: {
    identity: readonly (readonly (keyof C & string)[])[];
    destroy?: keyof C & string;
    rules?: readonly Rule[];
  },
): Many<C> {
  return {group: 'many', fields, rules: [], ...options};
}

const digits = /^\d+$/;

function integer_(cell: string, min: number, max = Number.MAX_SAFE_INTEGER): number | Problem {
  return integerProblem(cell, min, max) ?? Number(cell);
}

function sameNumber(wanted: unknown, shown: unknown): boolean {
  return shown !== '' && typeof shown !== 'boolean' && Number(shown) === Number(wanted);
}

/** As people and their spreadsheets write them, in lower case. A word means the same in each language that has it. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...'true yes 1 oui vrai ja wahr sí si verdadero sì vero sim'
    .split(' ')
    .map((word) => [word, true] as const),
  ...'false no 0 non faux nein falsch falso não nao'.split(' ').map((word) => [word, false] as const),
]);

const notBoolean: Problem = {
  code: 'invalid_boolean',
  message: 'not a boolean',
  hint: 'write true or false (yes or no, oui or non, ja or nein, 1 or 0)',
};

function notListed(cell: string, list: string, has: (form: string) => boolean): Problem {
  const respelled = [cell.toLowerCase(), cell.toUpperCase()].find(has);
  return {
    code: 'invalid_choice',
    message: 'not one of the allowed values',
    hint: respelled === undefined ? `write one of: ${list}` : `write it as ${respelled}`,
  };
}

const months: ReadonlySet<string> = new Set(
  'january february march april may june july august september october november december'.split(' '),
);

const notMonth: Problem = {
  code: 'invalid_month',
  message: 'not a month',
  hint: 'write the English name in lower case, as in september',
};

const notYear: Problem = {code: 'invalid_year', message: 'not a year', hint: 'write four digits, as in 2026'};
