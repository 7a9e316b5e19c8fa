import {isFileRef} from '../http/request.ts';
import {keyColumns, keyOf} from '../job/natural-key.ts';
import type {Issue, Note, Value, Values} from '../job/row.ts';
import {loginsOf} from '../job/row-users.ts';
import type {FileFolder} from './file-folder.ts';
import type {InputRow, InputRows} from './input-rows.ts';
import {KeyIndex} from './key-index.ts';

/** What is wrong with a row, at its line. */
export interface RowProblem extends Issue {
  line: number;
  /** The name of the person in this row, where the file has names. */
  person?: string;
}

export interface Checked {
  rows: number;
  invalid: number;
  /** Logins that the valid rows name: each once, in order of appearance. */
  logins: string[];
  /** What was read in another way than it is written, or looks like a mistake: one line for each column and kind. */
  notes: string[];
  sha256: string;
}

/**
 * Decides whether each row is fit to be sent, as far as the file alone can tell: the job's rules, files that the
 * rows name, and keys that two rows share. One for all passes over a file, so that they decide alike.
 */
export class RowChecker {
  readonly #input: InputRows;
  readonly #files: FileFolder;
  #keys = new KeyIndex();
  readonly #hasFiles: boolean;
  /** The row of the template, as far as the file has its columns. */
  readonly #example: {key: string; json: string} | undefined;

  constructor(input: InputRows, files: FileFolder) {
    this.#input = input;
    this.#files = files;
    const example = input.parseExample();
    // Numbers alone may be those of a real row.
    if (example && Object.values(example).some((value) => typeof value === 'string'))
      this.#example = {key: keyOf(input.job, example), json: JSON.stringify(example)};
    this.#hasFiles = input.job.columns.some(({column}) => column.kind.file !== undefined);
  }

  /** The row's values, or everything that is wrong with it. Rows must come in the order of the file. */
  check(row: InputRow): {values: Values} | {issues: Issue[]} | Promise<{values: Values} | {issues: Issue[]}> {
    if ('issues' in row.parsed) return row.parsed;
    const {values} = row.parsed;
    const key = keyOf(this.#input.job, values);
    if (key === this.#example?.key && JSON.stringify(values) === this.#example.json) return isTemplate;
    const earlier = this.#keys.add(key, row.line);
    if (earlier !== undefined) return {issues: [this.#duplicate(values, earlier)]};
    return this.#hasFiles ? this.#checkFiles(values) : row.parsed;
  }

  /** After the last pass. The keys of 100,000 rows, kept while they are sent, would take a run past 180 MB. */
  forgetKeys(): void {
    this.#keys = new KeyIndex();
  }

  #duplicate(values: Values, earlier: number): Issue {
    const columns = keyColumns(this.#input.job, values);
    return {
      column: columns[0] ?? '',
      value: columns.map((column) => textOf(values[column])).join(', '),
      code: 'duplicate',
      message: `the same ${columns.join(' and ')} as in line ${this.#input.givenLine(earlier)}`,
      hint: `keep one of the two lines: a run handles each target once`,
    };
  }

  async #checkFiles(values: Values): Promise<{values: Values} | {issues: Issue[]}> {
    const issues: Issue[] = [];
    for (const {name, field, column} of this.#input.job.columns) {
      const value = values[field];
      if (!column.kind.file || !isFileRef(value)) continue;
      const problem = await this.#files.check(value, column.kind.file);
      if (problem) issues.push({column: name, value: value.file, ...problem});
    }
    return issues.length > 0 ? {issues} : {values};
  }
}

/** In any spelling: what counts is what would be sent. */
const isTemplate = {
  issues: [
    {
      column: '',
      value: '',
      code: 'template_row',
      message: 'this is the example row of the template, unchanged',
      hint: 'remove the line, or write a real row over it',
    },
  ],
};

/** A value as messages show it. */
export function textOf(value: Value | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * One pass over the whole file: nothing is sent. Problems are given as they are found, in the order of lines. It ends
 * early where a date was met whose order must be found first.
 */
export async function checkInput(
  input: InputRows,
  checker: RowChecker,
  onProblem: (problem: RowProblem) => void,
): Promise<Checked> {
  const logins = new Set<string>();
  const notes = new Notes();
  let rows = 0;
  let invalid = 0;
  for await (const batch of input.pendingRows()) {
    if (input.needsDateOrders) break;
    for (const row of batch) {
      rows++;
      if ('values' in row.parsed)
        for (const note of row.parsed.notes ?? []) notes.add(note, input.givenLine(row.line));
      const checking = checker.check(row);
      const checked = checking instanceof Promise ? await checking : checking;
      if ('issues' in checked) {
        invalid++;
        const person = input.personOf(row);
        for (const issue of checked.issues)
          onProblem({line: input.givenLine(row.line), ...issue, ...(person !== '' && {person})});
      } else {
        for (const login of loginsOf(input.job, checked.values)) logins.add(login);
      }
    }
  }
  return {rows, invalid, logins: [...logins], notes: notes.toLines(), sha256: await input.csv.sha256()};
}

class Notes {
  readonly #lines = new Map<string, {first: number; count: number}>();

  add({column, message}: Note, line: number): void {
    const text = `${column}: ${message}`;
    const known = this.#lines.get(text);
    if (known) known.count++;
    else this.#lines.set(text, {first: line, count: 1});
  }

  toLines(): string[] {
    return [...this.#lines].map(
      ([text, {first, count}]) => `line ${first}${count > 1 ? ` and ${count - 1} more` : ''}, ${text}`,
    );
  }
}
