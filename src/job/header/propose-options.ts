import {shellQuote} from '../../shell-quote.ts';
import {cleanCell} from '../columns/characters.ts';
import {isOtherField} from './aliases.ts';
import {nearestOf} from '../did-you-mean.ts';
import {foldName} from './header-name.ts';
import type {Job, LeafColumn} from '../job.ts';
import {otherNames} from './other-names.ts';
import {isProblem, type Issue, type ParseContext} from '../row.ts';

/** A header that does not fit, with some rows below it. */
export interface Misfit {
  problems: readonly Issue[];
  header: readonly string[];
  sample: readonly (readonly string[])[];
  context: ParseContext;
}

export interface Proposal {
  /** Column to header. */
  map: Readonly<Record<string, string>>;
  /** All of it, to be typed. */
  options: string;
}

/**
 * The options that would make a header fit: `--map` for pairs that are alike in name or content, `--set` where one
 * value for all rows makes sense, `--ignore-unknown` for the rest. Undefined where none would help.
 */
export function proposeOptions(job: Job, misfit: Misfit): Proposal | undefined {
  const {problems, header} = misfit;
  const columnsOf = (code: string) => problems.filter((each) => each.code === code).map(({column}) => column);
  const unknown = new Set(columnsOf('unknown_column'));
  const missing = columnsOf('missing_column');
  if (problems.some(({code}) => code !== 'unknown_column' && code !== 'missing_column')) return undefined;
  const known = new Set(header.filter((name) => !unknown.has(name)).map(foldName));
  const absent = job.columns.filter(
    (leaf) => !leaf.name.includes('.N.') && !namesOf(leaf).some((name) => known.has(foldName(name))),
  );
  const options: string[] = [];
  const map: Record<string, string> = {};
  const propose = (column: string, name: string) => {
    unknown.delete(name);
    map[column] = name;
    options.push(`--map ${shellQuote(`${column}=${name}`)}`);
  };
  const byName = (leaf: LeafColumn) =>
    namesOf(leaf)
      .filter((name) => name.length >= minLength)
      .map((name) => nearestOf(name, unknown))
      .find((name) => name !== undefined);
  const byWord = (leaf: LeafColumn) => {
    const [name, ...more] = [...unknown].filter((each) => sharesWord(leaf, each));
    const isOnlyOne = !absent.some((other) => other !== leaf && sharesWord(other, name ?? ''));
    return name !== undefined && more.length === 0 && isOnlyOne && mayHold(leaf, name, misfit)
      ? name
      : undefined;
  };
  const left = absent.filter((leaf) => {
    const name = byWord(leaf) ?? byName(leaf);
    if (name !== undefined) propose(leaf.name, name);
    return name === undefined && missing.includes(leaf.name);
  });
  const fits = left.map((leaf) => ({leaf, names: [...unknown].filter((name) => holds(leaf, name, misfit))}));
  for (const {leaf, names} of fits) {
    const [name, ...more] = names;
    const isOnlyOne = fits.every((other) => other.leaf === leaf || !other.names.includes(name ?? ''));
    if (name !== undefined && more.length === 0 && isOnlyOne) propose(leaf.name, name);
    else options.push(placeholder(job, leaf));
  }
  if (unknown.size > 0) options.push('--ignore-unknown');
  return options.length > 0 ? {map, options: options.join(' ')} : undefined;
}

/** A shorter name is like many others. */
const minLength = 5;

function namesOf(leaf: LeafColumn): string[] {
  return [leaf.name, leaf.field, ...otherNames(leaf)];
}

/** A word of the header is a name of the column (`Login intra`), ends with one (`Kursende`), or ends one (`Coalition ?`). */
function sharesWord(leaf: LeafColumn, header: string): boolean {
  const names = namesOf(leaf).map(foldName);
  return wordsOf(header).some((word) =>
    names.some(
      (name) =>
        word === name ||
        (name.length >= minEnding && word.endsWith(name)) ||
        (word.length >= minWord && name.endsWith(word)),
    ),
  );
}

const minEnding = 4;
const minWord = 7;

function wordsOf(name: string): string[] {
  return name
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(foldName);
}

/**
 * Every filled cell below this header could be one of the column, and there is one. Logins and addresses show what they
 * are; a date or a number could be any (an age is no id), and a first name looks like a login.
 */
function holds(leaf: LeafColumn, name: string, misfit: Misfit): boolean {
  const {type} = leaf.column.kind;
  if ((type !== 'user' && type !== 'email') || isOtherField(name, leaf.field)) return false;
  const {cells, share} = sampleOf(leaf, name, misfit);
  return share === 1 && cells.every((cell) => /\p{L}/u.test(cell));
}

/** Of a header that speaks for itself some cells may be wrong. */
function mayHold(leaf: LeafColumn, name: string, misfit: Misfit): boolean {
  return sampleOf(leaf, name, misfit).share >= 0.5;
}

/** The filled cells below this header, and which share of them could be of the column. */
function sampleOf(
  {column}: LeafColumn,
  name: string,
  {header, sample, context}: Misfit,
): {cells: string[]; share: number} {
  const at = header.indexOf(name);
  const cells = sample.map((row) => cleanCell(row[at] ?? '')).filter((cell) => cell !== '');
  const fitting = cells.filter((cell) => !isProblem(column.kind.parse(cell, context, name)));
  return {cells, share: cells.length > 0 ? fitting.length / cells.length : 0};
}

/** One value for all rows makes no sense for who is meant. */
function placeholder(job: Job, {name, column}: LeafColumn): string {
  const isTarget =
    column.kind.type === 'user' || job.definition.keys.some((key) => key.length === 1 && key[0] === name);
  return isTarget || column.traits.secret ? `--map ${name}=HEADER` : `--set ${name}=VALUE`;
}
