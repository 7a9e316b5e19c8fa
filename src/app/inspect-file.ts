import {systemClock as clock} from '../clock.ts';
import {CsvInput} from '../csv/csv-input.ts';
import {cleanCell} from '../job/columns/characters.ts';
import {matchHeader} from '../job/header/match-header.ts';
import {proposeOptions} from '../job/header/propose-options.ts';
import type {RowShape} from '../job/header/row-shape.ts';
import {loadJob} from '../job/load-jobs.ts';
import {DisposerStack} from './disposer-stack.ts';
import {openSource} from './open/open-source.ts';
import type {NewRunSpec} from './run-spec.ts';

/** A header of a file, with values that stand below it. */
interface FileColumn {
  header: string;
  values: string[];
  /** The column of the job that is read from it. */
  column?: string;
}

/** What a file holds, and what a job reads of it. No row is checked yet. */
export interface FileView {
  columns: FileColumn[];
  /** Line of the header. */
  headerLine: number;
  delimiter: string;
  /** Required, and neither in the file nor given. */
  missing: string[];
  /** What else keeps the header from fitting. */
  problems: {column: string; message: string; hint: string}[];
  /** Pairs that are alike in name or content, column to header. */
  proposed: Readonly<Record<string, string>>;
}

const sampleRows = 50;
const shownValues = 3;

/**
 * Reads a file's header and its first rows, as a job would with these options. A header that the job does not know is
 * left unread.
 *
 * @throws FileError or InputError where the file cannot be read
 */
export async function inspectFile(
  given: Pick<NewRunSpec, 'job' | 'file' | 'stdin' | 'shape'>,
): Promise<FileView> {
  await using stack = new DisposerStack();
  const {each: _each, ...shape} = given.shape;
  const job = await loadJob(given.job);
  const source = await openSource(given.file, given.stdin, shape);
  stack.defer(() => source.close());
  const {delimiter, encoding, columns, sheet} = source.shape;
  const csv = await CsvInput.open(source.path, {
    title: source.title,
    delimiter,
    encoding,
    columns,
    isSheet: sheet !== undefined,
  });
  stack.defer(() => csv.close());
  const {header} = csv;
  const sample: (readonly string[])[] = [];
  for await (const rows of csv.rows()) {
    sample.push(...rows.slice(0, sampleRows).map(({cells}) => cells));
    break;
  }
  const matched = matchHeader(job, header, {...shape, ignoreUnknown: true});
  const problems = 'problems' in matched ? matched.problems : [];
  const strict = matchHeader(job, header, {...shape, ignoreUnknown: false});
  const context = {now: new Date(clock.wall())};
  const misfit = 'problems' in strict ? {problems: strict.problems, header, sample, context} : undefined;
  const read = columnsOf('shape' in matched ? matched.shape : matched.partial);
  return {
    columns: header.map((name, at) => ({
      header: name,
      values: valuesOf(sample, at),
      ...(read.has(at) && {column: read.get(at) ?? ''}),
    })),
    headerLine: csv.headerLine,
    delimiter: (await csv.dialect()).delimiter,
    missing: problems.filter(({code}) => code === 'missing_column').map(({column}) => column),
    problems: problems
      .filter(({code}) => code !== 'missing_column')
      .map(({column, message, hint}) => ({column, message, hint})),
    proposed: (misfit && proposeOptions(job, misfit)?.map) ?? {},
  };
}

/** Names of the job's columns by the position of their header. */
function columnsOf({slots, groups}: RowShape): ReadonlyMap<number, string> {
  const all = [...slots, ...groups.flatMap(({elements}) => elements.flat())];
  return new Map(all.filter(({at}) => at >= 0).map(({at, name}) => [at, name]));
}

function valuesOf(sample: readonly (readonly string[])[], at: number): string[] {
  const cells = sample.map((row) => cleanCell(row[at] ?? '')).filter((cell) => cell !== '');
  return [...new Set(cells)].slice(0, shownValues);
}
