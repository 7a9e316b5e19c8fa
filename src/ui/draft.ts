import type {NewRunSpec} from '../app/run-spec.ts';
import {UsageError} from '../errors.ts';
import type {RowShapingOptions} from '../journal/entry.ts';
import {shellQuote} from '../shell-quote.ts';

/** What the page sends of a run that is being prepared; each field may be anything. */
export interface Draft {
  job: string;
  map: Record<string, string>;
  set: Record<string, string>;
  delimiter: string;
  encoding: string;
  sheet: string;
  timezone: string;
  dateOrder: string;
  existing: string;
  onInvalid: string;
  sandbox: boolean;
}

const existings = ['skip', 'fail', 'update'] as const;

/** Takes a draft apart that may come from anywhere. @throws UsageError for one that no page sends */
export function readDraft(given: unknown): Draft {
  const draft = isObject(given) ? given : {};
  const text = (name: string) => {
    const value = draft[name] ?? '';
    if (typeof value !== 'string') throw wrong(name);
    return value;
  };
  const texts = (name: string) => {
    const value = draft[name] ?? {};
    if (!isObject(value)) throw wrong(name);
    const entries = Object.entries(value);
    if (!entries.every(([, each]) => typeof each === 'string')) throw wrong(name);
    return Object.fromEntries(entries) as Record<string, string>;
  };
  return {
    job: text('job'),
    map: texts('map'),
    set: texts('set'),
    delimiter: text('delimiter'),
    encoding: text('encoding'),
    sheet: text('sheet'),
    timezone: text('timezone'),
    dateOrder: text('dateOrder'),
    existing: text('existing'),
    onInvalid: text('onInvalid'),
    sandbox: draft['sandbox'] === true,
  };
}

/** The options that shape the rows. A header that no column is read from is left unread: the page shows that. */
function shapeOf({map, set, delimiter, encoding, timezone, dateOrder}: Draft): RowShapingOptions {
  return {
    map,
    set,
    timezone: timezone || 'UTC',
    ignoreUnknown: true,
    ...(delimiter && {delimiter}),
    ...(encoding && {encoding}),
    ...(isOrder(dateOrder) && {dateOrder}),
  };
}

export function newRunOf(draft: Draft, path: string, stdin: NodeJS.ReadableStream): NewRunSpec {
  const {job, existing, onInvalid} = draft;
  return {
    kind: 'new',
    job,
    file: path,
    stdin,
    shape: shapeOf(draft),
    existing: existings.find((each) => each === existing) ?? 'skip',
    onInvalid: onInvalid === 'skip' ? 'skip' : 'abort',
  };
}

/** The same as a command line: `plan cursus-users piscine.csv --map user_id=Login`. */
export function commandOf(command: string, draft: Draft, file: string): string {
  const {map, set, delimiter, encoding, timezone, dateOrder, existing, onInvalid, sandbox} = draft;
  const option = (name: string, value: string) => (value === '' ? [] : [`--${name}`, shellQuote(value)]);
  const pairs = (name: string, of: Record<string, string>) =>
    Object.entries(of).flatMap(([column, value]) => option(name, `${column}=${value}`));
  return [
    `bulk42 ${command} ${shellQuote(draft.job)} ${shellQuote(file)}`,
    ...pairs('map', map),
    ...pairs('set', set),
    ...option('delimiter', delimiter),
    ...option('encoding', encoding),
    ...option('timezone', timezone),
    ...option('date-order', dateOrder),
    '--ignore-unknown',
    ...(command === 'run' ? [...option('existing', existing), ...option('on-invalid', onInvalid)] : []),
    ...(sandbox ? ['--sandbox'] : []),
  ].join(' ');
}

function isOrder(text: string): text is 'dmy' | 'mdy' {
  return text === 'dmy' || text === 'mdy';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(name: string): UsageError {
  return new UsageError(`${name} is not what the page sends`, {hint: 'load the page again'});
}
