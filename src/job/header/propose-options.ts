import {shellQuote} from '../../shell-quote.ts';
import {cleanCell} from '../columns/characters.ts';
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

/**
 * The options that would make a header fit: `--map` for pairs that are alike in name or content, `--set` where one
 * value for all rows makes sense, `--ignore-unknown` for the rest. Undefined where none would help.
 */
export function proposeOptions(job: Job, misfit: Misfit): string | undefined {
  const {problems, header} = misfit;
  const columnsOf = (code: string) => problems.filter((each) => each.code === code).map(({column}) => column);
  const unknown = new Set(columnsOf('unknown_column'));
  const missing = columnsOf('missing_column');
  if (problems.some(({code}) => code !== 'unknown_column' && code !== 'missing_column')) return undefined;
  const present = new Set(header.map(foldName));
  const absent = job.columns.filter(({name}) => !name.includes('.N.') && !present.has(foldName(name)));
  const options: string[] = [];
  const map = (column: string, name: string) => {
    unknown.delete(name);
    options.push(`--map ${shellQuote(`${column}=${name}`)}`);
  };
  const byName = (leaf: LeafColumn) =>
    [leaf.field, ...otherNames(leaf)]
      .filter((name) => name.length >= minLength)
      .map((name) => nearestOf(name, unknown))
      .find((name) => name !== undefined);
  const left = absent.filter((leaf) => {
    const name = byName(leaf);
    if (name !== undefined) map(leaf.name, name);
    return name === undefined && missing.includes(leaf.name);
  });
  const fits = left.map((leaf) => ({leaf, names: [...unknown].filter((name) => holds(leaf, name, misfit))}));
  for (const {leaf, names} of fits) {
    const [name, ...more] = names;
    const isOnlyOne = fits.every((other) => other.leaf === leaf || !other.names.includes(name ?? ''));
    if (name !== undefined && more.length === 0 && isOnlyOne) map(leaf.name, name);
    else options.push(placeholder(job, leaf));
  }
  if (unknown.size > 0) options.push('--ignore-unknown');
  return options.length > 0 ? options.join(' ') : undefined;
}

/** A shorter name is like many others. */
const minLength = 5;

/** Every filled cell below this header could be one of the column, and there is one. */
function holds({column}: LeafColumn, name: string, {header, sample, context}: Misfit): boolean {
  const at = header.indexOf(name);
  const cells = sample.map((row) => cleanCell(row[at] ?? '')).filter((cell) => cell !== '');
  return cells.length > 0 && cells.every((cell) => !isProblem(column.kind.parse(cell, context, name)));
}

/** One value for all rows makes no sense for who is meant. */
function placeholder(job: Job, {name, column}: LeafColumn): string {
  const isTarget =
    column.kind.type === 'user' || job.definition.keys.some((key) => key.length === 1 && key[0] === name);
  return isTarget || column.traits.secret ? `--map ${name}=HEADER` : `--set ${name}=VALUE`;
}
