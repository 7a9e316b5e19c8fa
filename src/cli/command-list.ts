import type {Options} from 'yargs';
import type {CommandResult} from './command-result.ts';
import {
  deltaOptions,
  flag,
  notifyOptions,
  number,
  outOption,
  rowOptions,
  safetyOptions,
  sandboxOption,
  sendingOptions,
  sharingOptions,
  text,
} from './options.ts';
import type {Terminal} from './terminal.ts';

type Handler = (args: never, terminal: Terminal) => Promise<CommandResult>;

export interface Command {
  /** `run <job> <file>`, as yargs reads it. */
  usage: string;
  about: string;
  options: Record<string, Options>;
  /** The first of them is shown where an argument is missing. */
  examples: readonly [string, ...string[]];
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
      ...sharingOptions,
      ...safetyOptions,
      ...outOption,
      ...sandboxOption,
      ...notifyOptions,
      plan: text('run exactly this saved plan, or refuse', {group: 'Safety:'}),
      'dry-run': {...flag('the same as plan'), group: 'Safety:'},
    },
    examples: [
      'run cursus-users piscine.csv --set cursus_id=9',
      'run users piscine.csv --limit 1',
      'run users export.csv --yes --changed-since last --max-changes 10%',
      'run patronages pairs.csv --sandbox',
    ],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'validate <job> <file>',
    about: 'list every problem of every row; nothing is sent',
    options: {
      ...rowOptions,
      all: {...flag('list more than the first 50 problems'), group: 'Output:'},
    },
    examples: ['validate users export.csv --map id=Login'],
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    usage: 'plan <job> <file>',
    about: 'show what run would do, by reading only',
    options: {
      ...rowOptions,
      ...deltaOptions,
      ...sendingOptions,
      ...sharingOptions,
      ...safetyOptions,
      ...outOption,
      ...sandboxOption,
      save: text('keep the plan in this file, for run --plan', {group: 'Output:'}),
    },
    examples: ['plan users export.csv', 'plan users export.csv --save plan.json'],
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    usage: 'resume <run>',
    about: 'go on after a crash, a Ctrl-C or a stop',
    options: {...sendingOptions, ...sharingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    examples: ['resume last'],
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  {
    usage: 'retry <run>',
    about: "a new run over a run's retry log",
    options: {...sendingOptions, ...sharingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    examples: ['retry last'],
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  {
    usage: 'resolve <run>',
    about: 'settle a row in doubt that no reading can settle',
    options: {
      line: text('the line of the row', {demandOption: true, coerce: number('line', 1), group: 'Row:'}),
      as: text('what became of it', {choices: ['applied', 'not-applied'], demandOption: true, group: 'Row:'}),
      ...outOption,
    },
    examples: ['resolve last --line 12 --as applied', 'resolve last --line 12 --as not-applied'],
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  {
    usage: 'report <run>',
    about: 'rebuild the outputs of a run from its journal',
    options: {...outOption},
    examples: ['report last'],
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    usage: 'runs',
    about: 'list the runs',
    options: {
      ...outOption,
      remove: text('delete this run', {group: 'Removal:'}),
      yes: {...flag('delete it even while rows are in doubt'), alias: 'y', group: 'Removal:'},
    },
    examples: ['runs', 'runs --json', 'runs --remove 20261123T084200Z-users'],
    load: async () => (await import('./commands/runs.ts')).runs,
  },
  {
    usage: 'jobs [job]',
    about: "list the jobs, or show one job's columns",
    options: {},
    examples: ['jobs', 'jobs users', 'jobs ./groups.ts'],
    load: async () => (await import('./commands/jobs.ts')).jobs,
  },
  {
    usage: 'template <job>',
    about: 'print a CSV header with one example row',
    options: {describe: {...flag('a table of the columns instead'), group: 'Output:'}},
    examples: ['template patronages > pairs.csv'],
    load: async () => (await import('./commands/template.ts')).template,
  },
  {
    usage: 'undo <run>',
    about: 'remove exactly what a run created',
    options: {...sendingOptions, ...sharingOptions, ...safetyOptions, ...outOption, ...notifyOptions},
    examples: ['undo last'],
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  {
    usage: 'doctor',
    about: 'check credentials, roles, limits, Redis, this machine',
    options: {...sharingOptions, ...outOption, ...sandboxOption},
    examples: ['doctor', 'doctor --sandbox'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    usage: 'sandbox',
    about: 'start an embedded 42 API to try things on',
    options: {
      port: text('port on 127.0.0.1 (any free one)', {
        default: '0',
        coerce: number('port', 0),
        group: 'API:',
      }),
      'per-second': text('requests a second that it allows; 0 for no limit', {
        default: '2',
        coerce: number('per-second', 0, false),
        group: 'API:',
      }),
      'per-hour': text('requests an hour; 0 for no limit', {
        default: '1200',
        coerce: number('per-hour', 0),
        group: 'API:',
      }),
      users: text('how many users it knows', {default: '2000', coerce: number('users', 0), group: 'API:'}),
      faults: text('a JSON file of faults to inject', {group: 'API:'}),
    },
    examples: ['sandbox --port 4242'],
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
  {
    usage: 'completion',
    about: 'print the completion script of bash and zsh',
    options: {},
    examples: ['completion >> ~/.bashrc'],
    load: async () => (await import('./commands/completion.ts')).completion,
  },
];

/** `run` of `run [job] [file]`. */
export const nameOf = ({usage}: Command): string => usage.split(' ')[0] as string;
