import {outcomes} from '../outcome.ts';
import type {Entry, StampedEntry} from './entry.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** An unlimited rate is written as null. */
const rate: Check = (value) => value === null || typeof value === 'number';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const table =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

const row = {r: count};
const attempt = {...row, a: count};
const counts = fields(Object.fromEntries(outcomes.map((outcome) => [outcome, count])));
const readAs = {
  delimiter: optional(text),
  encoding: optional(text),
  columns: optional(list(text)),
  each: optional(table(list(text))),
  sheet: optional(text),
};

/** What each kind of entry holds, as far as the program relies on it. */
const checks: Readonly<Record<Entry['k'], Check>> = {
  header: fields({
    v: (value) => value === 1,
    run: text,
    tool: text,
    job: text,
    jobHash: text,
    jobFile: optional(text),
    input: fields({path: text, sha256: text, rows: count, copySha256: optional(text)}),
    baseUrl: text,
    who: optional(fields({user: text, host: text})),
    client: text,
    shape: fields({
      ...readAs,
      map: table(text),
      set: table(text),
      timezone: text,
      ignoreUnknown: flag,
      dateOrder: optional(text),
      dateOrders: optional(table(text)),
      lines: optional(text),
      limit: optional(count),
    }),
    undoOf: optional(text),
    existing: text,
    onInvalid: text,
    parent: optional(
      fields({
        run: text,
        firstFile: fields({...readAs, path: text, sha256: text, filesBeside: optional(text)}),
      }),
    ),
  }),
  open: fields({
    settleMs: optional(count),
    keyId: optional(text),
    at: optional(fields({boot: text, up: count})),
    fence: optional(count),
  }),
  settle: fields({ms: count}),
  invalid: fields({...row, code: text, msg: text}),
  unchanged: fields({...row, id: optional(count), code: optional(text)}),
  intent: fields({
    ...attempt,
    key: optional(text),
    row: optional(text),
    id: optional(count),
    ids: optional(table(count)),
    cols: optional(list(text)),
    unread: optional(list(text)),
    nested: optional(table(count)),
    top: optional(count),
    body: optional(text),
  }),
  unsent: fields({...attempt, why: text}),
  step: fields({...attempt, st: count}),
  refused: fields({...attempt, st: count}),
  doubt: fields({...attempt, why: text, st: optional(count), msg: optional(text)}),
  check: fields({...attempt, res: text}),
  not_applied: fields(attempt),
  done: fields({
    ...row,
    o: (value) => (outcomes as readonly unknown[]).includes(value),
    st: optional(count),
    id: optional(count),
    f: optional(table(text)),
    via: optional(text),
    code: optional(text),
    msg: optional(text),
  }),
  named: fields({...row, id: count, f: optional(table(text))}),
  spent: fields({n: count, x: count}),
  limits: fields({perSecond: rate, perHour: rate}),
  pause: fields({why: text, ms: rate}),
  stop: fields({why: text, code: count, n: counts}),
  complete: fields({code: count, n: counts}),
};

const stamp = fields({s: count, b: count, t: count});

/** Whether this is an entry that this version writes: a folder that came from elsewhere may hold anything. */
export function isEntry(value: unknown): value is StampedEntry {
  if (!isObject(value) || !stamp(value)) return false;
  const {k} = value;
  return typeof k === 'string' && Object.hasOwn(checks, k) && checks[k as Entry['k']](value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
