import type {OptionSet} from './option-kinds.ts';
import type {CommandResult} from './command-result.ts';
import {
  type ArgumentsOf,
  doctorOptions,
  planOptions,
  removeOptions,
  reportOptions,
  resolveOptions,
  resumeOptions,
  retryOptions,
  runOptions,
  runsOptions,
  templateOptions,
  sendingOptions,
  validateOptions,
} from './options.ts';
import {sandboxOptions, uiOptions} from './server-options.ts';
import {refuseFileAsJob} from './refuse-file-as-job.ts';
import {configOptions} from './settings/setting-options.ts';
import type {Settings} from './settings/resolve-settings.ts';
import type {Terminal} from './terminal.ts';

export interface Command {
  /** `run <job> <file>`, as yargs reads it. */
  usage: string;
  about: string;
  options: OptionSet;
  /** The first of them is shown where an argument is missing. */
  examples: readonly [string, ...string[]];
  /** It works where settings are broken, too. */
  ignoresSettings?: true;
  /** `args`: what the parser made of the command line by the usage and the options, with the settings below that. */
  run: (args: object, terminal: Terminal, settings: Settings) => Promise<CommandResult>;
}

const job = {describe: 'a job by name, or the path of a job file of your own'};
const file = {describe: 'a CSV file or an Excel workbook (.xlsx), or - for standard input'};
const shell = {describe: 'bash, zsh, fish or powershell (the script for bash and zsh)'};
const run = {describe: "a run's folder, its id, or last"};
export const positionals: Record<string, {describe: string}> = {job, file, run, shell};

/** `{job: string; file?: string}` of `run <job> [file]`. */
type PositionalsOf<U extends string> = U extends `${string} <${infer Name}>${infer Rest}`
  ? {[K in Name]: string} & PositionalsOf<Rest>
  : U extends `${string} [${infer Name}]${infer Rest}`
    ? {[K in Name]?: string} & PositionalsOf<Rest>
    : unknown;

type Handler<A> = (args: A, terminal: Terminal, settings: Settings) => Promise<CommandResult>;

/** Holds a command's handler to its usage and options. Its module is loaded only when it is called. */
function command<const U extends string, O extends OptionSet>({
  load,
  ...described
}: Omit<Command, 'run'> & {
  usage: U;
  options: O;
  load: () => Promise<Handler<ArgumentsOf<O> & PositionalsOf<U>>>;
}): Command {
  return {
    ...described,
    run: async (args, terminal, settings) => {
      if ('job' in args) await refuseFileAsJob(nameOf(described), String(args.job));
      return (await load())(camelCased<ArgumentsOf<O> & PositionalsOf<U>>(args), terminal, settings);
    },
  };
}

/** The parser names options as they are typed. */
function camelCased<A>(args: object): A {
  const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [camelCase(name), value as unknown]),
  ) as A;
}

/** Every command in one list. */
export const commands: readonly Command[] = [
  command({
    usage: 'run [job] [file]',
    about: 'validate everything, plan, ask, send, report',
    options: runOptions,
    examples: [
      'run cursus-users piscine.csv --set cursus_id=9',
      'run users piscine.csv --limit 1',
      'run users export.csv --yes --changed-since last --max-changes 10%',
      'run patronages pairs.csv --sandbox',
    ],
    load: async () => (await import('./commands/run.ts')).run,
  }),
  command({
    usage: 'validate <job> <file>',
    about: 'list every problem of every row; nothing is sent',
    options: validateOptions,
    examples: ['validate users export.csv --map id=Login'],
    load: async () => (await import('./commands/validate.ts')).validate,
  }),
  command({
    usage: 'plan <job> <file>',
    about: 'show what run would do, by reading only',
    options: planOptions,
    examples: ['plan users export.csv', 'plan users export.csv --save plan.json'],
    load: async () => (await import('./commands/plan.ts')).plan,
  }),
  command({
    usage: 'resume <run>',
    about: 'go on after a crash, a Ctrl-C or a stop',
    options: resumeOptions,
    examples: ['resume last'],
    load: async () => (await import('./commands/resume.ts')).resume,
  }),
  command({
    usage: 'retry <run>',
    about: "a new run over a run's retry log",
    options: retryOptions,
    examples: ['retry last'],
    load: async () => (await import('./commands/retry.ts')).retry,
  }),
  command({
    usage: 'resolve <run>',
    about: 'settle a row in doubt that no reading can settle',
    options: resolveOptions,
    examples: ['resolve last --line 12 --as applied', 'resolve last --line 12 --as not-applied'],
    load: async () => (await import('./commands/resolve.ts')).resolve,
  }),
  command({
    usage: 'report <run>',
    about: 'rebuild the outputs of a run from its journal',
    options: reportOptions,
    examples: ['report last'],
    load: async () => (await import('./commands/report.ts')).report,
  }),
  command({
    usage: 'runs',
    about: 'list the runs',
    options: runsOptions,
    examples: [
      'runs',
      'runs --json',
      'runs --remove 20261123T084200Z-users',
      'runs --remove --older-than 90d',
    ],
    load: async () => (await import('./commands/runs.ts')).runs,
  }),
  command({
    usage: 'jobs [job]',
    about: "list the jobs, or show one job's columns",
    options: {},
    examples: ['jobs', 'jobs users', 'jobs ./groups.ts'],
    load: async () => (await import('./commands/jobs.ts')).jobs,
  }),
  command({
    usage: 'template <job>',
    about: 'print a CSV header with one example row',
    options: templateOptions,
    examples: ['template patronages > pairs.csv'],
    load: async () => (await import('./commands/template.ts')).template,
  }),
  command({
    usage: 'undo <run>',
    about: 'remove exactly what a run created',
    options: sendingOptions,
    examples: ['undo last'],
    load: async () => (await import('./commands/undo.ts')).undo,
  }),
  command({
    usage: 'remove <job> <file>',
    about: 'remove the records that the keys of the rows name',
    options: removeOptions,
    examples: ['remove groups-users leavers.csv --dry-run', 'remove patronages ended.csv'],
    load: async () => (await import('./commands/remove.ts')).remove,
  }),
  command({
    usage: 'doctor',
    about: 'check credentials, roles, limits, Redis, this machine',
    options: doctorOptions,
    examples: ['doctor', 'doctor --sandbox'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  }),
  command({
    usage: 'config [job]',
    about: 'show the settings in force and where each comes from',
    options: configOptions,
    examples: ['config', 'config cursus-users --profile berlin', 'config --schema > bulk42.schema.json'],
    load: async () => (await import('./commands/config.ts')).config,
  }),
  command({
    usage: 'ui',
    about: 'the same in the browser, on this machine alone',
    options: uiOptions,
    examples: ['ui', 'ui --demo'],
    load: async () => (await import('./commands/ui.ts')).ui,
  }),
  command({
    usage: 'sandbox',
    about: 'start an embedded 42 API to try things on',
    options: sandboxOptions,
    examples: ['sandbox --port 4242'],
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  }),
  command({
    usage: 'completion [shell]',
    about: 'print the completion script of a shell',
    options: {},
    ignoresSettings: true,
    examples: ['completion >> ~/.bashrc', 'completion fish | source'],
    load: async () => (await import('./commands/completion.ts')).completion,
  }),
];

/** `run` of `run [job] [file]`. */
export const nameOf = ({usage}: Pick<Command, 'usage'>): string => usage.split(' ')[0] as string;
