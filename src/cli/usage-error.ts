import {UsageError} from '../errors.ts';
import {didYouMean} from '../job/did-you-mean.ts';
import {shellQuote} from '../shell-quote.ts';
import {type Command, commands, nameOf} from './command-list.ts';
import type {OptionSet} from './option-kinds.ts';
import {globalOptions, toleratedOptions} from './options.ts';

const general = 'bulk42 --help lists the commands, bulk42 <command> --help its options';

/** What was typed, as far as it is understood. */
interface Typed {
  argv: readonly string[];
  /** The first argument that is no option. */
  name: string;
  command: Command | undefined;
  /** Every option that is accepted there. */
  options: OptionSet;
}

/**
 * What is wrong with a command line, in terms of this program: the parser's own messages name an option without dashes
 * and a missing argument by its number.
 */
export function usageError(complaint: string, argv: readonly string[]): UsageError {
  const [name = ''] = argv.filter((argument) => !argument.startsWith('-'));
  const command = commands.find((each) => nameOf(each) === name);
  const options = {...command?.options, ...globalOptions, ...toleratedOptions};
  const typed = {argv, name, command, options};
  const [, unknown] = /^Unknown (?:argument|command)s?: ([^\s,]+)/.exec(complaint) ?? [];
  if (unknown !== undefined && argv.some((each) => each.replace(/=.*/s, '') === `--${unknown}`))
    return unknownOption(`--${unknown}`, typed);
  const short = unknownShortOption(typed);
  if (short !== undefined && !complaint.includes('following')) return unknownOption(short, typed);
  if (unknown !== undefined) return unknownArgument(unknown, typed);
  const message = complaint
    .replace(/^Not enough arguments following: (\S+)$/, '--$1 needs a value')
    .replace(/^Not enough non-option arguments:.*/, `something is missing: bulk42 ${command?.usage ?? name}`)
    .replace(/^Missing required arguments?: (.*)$/, (_, names: string) => missing(names.split(', ')))
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/, '--$1 takes $3, not $2');
  if (!command || message === 'name a command') return new UsageError(message, {hint: general});
  const isMissing = message.includes('missing');
  const hint = isMissing
    ? `as in: bulk42 ${command.examples[0]}`
    : `bulk42 ${name} --help tells what each option takes`;
  return new UsageError(message, {hint});
}

function missing(options: readonly string[]): string {
  return `${options.map((name) => `--${name}`).join(' and ')} ${options.length === 1 ? 'is' : 'are'} missing`;
}

/** `-v`, or a file name that begins with a dash: an argument with one dash whose letters are not all options. */
function unknownShortOption({argv, options}: Typed): string | undefined {
  const letters = new Set(['h', ...Object.values(options).flatMap(({alias = []}) => alias)]);
  return argv.find(
    (argument) =>
      /^-[a-z]/i.test(argument) && !Array.from(argument.slice(1)).every((letter) => letters.has(letter)),
  );
}

function unknownOption(option: string, {name, command, options}: Typed): UsageError {
  const known = ['help', 'version', ...Object.keys(options)].map((each) => `--${each}`);
  const message = command ? `bulk42 ${name} has no option ${option}` : `there is no option ${option}`;
  const list = command ? `bulk42 ${name} --help lists them` : general;
  if (option.startsWith('--')) return new UsageError(message, {hint: didYouMean(option, known) ?? list});
  const sameLetter = known.filter((each) => each[2] === option[1]);
  const meant = sameLetter.length > 0 ? `did you mean ${sameLetter.join(' or ')}?` : list;
  const isFile = option.includes('.');
  return new UsageError(message, {
    hint: isFile ? `a file of this name is given as ${shellQuote(`./${option}`)}` : meant,
  });
}

function unknownArgument(argument: string, {name, command}: Typed): UsageError {
  if (command) {
    return new UsageError(`bulk42 ${name} does not know what to do with ${argument}`, {
      hint: `its form is: bulk42 ${command.usage}`,
    });
  }
  // A command in other programs.
  const elsewhere = argument === 'version' ? 'bulk42 --version' : undefined;
  const hint = elsewhere ?? didYouMean(argument, commands.map(nameOf)) ?? general;
  return new UsageError(`there is no command ${argument}`, {hint});
}
