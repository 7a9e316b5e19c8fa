import {constants} from 'node:os';
import yargs, {type Argv} from 'yargs';
import {UsageError} from '../errors.ts';
import {version} from '../version.ts';
import type {CommandResult} from './command-result.ts';
import {type Command, commands, nameOf, positionals} from './command-list.ts';
import {completionFlag} from './completion-flag.ts';
import type {OptionSet} from './option-kinds.ts';
import {globalOptions, toleratedOptions} from './options.ts';
import {escapeControlCharacters} from './print/escape-control-characters.ts';
import {renderError} from './print/render-error.ts';
import {renderFromFile} from './print/render-settings.ts';
import {
  defaultSettings,
  originsOf,
  resolveSettings,
  type Settings,
  type Typed,
  valuesOf,
} from './settings/resolve-settings.ts';
import type {Terminal} from './terminal.ts';
import {usageError} from './usage-error.ts';

/** What a flag is called in a help page: that it takes no value is seen from its lack of marks. */
const typeOfFlag = /\s*\[boolean\](?: \[default: false\])?/g;

/** Runs one command line to its end. Never throws. */
export async function runCommandLine(given: readonly string[], terminal: Terminal): Promise<CommandResult> {
  const argv = withPathsAfterDashes(withHelpAsOption(given));
  let asJson = argv.includes('--json');
  if (argv.includes('--no-color')) terminal.plain();
  let ended: CommandResult | undefined;
  let output = '';
  try {
    if (argv[0] === completionFlag) {
      const {complete} = await import('./complete.ts');
      terminal.result((await complete(argv.slice(2))).join('\n'));
      return {exitCode: 0};
    }
    const parser = buildParser(argv, terminal, async (command, typed) => {
      const settings = await settingsOf(command, typed, argv);
      const args = {...typed, ...valuesOf(settings.all), origins: originsOf(settings.all)};
      const {json = false, quiet = false, 'no-color': isPlain} = args as Readonly<Record<string, unknown>>;
      asJson = json === true;
      if (isPlain) terminal.plain();
      const {timeout} = command.options;
      if (!json && !quiet && timeout && !timeout.hidden) showFromFile(settings, terminal);
      ended = await command.run(args, terminal, settings);
    });
    await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, text: string) => {
      output = text.replace(typeOfFlag, '');
    });
    if (ended?.signal) return {...ended, exitCode: 128 + (constants.signals[ended.signal] ?? 0)};
    if (ended) return ended;
    if (given.length > 0) terminal.result(output);
    else terminal.error(output);
    return {exitCode: given.length > 0 ? 0 : 2};
  } catch (error) {
    return {exitCode: renderError(error, terminal, asJson)};
  }
}

/** A complaint about what is typed names the command's help. */
function settingsOf(command: Command, typed: Typed, argv: readonly string[]): Promise<Settings> {
  const options = {...command.options, ...globalOptions};
  if (command.ignoresSettings) return Promise.resolve(defaultSettings(options, typed));
  return resolveSettings(options, command.usage, typed).catch((error: unknown) => {
    throw error instanceof UsageError && !error.hint ? usageError(error.message, argv) : error;
  });
}

/** What files of the folder say of a command that talks to the API: they may be another's. */
function showFromFile(settings: Settings, terminal: Terminal): void {
  const text = renderFromFile(settings);
  if (text !== undefined) terminal.error(escapeControlCharacters(text));
}

/** `bulk42` alone and `bulk42 help run` are what people type in a program that they do not know. */
function withHelpAsOption(argv: readonly string[]): readonly string[] {
  if (argv.length === 0) return ['--help'];
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/**
 * After `--` come names of files. The parser takes one that begins with a dash for an option all the same, so it is
 * named by its path.
 */
function withPathsAfterDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  if (end < 0 || argv[0] === completionFlag) return argv;
  const files = argv.slice(end + 1).map((name) => (/^-./.test(name) ? `./${name}` : name));
  return [...argv.slice(0, end), ...files];
}

/** The command line as yargs reads it. A command that is named is built alone: all of them take some milliseconds. */
function buildParser(
  argv: readonly string[],
  terminal: Terminal,
  handle: (command: Command, typed: Typed) => Promise<void>,
): Argv {
  const isHelpWanted = argv.some((argument) => /^(?:--help|-h)/.test(argument));
  const named = commands.find((command) => nameOf(command) === argv[0]);
  let parser = yargs()
    .detectLocale(false)
    .scriptName('bulk42')
    .usage('$0 <command>\n\nBulk operations on the 42 Intra API from CSV files.')
    .version('version', 'show the version', version)
    .help('help', 'show this help')
    .alias('h', 'help')
    .updateStrings({string: 'value'})
    .options(asTyped(globalOptions))
    .options(asTyped(toleratedBy(named)))
    .epilogue('bulk42 <command> --help shows the options and examples of one.')
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
      throw error && error.name !== 'YError' ? error : usageError(error?.message ?? message, argv);
    })
    .wrap(terminal.isLive ? Math.min(110, terminal.width()) : 110);
  for (const command of named ? [named] : commands) {
    parser = parser.command(
      command.usage,
      command.about,
      (builder) => describe(builder, command, isHelpWanted),
      (args) => handle(command, args),
    );
  }
  return parser;
}

/** What is not typed may stand in the settings file, so that defaults come in, and values are read, after that. */
function asTyped(options: OptionSet): OptionSet {
  const entries = Object.entries(options).map(([name, {default: usual, coerce: _read, ...option}]) => {
    const shown = usual === undefined || usual === false ? {} : {defaultDescription: JSON.stringify(usual)};
    return [name, {...option, ...shown}];
  });
  return Object.fromEntries(entries) as OptionSet;
}

/** Those that the command does not have itself. */
function toleratedBy(command: Command | undefined): OptionSet {
  return Object.fromEntries(
    Object.entries(toleratedOptions).filter(([name]) => !(name in (command?.options ?? {}))),
  );
}

function describe(parser: Argv, command: Command, isHelpWanted: boolean): Argv {
  const named = [...command.usage.matchAll(/[<[](\w+)/g)].map(([, name]) => name as string);
  const described = named
    .reduce(
      // Without nargs a lone `-`, which is standard input, would be read as an option and come out empty.
      (each, name) => each.positional(name, {...positionals[name], type: 'string'}).nargs(name, 1),
      parser,
    )
    .options(asTyped(command.options));
  const tolerated = Object.keys(toleratedBy(command));
  // yargs renders the help whenever it runs a command, in case that fails; what is hidden takes no time.
  const hidden = isHelpWanted
    ? tolerated
    : [...named, ...tolerated, ...Object.keys({...globalOptions, ...command.options})];
  for (const option of hidden) described.hide(option);
  return isHelpWanted
    ? described.example(command.examples.map((example) => [`$0 ${example}`, '']))
    : described;
}
