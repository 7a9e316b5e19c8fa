import type {InferredOptionTypes} from 'yargs';
import type {RowShapingOptions} from '../journal/entry.ts';
import {parseLimit} from '../send/failure-limit.ts';
import {
  choice,
  days,
  flag,
  listOf,
  number,
  type OptionSet,
  option,
  pairs,
  text,
  timeOfDay,
  under,
  valuesByColumn,
  webAddress,
} from './option-kinds.ts';

type CamelCase<S> = S extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<CamelCase<Rest>>}` : S;
type OptionValues<O extends OptionSet> = {
  [K in keyof O as CamelCase<K> & string]: InferredOptionTypes<Pick<O, K>>[K];
};

export type GlobalArguments = OptionValues<typeof globalOptions>;

/** The options that a handler is given: their names in camel case, their types as they are defined here. */
export type ArgumentsOf<O extends OptionSet> = OptionValues<O> & GlobalArguments;

/** Every command has these. */
export const globalOptions = under('Output', {
  json: flag('one JSON document on stdout'),
  'no-color': flag('no colours'),
});

const quietOption = under('Output', {quiet: {...flag('print nothing when all went well'), alias: 'q'}});
const verboseOption = under('Output', {verbose: flag("print the run's log")});
const progressOption = under('Output', {'no-progress': flag('no progress line')});

const outOption = under('Output', {out: {...text('folder of the run folders'), default: 'runs'}});

const yesOption = under('Safety', {yes: {...flag('do not ask'), alias: 'y'}});

const sandboxOption = under('Sending', {
  sandbox: flag('rehearse: use an embedded 42 API, whose records are kept in the runs folder'),
});

/** Every command accepts these, since scripts give them to all alike. The help shows them where they change something. */
export const toleratedOptions = {...quietOption, ...verboseOption, ...progressOption, ...sandboxOption};

/** Which rows there are and what they hold. */
const rowOptions = under('Rows', {
  map: pairs(
    'map',
    "read a job's column from another header: column=Header (repeat)",
    'column=Header (user_id=Login)',
  ),
  set: pairs(
    'set',
    'give rows without their own this value: column=value (repeat)',
    'column=value (cursus_id=9)',
  ),
  columns: option('names of the columns of a file without a header: a,b', listOf),
  each: valuesByColumn('each', 'each row stands for a row for each value: column=v1,v2'),
  timezone: {...text('zone of date-times written without one'), default: 'UTC'},
  'date-order': choice('how to read 05/06/2026 where the file does not show it', ['dmy', 'mdy']),
  'ignore-unknown': flag('ignore columns that the job does not know'),
  sheet: text('the sheet of a workbook (.xlsx) to read (the first)'),
  delimiter: text('comma, semicolon, tab or pipe (detected)'),
  encoding: text('utf-8, utf-16 or windows-1252 (detected)'),
  lines: text('only these lines: 10-40,55'),
  limit: number('limit', 'only the first N rows', {min: 1}),
});

/** What an earlier run has to do with this one. */
const deltaOptions = under('Rows', {
  'changed-since': text('skip rows that are the same as in this earlier run (its id, or last)'),
});

const invalidOptions = under('Safety', {
  'on-invalid': {
    ...choice('an invalid row: send nothing, or send the valid ones', ['abort', 'skip']),
    default: 'abort',
  },
});

const existingChoice = (describe: string) => choice(describe, ['skip', 'fail', 'send', 'update']);

/** What is decided for rows that exist or that are invalid. */
const decisionOptions = {
  ...under('Sending', {
    existing: {
      ...existingChoice('what exists: leave alone, fail, send without looking, or update to its row'),
      default: 'skip',
    },
  }),
  ...invalidOptions,
};

/** Where several machines use one application. */
const sharingOptions = under('Sharing', {
  redis: text('share the limits and the lock with other machines: redis://host (BULK42_REDIS_URL)'),
  'redis-timeout': {
    ...number('redis-timeout', 'seconds that Redis may be gone before the run ends', {
      min: 0,
      isWhole: false,
    }),
    default: '300',
  },
});

/** How requests go out, and when they stop: reads for a plan as well as writes. */
const requestOptions = {
  ...under('Sending', {
    'per-second': number('per-second', 'at most N requests a second (2, or what the API says)', {
      min: 0.01,
      isWhole: false,
    }),
    'per-hour': number('per-hour', 'at most N requests an hour (1200, or what the API says)', {min: 1}),
    // A day: a timer that is longer than 24 of them fires at once.
    timeout: {
      ...number('timeout', 'seconds for one request', {min: 0.1, max: 86_400, isWhole: false}),
      default: '60',
    },
  }),
  ...under('Safety', {
    'max-changes': option(
      'send nothing when more than N rows, or N%, would be created, updated or removed',
      (value) => parseLimit(value, 'max-changes'),
    ),
    'max-requests': number('max-requests', 'stop cleanly after N requests', {min: 1}),
    until: option('stop cleanly at HH:MM', timeOfDay),
  }),
  ...sharingOptions,
  ...sandboxOption,
  ...progressOption,
  ...quietOption,
  ...outOption,
};

/** Of the commands that send rows. */
const sendingOptions = {
  ...requestOptions,
  ...under('Sending', {
    concurrency: number('concurrency', 'requests in flight (twice the per-second limit)', {min: 1}),
    settle: {
      ...number('settle', 'seconds in which a server may still apply a request whose answer was lost', {
        min: 0,
        isWhole: false,
      }),
      default: '120',
    },
  }),
  ...under('Safety', {
    'max-failures': option(
      'stop when N rows, or N% of at least 20, were refused (10 in a row from the start)',
      (value) => parseLimit(value, 'max-failures'),
    ),
    'wait-lock': {
      ...number('wait-lock', 'seconds to wait for another run to end', {min: 0, isWhole: false}),
      default: '0',
    },
  }),
  ...yesOption,
  ...verboseOption,
  ...under('Output', {
    notify: option('POST the summary to this URL when the run ends', webAddress),
    'notify-on': {...choice('when to do so', ['failure', 'always']), default: 'always'},
  }),
};

const dryRunOption = under('Safety', {'dry-run': flag('show what would be done, and send nothing')});

export const planOptions = {
  ...rowOptions,
  ...deltaOptions,
  ...decisionOptions,
  ...requestOptions,
  ...under('Output', {save: text('keep the plan in this file, for run --plan')}),
};

export const runOptions = {
  ...rowOptions,
  ...deltaOptions,
  ...decisionOptions,
  ...sendingOptions,
  ...under('Safety', {plan: text('run exactly this saved plan, or refuse')}),
  ...dryRunOption,
};

export const removeOptions = {
  ...rowOptions,
  ...invalidOptions,
  ...sendingOptions,
  ...dryRunOption,
};

export const validateOptions = {
  ...rowOptions,
  ...quietOption,
  ...under('Output', {all: flag('list each problem, not one of each kind')}),
};

export const resumeOptions = {
  ...under('Row', {job: text('your copy of the job file of a run that another machine began')}),
  ...sendingOptions,
};
export const retryOptions = {
  ...under('Sending', {existing: existingChoice('what exists (as in the run that is retried)')}),
  ...invalidOptions,
  ...sendingOptions,
};
export const undoOptions = sendingOptions;

export const resolveOptions = {
  ...under('Row', {
    line: {...number('line', 'the line of the row', {min: 1}), demandOption: true},
    as: {...choice('what became of it', ['applied', 'not-applied']), demandOption: true},
  }),
  ...quietOption,
  ...outOption,
};

export const reportOptions = {...quietOption, ...outOption};

export const runsOptions = {
  ...outOption,
  ...under('Removal', {
    // Without a value beside --older-than.
    remove: {...text('delete this run, after asking'), requiresArg: false},
    'older-than': option('with --remove: the finished runs that began so many days ago, as in 90d', days),
    yes: {...flag('do not ask, and delete it even while rows are in doubt'), alias: 'y'},
  }),
};

export const templateOptions = under('Output', {
  describe: flag('a table of the columns instead'),
  delimiter: {...text('comma, semicolon, tab or pipe'), default: 'comma'},
});

export const doctorOptions = {...sharingOptions, ...outOption, ...sandboxOption};

export const sandboxOptions = {
  ...outOption,
  ...under('API', {
    reset: flag('forget all records of rehearsals in the runs folder, and end'),
    port: {...number('port', 'port on 127.0.0.1 (any free one)', {min: 0}), default: '0'},
    'per-second': {
      ...number('per-second', 'requests a second that it allows; 0 for no limit', {min: 0, isWhole: false}),
      default: '2',
    },
    'per-hour': {...number('per-hour', 'requests an hour; 0 for no limit', {min: 0}), default: '1200'},
    users: {...number('users', 'how many users it knows', {min: 0}), default: '2000'},
    faults: text('a JSON file of faults to inject'),
  }),
};

export type RowArguments = ArgumentsOf<typeof rowOptions>;

export function rowShapingOf(args: RowArguments): RowShapingOptions {
  const {
    map = {},
    set = {},
    timezone,
    dateOrder,
    ignoreUnknown,
    delimiter,
    encoding,
    lines,
    limit,
    columns,
    each,
    sheet,
  } = args;
  return {
    map,
    set,
    timezone,
    ignoreUnknown,
    ...(dateOrder && {dateOrder}),
    ...(delimiter !== undefined && {delimiter}),
    ...(encoding !== undefined && {encoding}),
    ...(lines !== undefined && {lines}),
    ...(limit !== undefined && {limit}),
    ...(columns && {columns}),
    ...(each && {each}),
    ...(sheet !== undefined && {sheet}),
  };
}
