import {commands} from '../../src/cli/command-list.ts';
import type {OptionDefinition} from '../../src/cli/option-kinds.ts';
import {globalOptions} from '../../src/cli/options.ts';
import {version} from '../../src/version.ts';

/** Text for roff: dashes that can be copied, and no line that begins like a request. */
function text(words: string): string {
  return words
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll(/^(?=[.'])/gm, String.raw`\&`);
}

function option([name, {describe = '', choices, type, alias, default: given}]: [
  string,
  OptionDefinition,
]): string {
  const short = alias === undefined ? '' : `\\fB\\-${[alias].flat().join('')}\\fR, `;
  const value = choices ? choices.join('|') : type === 'boolean' ? '' : 'value';
  const ending = given === undefined || given === false ? '' : ` (default: ${String(given)})`;
  return `.TP\n${short}\\fB${text(`--${name}`)}\\fR${value === '' ? '' : ` \\fI${text(value)}\\fR`}\n${text(`${describe}${ending}`)}`;
}

const options = (all: Readonly<Record<string, OptionDefinition>>) => Object.entries(all).map(option);

/** `docs/bulk42.1`: every command with its options and examples. */
export function renderManPage(): string {
  const sections = commands.flatMap((command) => [
    `.SS ${text(`bulk42 ${command.usage}`)}`,
    text(`${command.about}.`),
    ...options(command.options),
    '.PP',
    ...command.examples.flatMap((example) => ['.br', `$ ${text(`bulk42 ${example}`)}`]),
  ]);
  return [
    String.raw`.\" Made from the definitions of the options by npm run docs.`,
    `.TH BULK42 1 "" "bulk42 ${version}" "User Commands"`,
    '.SH NAME',
    String.raw`bulk42 \- bulk operations on the 42 Intra API from CSV files`,
    '.SH SYNOPSIS',
    String.raw`.B bulk42`,
    String.raw`\fIcommand\fR [\fIoption\fR ...]`,
    '.SH DESCRIPTION',
    'Reads rows from a CSV file or an Excel workbook, checks each of them, shows what would happen, and sends them within',
    'the limits of the API. Reports say what became of each row; a row is never applied twice, and none is lost.',
    '.SH OPTIONS OF EVERY COMMAND',
    ...options(globalOptions),
    '.SH COMMANDS',
    ...sections,
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => ['.TP', text(code), text(meaning)]),
    '.SH FILES',
    '.TP',
    '.I bulk42.json',
    'settings; \\fBbulk42 config\\fR shows those in force',
    '.TP',
    '.I .env',
    'variables, such as FORTYTWO_UID and FORTYTWO_SECRET',
    '',
  ]
    .filter((line, at, all) => line !== '' || at === all.length - 1)
    .join('\n');
}

const exitCodes = [
  ['0', 'every row is as it is meant to be'],
  ['2', 'wrong usage, or the answer was no'],
  ['20, 21', 'finished, with failed or invalid rows; with rows in doubt'],
  ['22', 'stopped: too many refusals or changes, or the API kept failing'],
  ['23', 'another run is going on'],
  ['65, 66', 'the file does not fit; it is missing or unreadable'],
  ['70, 74', 'a bug; the disk'],
  ['75', 'temporary: network, limits, end of the time window'],
  ['77, 78', 'refused: credentials, role, scope, certificate; configuration'],
  ['129, 130, 143', 'ended by a signal'],
] as const;
