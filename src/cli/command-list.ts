import type {Options} from 'yargs';
import {
  deltaOptions,
  notifyOptions,
  number,
  outOption,
  rowOptions,
  safetyOptions,
  sandboxOption,
  sendingOptions,
  text,
} from './options.ts';
import type {Terminal} from './terminal.ts';

/** What a command gives back: its exit code, or the signal that ended it. */
export interface Ended {
  exitCode: number;
  signal?: NodeJS.Signals;
}

type Handler = (args: never, terminal: Terminal) => Promise<Ended>;

export interface Command {
  /** `run <job> <file>`, as yargs reads it. */
  usage: string;
  about: string;
  options: Record<string, Options>;
  example: string;
  load: () => Promise<Handler>;
}

const job = {describe: 'a job by name, or the path of a job file of your own'};
const file = {describe: 'a CSV file, or - for standard input'};
const run = {describe: "a run's folder, its id, or last"};
export const positionals: Record<string, {describe: string}> = {job, file, run};

/** Every command in one list; its module is loaded only when it is called. */
export const commands: readonly Command[] = [
  {
    usage: 'run [job] [file]',
    about: 'validate everything, plan, ask, send, report',
    options: {
      ...rowOptions,
      ...deltaOptions,
      ...sendingOptions,
      ...safetyOptions,
      ...outOption,
      ...sandboxOption,
      ...notifyOptions,
      plan: {type: 'string', requiresArg: true, describe: 'run exactly this saved plan, or refuse'},
      'dry-run': {type: 'boolean', default: false, describe: 'the same as plan'},
    },
    example: 'run cursus-users piscine.csv --set cursus_id=9',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'validate <job> <file>',
    about: 'list every problem of every row; nothing is sent',
    options: {
      ...rowOptions,
      all: {type: 'boolean', default: false, describe: 'list more than the first 50 problems'},
    },
    example: 'validate users export.csv --map id=Login',
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    usage: 'plan <job> <file>',
    about: 'show what run would do, by reading only',
    options: {
      ...rowOptions,
      ...deltaOptions,
      ...sendingOptions,
      ...safetyOptions,
      ...outOption,
      ...sandboxOption,
      save: {type: 'string', requiresArg: true, describe: 'keep the plan in this file, for run --plan'},
    },
    example: 'plan users export.csv',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    usage: 'resume <run>',
    about: 'go on with a run after a crash, a Ctrl-C or a stop',
    options: {...sendingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    example: 'resume last',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  {
    usage: 'retry <run>',
    about: "a new run over a run's retry log",
    options: {...sendingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    example: 'retry last',
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  {
    usage: 'resolve <run>',
    about: 'settle a row in doubt that no reading can settle',
    options: {
      line: text('the line of the row', {demandOption: true, coerce: number('line', 1)}),
      as: {choices: ['applied', 'not-applied'], demandOption: true, describe: 'what became of it'},
      ...outOption,
    },
    example: 'resolve last --line 12 --as applied',
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  {
    usage: 'report <run>',
    about: 'rebuild report, retry log and summary from the journal',
    options: {...outOption},
    example: 'report last',
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    usage: 'runs',
    about: 'list the runs',
    options: {
      ...outOption,
      remove: {type: 'string', requiresArg: true, describe: 'delete this run'},
      yes: {type: 'boolean', default: false, alias: 'y', describe: 'delete it even while rows are in doubt'},
    },
    example: 'runs --json',
    load: async () => (await import('./commands/runs.ts')).runs,
  },
  {
    usage: 'jobs [job]',
    about: "list the jobs, or show one job's columns",
    options: {},
    example: 'jobs users',
    load: async () => (await import('./commands/jobs.ts')).jobs,
  },
  {
    usage: 'template <job>',
    about: 'print a CSV header with one example row',
    options: {describe: {type: 'boolean', default: false, describe: 'a table of the columns instead'}},
    example: 'template patronages > pairs.csv',
    load: async () => (await import('./commands/template.ts')).template,
  },
  {
    usage: 'undo <run>',
    about: 'remove exactly what a run created',
    options: {...sendingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    example: 'undo last',
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  {
    usage: 'doctor',
    about: 'check credentials, scopes, roles, limits and this machine',
    options: {...outOption, ...sandboxOption},
    example: 'doctor',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    usage: 'sandbox',
    about: 'start an embedded 42 API to try things on',
    options: {
      port: text('port on 127.0.0.1 (any free one)', {default: '0', coerce: number('port', 0)}),
      'per-second': text('requests a second that it allows; 0 for no limit', {
        default: '2',
        coerce: number('per-second', 0, false),
      }),
      'per-hour': text('requests an hour; 0 for no limit', {
        default: '1200',
        coerce: number('per-hour', 0),
      }),
      users: text('how many users it knows', {default: '2000', coerce: number('users', 0)}),
      faults: {type: 'string', requiresArg: true, describe: 'a JSON file of faults to inject'},
    },
    example: 'sandbox --port 4242',
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
];
