import yargs, {type Argv, type Options} from 'yargs';
import {constants} from 'node:os';
import {UsageError} from '../errors.ts';
import {didYouMean} from '../job/did-you-mean.ts';
import {readVersion} from '../version.ts';
import {
  deltaOptions,
  globalOptions,
  notifyOptions,
  outOption,
  rowOptions,
  safetyOptions,
  sandboxOption,
  sendingOptions,
} from './options.ts';
import {renderError} from './render-error.ts';
import type {Terminal} from './terminal.ts';

/** What a command gives back: its exit code, or the signal that ended it. */
export interface Ended {
  exitCode: number;
  signal?: NodeJS.Signals;
}

type Handler = (args: never, terminal: Terminal) => Promise<Ended>;

interface Command {
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
const positionals: Record<string, {describe: string}> = {job, file, run};

/** Every command in one list; its module is loaded only when it is called. */
const commands: Command[] = [
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
      line: {type: 'number', demandOption: true, describe: 'the line of the row'},
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
    usage: 'sandbox',
    about: 'start an embedded 42 API to try things on',
    options: {
      port: {type: 'number', default: 0, describe: 'port on 127.0.0.1 (any free one)'},
      'per-second': {
        type: 'number',
        default: 2,
        describe: 'requests a second that it allows; 0 for no limit',
      },
      'per-hour': {type: 'number', default: 1200, describe: 'requests an hour; 0 for no limit'},
      users: {type: 'number', default: 2000, describe: 'how many users it knows'},
      faults: {type: 'string', requiresArg: true, describe: 'a JSON file of faults to inject'},
    },
    example: 'sandbox --port 4242',
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
];

/** Runs one command line to its end. Never throws. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<Ended> {
  const asJson = argv.includes('--json');
  if (argv.includes('--no-color')) terminal.plain();
  let ended: Ended | undefined;
  let output = '';
  try {
    const parser = buildParser(async (command, args) => {
      const handler = await command.load();
      ended = await handler(args as never, terminal);
    });
    await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, text: string) => {
      output = text;
    });
    if (ended === undefined && output) terminal.result(output);
    return withSignal(ended ?? {exitCode: argv.length === 0 ? 2 : 0});
  } catch (error) {
    return {exitCode: renderError(error, terminal, asJson)};
  }
}

function withSignal(ended: Ended): Ended {
  return ended.signal ? {...ended, exitCode: 128 + (constants.signals[ended.signal] ?? 0)} : ended;
}

function buildParser(handle: (command: Command, args: unknown) => Promise<void>): Argv {
  let parser = yargs()
    .scriptName('bulk42')
    .usage('$0 <command>\n\nBulk operations on the 42 Intra API from CSV files.')
    .version(readVersion())
    .alias('h', 'help')
    .options(globalOptions)
    .strict()
    .demandCommand(1, 'name a command')
    .parserConfiguration({
      'dot-notation': false,
      'boolean-negation': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? usageError(message);
    })
    .wrap(110);
  for (const command of commands) {
    parser = parser.command(
      command.usage,
      command.about,
      (builder) => {
        const named = [...command.usage.matchAll(/[<[](\w+)/g)].map(([, name]) => name as string);
        const withPositionals = named.reduce(
          (each, name) => each.positional(name, {...positionals[name], type: 'string'}),
          builder,
        );
        return withPositionals.options(command.options).example(`$0 ${command.example}`, '');
      },
      (args) => handle(command, args),
    );
  }
  return parser;
}

function usageError(message: string): UsageError {
  const unknown = /^Unknown (argument|command)s?: ([^\s,]+)/.exec(message);
  const names =
    unknown?.[1] === 'command' || !unknown
      ? commands.map(({usage}) => usage.split(' ')[0] as string)
      : optionNames();
  const guess = unknown
    ? didYouMean(unknown[2] as string, [
        ...names,
        ...commands.map(({usage}) => usage.split(' ')[0] as string),
      ])
    : undefined;
  return new UsageError(message.replace(/\s*\n\s*/g, ' '), {
    hint: guess ?? 'bulk42 --help lists the commands, bulk42 <command> --help its options',
  });
}

function optionNames(): string[] {
  return [
    ...new Set(
      [globalOptions, ...commands.map(({options}) => options)].flatMap((options) => Object.keys(options)),
    ),
  ];
}
