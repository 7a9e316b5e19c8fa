import {UsageError} from '../errors.ts';
import type {InferredOptionTypes, Options} from 'yargs';
import {parseLimit} from '../send/failure-limit.ts';

/** As much of JSON Schema as the values of options need. */
export interface JsonSchema {
  type?: 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  items?: JsonSchema;
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema;
  anyOf?: readonly JsonSchema[];
}

/** An option as the parser wants it, and what the settings file has to know. */
export interface OptionDefinition extends Options {
  /** What is written as its value, in words. */
  takes?: string;
  /** The value in the settings file. */
  json?: JsonSchema;
  /** A path, which in a settings file starts from that file's folder. */
  isPath?: true;
  /** It adds up where it is given again. */
  isRepeatable?: true;
  /** The variable of the environment that sets it, too. */
  variable?: string;
  /** Why it cannot stand in the settings file. */
  typedOnly?: string;
}

export type OptionSet = Readonly<Record<string, OptionDefinition>>;

type CamelCase<S> = S extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<CamelCase<Rest>>}` : S;
/** What a handler gets of options: their names in camel case. */
export type OptionValues<O extends OptionSet> = {
  [K in keyof O as CamelCase<K> & string]: InferredOptionTypes<Pick<O, K>>[K];
};

/** The parser passes the message on, and usageError() adds the hint. */
const wrongValue = (name: string, takes: string, value: string) =>
  new UsageError(`--${name} takes ${takes}, not "${value}"`, {hint: undefined});

export const flag = (describe: string) =>
  ({type: 'boolean', default: false, describe, takes: 'true or false', json: {type: 'boolean'}}) as const;

const anyText = {type: 'string', pattern: '\\S'} as const;

/** An option with a value. Given twice, the last one counts. */
function option<T>(
  describe: string,
  parse: (value: string) => T,
  {takes = 'a text', json = anyText}: {takes?: string; json?: JsonSchema} = {},
) {
  const coerce = (given: unknown) => parse(String([given].flat().at(-1)));
  return {type: 'string', requiresArg: true, describe, coerce, takes, json} as const;
}

export const text = (describe: string, takes?: string) =>
  option(describe, (value) => value, {...(takes && {takes})});

export const path = (describe: string, takes = 'a path') =>
  ({...text(describe, takes), isPath: true}) as const;

/** The collector reads no others, and a settings file that came with a folder must not replace any file. */
export const prometheusFile = (describe: string) =>
  ({...path(describe, 'a path that ends in .prom'), json: {type: 'string', pattern: '\\.prom$'}}) as const;

/** The parser itself refuses a value that is no choice. */
export const choice = <const T extends string>(describe: string, choices: readonly T[]) => ({
  ...option(describe, (value) => value as T, {
    takes: choices.join(', ').replace(/, ([^,]*)$/, ' or $1'),
    json: {enum: choices},
  }),
  choices,
});

/** A number of at least `min`, whole unless `isWhole` is false. */
export function number(
  name: string,
  describe: string,
  {min, max = 999_999_999_999, isWhole = true}: {min: number; max?: number; isWhole?: boolean},
) {
  const takes = `a ${isWhole ? 'whole number' : 'number'} of at least ${min}`;
  const parse = (value: string) => {
    const parsed = Number(value);
    const isNumber = /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value);
    if (isNumber && parsed > max) throw wrongValue(name, `a number of at most ${max}`, value);
    if (isNumber && parsed >= min && (!isWhole || Number.isInteger(parsed))) return parsed;
    throw wrongValue(name, takes, value);
  };
  const json = {type: isWhole ? 'integer' : 'number', minimum: min, maximum: max} as const;
  return option(describe, parse, {takes, json});
}

const cell = {anyOf: [{type: 'string'}, {type: 'number'}, {type: 'boolean'}]} as const;
const cells = {anyOf: [...cell.anyOf, {type: 'array', items: cell}]} as const;

/** `column=value` pairs of an option that may be repeated; an object in the settings file. */
export function pairs(name: string, describe: string, form: string, values: JsonSchema = cell) {
  const coerce = (given: unknown) => {
    const found: Record<string, string> = {};
    for (const pair of [given].flat().map(String)) {
      const at = pair.indexOf('=');
      if (at < 1) throw wrongValue(name, form, pair);
      found[pair.slice(0, at).trim()] = pair.slice(at + 1);
    }
    return found;
  };
  const object = {
    type: 'object',
    propertyNames: {type: 'string', pattern: '^[^=]+$'},
    additionalProperties: values,
  } as const;
  const list = {type: 'array', items: {type: 'string', pattern: '^[^=]+='}} as const;
  const json = {anyOf: [object, list]};
  return {
    type: 'string',
    requiresArg: true,
    isRepeatable: true,
    describe,
    coerce,
    takes: form,
    json,
  } as const;
}

const listOf = (value: string) => value.split(',').map((part) => part.trim());

/** Values with commas between them; a list in the settings file. */
export const list = (describe: string, takes: string) =>
  option(describe, listOf, {takes, json: {anyOf: [anyText, {type: 'array', items: anyText}]}});

/** `pairs` with several values each. */
export function valuesByColumn(name: string, describe: string) {
  const form = 'column=value,value (project_id=1314,1315)';
  const {coerce, ...option} = pairs(name, describe, form, cells);
  const valuesOf = (given: unknown) =>
    Object.fromEntries(Object.entries(coerce(given)).map(([column, values]) => [column, listOf(values)]));
  return {...option, coerce: valuesOf} as const;
}

/** Checked before the run: a typing error would show only when it has ended. */
export function webAddress(name: string, describe: string) {
  const takes = 'an address such as https://example.org/hook';
  const parse = (address: string) => {
    if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
    throw wrongValue(name, takes, address);
  };
  return option(describe, parse, {takes, json: {type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?:'}});
}

export function days(name: string, describe: string) {
  const takes = 'a number of days such as 90d';
  const parse = (value: string) => {
    const [, count] = /^\s*([1-9]\d{0,4})\s*d\s*$/i.exec(value) ?? [];
    if (count !== undefined) return Number(count);
    throw wrongValue(name, takes, value);
  };
  return option(describe, parse, {takes});
}

/** Minutes since midnight. */
export function timeOfDay(name: string, describe: string) {
  const takes = 'a time of day such as 06:30';
  const form = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/;
  const parse = (value: string) => {
    const match = form.exec(value);
    if (match) return Number(match[1]) * 60 + Number(match[2]);
    throw wrongValue(name, takes, value);
  };
  return option(describe, parse, {takes, json: {type: 'string', pattern: form.source}});
}

/** A number of rows, or a percentage of them. */
export function rowLimit(name: string, describe: string) {
  const percentage = {type: 'string', pattern: '^\\s*(\\d{1,7}|(0{0,5}\\d{1,2}|0{0,4}100)%)\\s*$'} as const;
  const json = {anyOf: [{type: 'integer', minimum: 0, maximum: 9_999_999}, percentage]} as const;
  return option(describe, (value) => parseLimit(value, name), {
    takes: 'a number of rows or a percentage',
    json,
  });
}

/** Options that say what one command does, and not how all do it. */
export function typedOnly<O extends OptionSet>(options: O, why = 'it says what one command does'): O {
  const entries = Object.entries(options).map(([name, each]) => [name, {...each, typedOnly: why}]);
  return Object.fromEntries(entries) as O;
}

/** Puts options under one heading of the help. */
export function under<O extends OptionSet>(heading: string, options: O): O {
  const entries = Object.entries(options).map(([name, each]) => [name, {...each, group: `${heading}:`}]);
  return Object.fromEntries(entries) as O;
}
