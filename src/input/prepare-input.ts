import {InputError, UsageError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {proposeOptions} from '../job/header/propose-options.ts';
import type {RowShapingOptions} from '../journal/entry.ts';
import {type Checked, checkInput, RowChecker, type RowProblem} from './check-input.ts';
import {FileFolder} from './file-folder.ts';
import {InputRows, type JoinedColumns} from './input-rows.ts';

export interface CheckedInput {
  input: InputRows;
  files: FileFolder;
  /** It has seen every row once. */
  checker: RowChecker;
  checked: Checked;
  /** In the order of lines; at most `maxProblems`, `problemCount` has the whole number. */
  problems: RowProblem[];
  problemCount: number;
  /** Options under which a header that does not fit would fit. */
  proposal?: string;
  /** What the user should know of a file that can be read. */
  warnings: string[];
}

export interface PrepareFacts {
  now: Date;
  /** What messages call the file. Default: its path. */
  title?: string | undefined;
  joined?: JoinedColumns | undefined;
  /** What is to be known of how the file was opened. */
  notes?: readonly string[];
  /** The CSV file whose folder holds the files that rows name; default: the file itself. */
  filesBeside?: string;
  /** For the rest of a run: its rows that are not settled. The others were checked when it began. */
  isPending?: (line: number) => boolean;
}

/** Of a million wrong rows not all problems are kept: they would fill the memory. */
const maxProblems = 10_000;

/**
 * Opens a file and checks all of it: the first of the two passes, without any request. A header that does not fit
 * leaves no row to be checked; its problems are the result.
 *
 * @throws UsageError when lines were named that hold no row
 */
export async function prepareInput(
  path: string,
  job: Job,
  options: RowShapingOptions,
  given: PrepareFacts,
): Promise<CheckedInput> {
  const input = await InputRows.open(path, job, options, given);
  try {
    if (given.isPending) input.keepPending(given.isPending);
    const files = new FileFolder(given.filesBeside ?? path);
    let found = await checkRows(input, files);
    if (input.needsDateOrders) {
      await input.findDateOrders();
      found = await checkRows(input, files);
    }
    const {checked, problemCount} = found;
    const proposal = given.joined ? undefined : await propose(input, given.now);
    if (options.lines !== undefined && checked.rows === 0 && problemCount === 0 && !given.isPending)
      throw nothingOnLines(options.lines, input);
    const aliased = input.aliased.length > 0 ? [`read by another name: ${input.aliased.join(', ')}`] : [];
    const warnings = [
      ...(given.notes ?? []),
      ...input.csv.warnings,
      ...aliased,
      ...unknownNote(input),
      ...ignoredNote(input),
      ...checked.notes,
    ];
    return {input, files, ...found, warnings, ...(proposal !== undefined && {proposal})};
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** So many rows show what a column holds. */
const maxSample = 50;

async function propose(input: InputRows, now: Date): Promise<string | undefined> {
  const {headerProblems: problems, header, job} = input;
  if (problems.length === 0) return undefined;
  const sample: (readonly string[])[] = [];
  for await (const rows of input.csv.rows()) {
    sample.push(...rows.slice(0, maxSample).map(({cells}) => cells));
    break;
  }
  return proposeOptions(job, {problems, header, sample, context: {now}})?.options;
}

async function checkRows(
  input: InputRows,
  files: FileFolder,
): Promise<Pick<CheckedInput, 'checker' | 'checked' | 'problems' | 'problemCount'>> {
  const checker = new RowChecker(input, files);
  const problems: RowProblem[] = [...input.headerProblems];
  let problemCount = problems.length;
  const checked =
    problemCount > 0
      ? {rows: 0, invalid: 0, logins: [], notes: [], sha256: await input.csv.sha256()}
      : await checkInput(input, checker, (problem) => {
          problemCount++;
          if (problems.length < maxProblems) problems.push(problem);
        });
  return {checker, checked, problems, problemCount};
}

/** An option for all that is not known must not hide a column that was meant. */
function unknownNote({unknownColumns: names}: InputRows): string[] {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return names.length === 0
    ? []
    : [`not read (--ignore-unknown): ${names.slice(0, maxNamed).join(', ')}${more}`];
}

const maxNamed = 12;

/** A removal needs the columns of the key alone. */
function ignoredNote({ignoredColumns}: InputRows): string[] {
  return ignoredColumns.length === 0
    ? []
    : [`not needed to remove records, and ignored: ${ignoredColumns.join(', ')}`];
}

/** A slip of the keys must not look like a file in which there is nothing to do. */
export function nothingOnLines(lines: string, {csv}: Pick<InputRows, 'csv'>): UsageError {
  return new UsageError(`no row of ${csv.title} is on --lines ${lines}`, {
    hint: `the header is line ${csv.headerLine}, the last row line ${csv.lastLine}; blank lines hold none`,
  });
}

/** The file cannot be run: what `run` and `plan` say where `validate` lists the problems. */
export class InvalidInputError extends InputError {
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
  /** Options to give beside those of the command. */
  readonly proposal: string | undefined;

  constructor({problems, problemCount, checked, input, proposal}: CheckedInput) {
    const where =
      input.headerProblems.length > 0
        ? 'the header does not fit the job'
        : `${checked.invalid} of ${checked.rows} rows of ${input.csv.title} ${checked.invalid === 1 ? 'is' : 'are'} invalid`;
    super(`${where}; nothing was sent`, {
      code: input.headerProblems.length > 0 ? 'header' : 'invalid_rows',
      hint:
        input.headerProblems.length > 0
          ? proposal === undefined
            ? `bulk42 jobs ${input.job.reference} lists the columns`
            : `give the command again with ${proposal}`
          : 'correct or delete the rows, or send the valid ones with --on-invalid skip',
    });
    this.problems = problems;
    this.problemCount = problemCount;
    this.proposal = proposal;
  }
}
