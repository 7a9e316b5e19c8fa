import type {Options} from 'yargs';
import {UsageError} from '../errors.ts';
import type {RowShapingOptions} from '../journal/entry.ts';

/** The parser passes the message on, and usageError() adds the hint. */
const wrongValue = (message: string) => new UsageError(message, {hint: undefined});

/** `column=value` pairs of a repeated option. */
function pairs(option: string): (given: unknown) => Record<string, string> {
  return (given) => {
    const pairs: Record<string, string> = {};
    for (const text of list(given)) {
      const at = text.indexOf('=');
      if (at < 1) {
        const form = option === 'map' ? 'column=Header (user_id=Login)' : 'column=value (cursus_id=9)';
        throw wrongValue(`--${option} takes ${form}, not "${text}"`);
      }
      pairs[text.slice(0, at).trim()] = text.slice(at + 1);
    }
    return pairs;
  };
}

function list(given: unknown): string[] {
  return given === undefined ? [] : [given].flat().map(String);
}

/** A number within bounds, or a UsageError that names the option. */
export function number(option: string, least: number, whole = true): (given: unknown) => number | undefined {
  return (given) => {
    if (given === undefined) return undefined;
    const text = (Array.isArray(given) ? given.join(' ') : `${given as string | number}`).trim();
    const value = Number(text);
    const fits = /^\d{1,12}(\.\d{1,6})?$/.test(text) && value >= least && (!whole || Number.isInteger(value));
    if (!fits) {
      throw wrongValue(
        `--${option} takes a ${whole ? 'whole ' : ''}number of at least ${least}, not "${text}"`,
      );
    }
    return value;
  };
}

/** Looked at before the run: a slip of the keys would show when it has ended. */
function webAddress(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const address = list(given).join(' ');
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw wrongValue(`--notify takes an address such as https://example.org/hook, not "${address}"`);
}

export const text = (describe: string, more: Options = {}): Options => ({
  type: 'string',
  requiresArg: true,
  describe,
  ...more,
});
export const flag = (describe: string): Options => ({type: 'boolean', default: false, describe});

/** Which rows there are and what they hold. */
export const rowOptions = {
  map: text("read a job's column from another header: column=Header (repeat)", {
    coerce: pairs('map'),
    group: 'Rows:',
  }),
  set: text('give rows without their own this value: column=value (repeat)', {
    coerce: pairs('set'),
    group: 'Rows:',
  }),
  timezone: text('zone of date-times written without one', {default: 'UTC', group: 'Rows:'}),
  'ignore-unknown': {...flag('ignore columns that the job does not know'), group: 'Rows:'},
  delimiter: text('comma, semicolon, tab or pipe (detected)', {group: 'Rows:'}),
  encoding: text('utf-8, utf-16 or windows-1252 (detected)', {group: 'Rows:'}),
  lines: text('only these lines: 10-40,55', {group: 'Rows:'}),
  limit: text('only the first N rows', {coerce: number('limit', 1), group: 'Rows:'}),
} satisfies Record<string, Options>;

/** How requests go out. */
export const sendingOptions = {
  'per-second': text('at most N requests a second (2, or what the API says)', {
    coerce: number('per-second', 0.01, false),
    group: 'Sending:',
  }),
  'per-hour': text('at most N requests an hour (1200, or what the API says)', {
    coerce: number('per-hour', 1),
    group: 'Sending:',
  }),
  concurrency: text('requests in flight (twice the per-second limit)', {
    coerce: number('concurrency', 1),
    group: 'Sending:',
  }),
  timeout: text('seconds for one request', {
    default: '60',
    coerce: number('timeout', 0.1, false),
    group: 'Sending:',
  }),
  settle: text('seconds in which a server may still apply a request whose answer was lost', {
    default: '120',
    coerce: number('settle', 0, false),
    group: 'Sending:',
  }),
  existing: text('what is already as a row wants it: leave alone, fail, or send without looking', {
    choices: ['skip', 'fail', 'send'],
    default: 'skip',
    group: 'Sending:',
  }),
} satisfies Record<string, Options>;

/** Where several machines use one application. */
export const sharingOptions = {
  redis: text('share the limits and the lock with other machines: redis://host (BULK42_REDIS_URL)', {
    group: 'Sharing:',
  }),
  'redis-timeout': text('seconds that Redis may be gone before the run ends', {
    default: '300',
    coerce: number('redis-timeout', 0, false),
    group: 'Sharing:',
  }),
} satisfies Record<string, Options>;

/** When a run stops or does not start. */
export const safetyOptions = {
  'on-invalid': text('an invalid row: send nothing, or send the valid ones', {
    choices: ['abort', 'skip'],
    default: 'abort',
    group: 'Safety:',
  }),
  'max-failures': text('stop when N rows, or N% of at least 20, were refused (10 in a row from the start)', {
    group: 'Safety:',
  }),
  'max-changes': text('send nothing when more than N rows, or N%, would be created or updated', {
    group: 'Safety:',
  }),
  'max-requests': text('stop cleanly after N requests', {
    coerce: number('max-requests', 1),
    group: 'Safety:',
  }),
  until: text('stop cleanly at HH:MM', {group: 'Safety:'}),
  'wait-lock': text('seconds to wait for another run to end', {
    default: '0',
    coerce: number('wait-lock', 0, false),
    group: 'Safety:',
  }),
  yes: {...flag('do not ask'), alias: 'y', group: 'Safety:'},
} satisfies Record<string, Options>;

/** What an earlier run has to do with this one. */
export const deltaOptions = {
  'changed-since': text('skip rows that are the same as in this earlier run (its id, or last)', {
    group: 'Rows:',
  }),
} satisfies Record<string, Options>;

export const outOption = {
  out: text('folder of the run folders', {default: 'runs', group: 'Output:'}),
} satisfies Record<string, Options>;

export const sandboxOption = {
  sandbox: {
    ...flag('use an embedded 42 API, started for this command'),
    group: 'Sending:',
  },
} satisfies Record<string, Options>;

export const notifyOptions = {
  notify: text('POST the summary to this URL when the run ends', {coerce: webAddress, group: 'Output:'}),
  'notify-on': text('when to do so', {choices: ['failure', 'always'], default: 'always', group: 'Output:'}),
} satisfies Record<string, Options>;

/** Every command has these. */
export const globalOptions = {
  json: {...flag('one JSON document on stdout'), group: 'Output:'},
  quiet: {...flag('say only what matters'), alias: 'q', group: 'Output:'},
  verbose: {...flag('say more'), group: 'Output:'},
  'no-color': {...flag('no colours'), group: 'Output:'},
  'no-progress': {...flag('no progress line'), group: 'Output:'},
} satisfies Record<string, Options>;

export interface RowArguments {
  map: Record<string, string>;
  set: Record<string, string>;
  timezone: string;
  'ignore-unknown': boolean;
  delimiter?: string;
  encoding?: string;
  lines?: string;
  limit?: number;
}

export function rowShapingOf(args: RowArguments): RowShapingOptions {
  const {delimiter, encoding, lines, limit} = args;
  return {
    map: args.map ?? {},
    set: args.set ?? {},
    timezone: args.timezone,
    ignoreUnknown: args['ignore-unknown'],
    ...(delimiter !== undefined && {delimiter}),
    ...(encoding !== undefined && {encoding}),
    ...(lines !== undefined && {lines}),
    ...(limit !== undefined && {limit}),
  };
}
