import {type ConfigSettings, defaultEnvFile} from '../config.ts';
import {
  choice,
  days,
  flag,
  number,
  type OptionSet,
  type OptionValues,
  path,
  prometheusFile,
  rowLimit,
  text,
  timeOfDay,
  typedOnly,
  under,
  webAddress,
} from './option-kinds.ts';
import {rowOptions} from './row-options.ts';

/** `origins`: where the value of each option comes from. */
export type GlobalArguments = OptionValues<typeof globalOptions> & Pick<ConfigSettings, 'origins'>;

/** The options that a handler is given: their names in camel case, their types as they are defined here. */
export type ArgumentsOf<O extends OptionSet> = OptionValues<O> & GlobalArguments;

/** Every command has these. */
export const globalOptions = {
  ...under('Output', {
    json: flag('one JSON document on stdout'),
    'no-color': flag('no colours'),
  }),
  ...under('Settings', {
    ...typedOnly(
      {
        config: text('the settings file (bulk42.json)', 'a path'),
        profile: {
          ...text('take settings from this profile of bulk42.json', 'a name'),
          variable: 'BULK42_PROFILE',
        },
      },
      'it chooses the settings that are read',
    ),
    'env-file': {...path('adds to the environment, and may hold the credentials'), default: defaultEnvFile},
  }),
};

const quietOption = under('Output', {quiet: {...flag('print nothing when all went well'), alias: 'q'}});
const verboseOption = under('Output', {verbose: flag("print the run's log")});
const progressOption = under('Output', {
  progress: {
    ...choice('how it shows what it does: json is one event a line on stderr', [
      'auto',
      'plain',
      'json',
      'none',
    ]),
    default: 'auto',
  },
  'no-progress': flag('as --progress none'),
});

export const outOption = under('Output', {out: {...path('folder of the run folders'), default: 'runs'}});

/** A file that came with a folder must not answer for the person who works in it. */
const typedYes = 'the question before sending is answered by who types the command';

const yesOption = under('Safety', typedOnly({yes: {...flag('do not ask'), alias: 'y'}}, typedYes));

const sandboxOption = under('Sending', {
  sandbox: flag('rehearse: use an embedded 42 API, whose records are kept in the runs folder'),
});

/** The API that a command talks to. */
const targetOptions = {
  ...sandboxOption,
  ...under('Sending', {
    'base-url': {
      ...text('the API', 'an address that begins with https://'),
      default: 'https://api.intra.42.fr',
      variable: 'FORTYTWO_BASE_URL',
    },
  }),
};

/** Every command accepts these, since scripts give them to all alike. The help shows them where they change something. */
export const toleratedOptions = {...quietOption, ...verboseOption, ...progressOption, ...sandboxOption};

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
  redis: {
    ...text(
      'share the limits and the lock with other machines: redis://host (BULK42_REDIS_URL)',
      'the URL of a Redis',
    ),
    variable: 'BULK42_REDIS_URL',
  },
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
    'max-changes': rowLimit(
      'max-changes',
      'send nothing when more than N rows, or N%, would be created, updated or removed',
    ),
    'max-requests': number('max-requests', 'stop cleanly after N requests', {min: 1}),
    until: timeOfDay('until', 'stop cleanly at HH:MM'),
  }),
  ...sharingOptions,
  ...targetOptions,
  ...progressOption,
  ...quietOption,
  ...outOption,
};

/** Of the commands that send rows. */
export const sendingOptions = {
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
    'max-failures': rowLimit(
      'max-failures',
      'stop when N rows, or N% of at least 20, were refused (10 in a row from the start)',
    ),
    'wait-lock': {
      ...number('wait-lock', 'seconds to wait for another run to end', {min: 0, isWhole: false}),
      default: '0',
    },
  }),
  ...yesOption,
  ...verboseOption,
  ...under('Output', {
    metrics: prometheusFile('write the run in numbers for Prometheus, each minute and at the end'),
    notify: webAddress('notify', 'POST the summary to this URL when the run ends'),
    'notify-on': {...choice('when to do so', ['failure', 'always']), default: 'always'},
  }),
};

const dryRunOption = under('Safety', {'dry-run': flag('show what would be done, and send nothing')});

/** How all of a plan, or of what is wrong with a file, is shown. */
const wholeOptions = under('Output', {
  all: flag('list each row or problem, not the first of each kind'),
  ...typedOnly({html: text('write a page of all of them to this file, too')}),
});

export const planOptions = {
  ...rowOptions,
  ...deltaOptions,
  ...decisionOptions,
  ...requestOptions,
  ...under('Output', typedOnly({save: text('keep the plan in this file, for run --plan')})),
  ...wholeOptions,
};

export const runOptions = {
  ...rowOptions,
  ...deltaOptions,
  ...decisionOptions,
  ...sendingOptions,
  ...under('Safety', typedOnly({plan: text('run exactly this saved plan, or refuse')})),
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
  ...wholeOptions,
};

export const resumeOptions = {
  ...under('Row', typedOnly({job: text('your copy of the job file of a run that another machine began')})),
  ...sendingOptions,
};
export const retryOptions = {
  // The run that is retried has its own, which the settings file must not change.
  ...under('Sending', typedOnly({existing: existingChoice('what exists (as in the run that is retried)')})),
  ...invalidOptions,
  ...sendingOptions,
};
export const resolveOptions = {
  ...under(
    'Row',
    typedOnly({
      line: {...number('line', 'the line of the row', {min: 1}), demandOption: true},
      as: {...choice('what became of it', ['applied', 'not-applied']), demandOption: true},
    }),
  ),
  ...quietOption,
  ...outOption,
};

export const reportOptions = {...quietOption, ...outOption};

export const runsOptions = {
  ...outOption,
  ...under(
    'Removal',
    typedOnly({
      // Without a value beside --older-than.
      remove: {...text('delete this run, after asking'), requiresArg: false},
      'older-than': days(
        'older-than',
        'with --remove: the finished runs that began so many days ago, as in 90d',
      ),
      yes: {...flag('do not ask, and delete it even while rows are in doubt'), alias: 'y'},
    }),
  ),
};

export const templateOptions = under('Output', {
  describe: flag('a table of the columns instead'),
  delimiter: {...text('comma, semicolon, tab or pipe'), default: 'comma'},
});

export const doctorOptions = {
  ...quietOption,
  ...sharingOptions,
  ...outOption,
  ...targetOptions,
};
