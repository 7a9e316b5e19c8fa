import {UsageError} from '../errors.ts';
import type {Options} from 'yargs';

export type OptionSet = Readonly<Record<string, Options>>;

/** The parser passes the message on, and usageError() adds the hint. */
const wrongValue = (message: string) => new UsageError(message, {hint: undefined});

export const flag = (describe: string) => ({type: 'boolean', default: false, describe}) as const;

/** An option with a value. Given twice, the last one counts. */
export function option<T>(describe: string, parse: (value: string) => T) {
  const coerce = (given: unknown) => parse(String([given].flat().at(-1)));
  return {type: 'string', requiresArg: true, describe, coerce} as const;
}

export const text = (describe: string) => option(describe, (value) => value);

/** The parser itself refuses a value that is no choice. */
export const choice = <const T extends string>(describe: string, choices: readonly T[]) => ({
  ...option(describe, (value) => value as T),
  choices,
});

/** A number of at least `min`, whole unless `isWhole` is false. */
export function number(
  name: string,
  describe: string,
  {min, max = Infinity, isWhole = true}: {min: number; max?: number; isWhole?: boolean},
) {
  return option(describe, (value) => {
    const parsed = Number(value);
    const isNumber = /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value);
    if (isNumber && parsed > max)
      throw wrongValue(`--${name} takes a number of at most ${max}, not "${value}"`);
    if (isNumber && parsed >= min && (!isWhole || Number.isInteger(parsed))) return parsed;
    const kind = isWhole ? 'whole number' : 'number';
    throw wrongValue(`--${name} takes a ${kind} of at least ${min}, not "${value}"`);
  });
}

/** `column=value` pairs of an option that may be repeated. */
export function pairs(name: string, describe: string, form: string) {
  const coerce = (given: unknown) => {
    const found: Record<string, string> = {};
    for (const pair of [given].flat().map(String)) {
      const at = pair.indexOf('=');
      if (at < 1) throw wrongValue(`--${name} takes ${form}, not "${pair}"`);
      found[pair.slice(0, at).trim()] = pair.slice(at + 1);
    }
    return found;
  };
  return {type: 'string', requiresArg: true, describe, coerce} as const;
}

export const listOf = (value: string) => value.split(',').map((part) => part.trim());

/** `pairs` with several values each. */
export function valuesByColumn(name: string, describe: string) {
  const {coerce, ...option} = pairs(name, describe, 'column=value,value (project_id=1314,1315)');
  const valuesOf = (given: unknown) =>
    Object.fromEntries(Object.entries(coerce(given)).map(([column, values]) => [column, listOf(values)]));
  return {...option, coerce: valuesOf} as const;
}

/** Checked before the run: a typing error would show only when it has ended. */
export function webAddress(address: string): string {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw wrongValue(`--notify takes an address such as https://example.org/hook, not "${address}"`);
}

export function days(value: string): number {
  const [, count] = /^\s*([1-9]\d{0,4})\s*d\s*$/i.exec(value) ?? [];
  if (count !== undefined) return Number(count);
  throw wrongValue(`--older-than takes a number of days such as 90d, not "${value}"`);
}

/** Minutes since midnight. */
export function timeOfDay(value: string): number {
  const match = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(value);
  if (match) return Number(match[1]) * 60 + Number(match[2]);
  throw wrongValue(`--until takes a time of day such as 06:30, not "${value}"`);
}

/** Puts options under one heading of the help. */
export function under<O extends OptionSet>(heading: string, options: O): O {
  const entries = Object.entries(options).map(([name, each]) => [name, {...each, group: `${heading}:`}]);
  return Object.fromEntries(entries) as O;
}
