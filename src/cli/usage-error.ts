import {UsageError} from '../errors.ts';
import {didYouMean} from '../job/did-you-mean.ts';
import {type Command, commands, nameOf} from './command-list.ts';
import {globalOptions, toleratedOptions} from './options.ts';

const general = 'bulk42 --help lists the commands, bulk42 <command> --help its options';

/**
 * What the parser has against a command line, in terms of this program: its own texts name an option without dashes
 * and a missing argument by its number.
 */
export function usageError(complaint: string, argv: readonly string[]): UsageError {
  const [first = ''] = argv.filter((word) => !word.startsWith('-'));
  const command = commands.find((each) => nameOf(each) === first);
  const [, unknown] = /^Unknown (?:argument|command)s?: ([^\s,]+)/.exec(complaint) ?? [];
  if (unknown !== undefined) return unknownWord(unknown, argv, first, command);
  const message = complaint
    .replace(/^Not enough arguments following: (\S+)$/, '--$1 needs a value')
    .replace(/^Not enough non-option arguments:.*/, `something is missing: bulk42 ${command?.usage ?? first}`)
    .replace(/^Missing required arguments?: (.*)$/, (_, names: string) => missing(names.split(', ')))
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/, '--$1 takes $3, not $2');
  if (!command || message === 'name a command') return new UsageError(message, {hint: general});
  const isMissing = message.includes('missing');
  const hint = isMissing
    ? `as in: bulk42 ${command.examples[0]}`
    : `bulk42 ${first} --help tells what each option takes`;
  return new UsageError(message, {hint});
}

function missing(options: readonly string[]): string {
  return `${options.map((name) => `--${name}`).join(' and ')} ${options.length === 1 ? 'is' : 'are'} missing`;
}

function unknownWord(
  word: string,
  argv: readonly string[],
  first: string,
  command: Command | undefined,
): UsageError {
  const option = `--${word}`;
  if (argv.some((each) => each.replace(/=.*/s, '') === option)) {
    const known = Object.keys({...command?.options, ...globalOptions, ...toleratedOptions}).map(
      (name) => `--${name}`,
    );
    return new UsageError(
      command ? `bulk42 ${first} has no option ${option}` : `there is no option ${option}`,
      {
        hint: didYouMean(option, known) ?? (command ? `bulk42 ${first} --help lists them` : general),
      },
    );
  }
  if (command) {
    return new UsageError(`bulk42 ${first} does not know what to do with ${word}`, {
      hint: `its form is: bulk42 ${command.usage}`,
    });
  }
  // A command in other programs.
  const elsewhere = word === 'version' ? 'bulk42 --version' : undefined;
  const hint = elsewhere ?? didYouMean(word, commands.map(nameOf)) ?? general;
  return new UsageError(`there is no command ${word}`, {hint});
}
