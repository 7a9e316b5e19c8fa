import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {constants} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {InputError, UsageError} from '../../errors.ts';
import {RegularFile} from '../../files/regular-file.ts';
import {spoolInput} from '../../files/spool.ts';
import type {HeaderEntry, RowShapingOptions} from '../../journal/entry.ts';
import {isWorkbook} from '../../xlsx/is-workbook.ts';
import {expandRows} from './expand-rows.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';

/** Where the rows come from: a CSV file, or a private copy of rows that were given in another way. */
export interface Source {
  /** What is read. */
  path: string;
  /** How it is read. */
  shape: RowShapingOptions;
  /** How the journal and plans name it: an absolute path, or `-`. */
  name: string;
  /** What messages call the file, where that is not its path. */
  title?: string;
  /** The workbook that was given, where the rows come from a CSV copy of its sheet. */
  workbook?: Pick<HeaderEntry['input'], 'sha256' | 'bytes'>;
  /** The file whose folder holds the files that rows name. */
  filesBeside: string;
  /** What the user should know of how it was read. */
  notes: readonly string[];
  /** Keeps a copy beside the journal. */
  adopt?: (directory: RunDirectory) => Promise<void>;
  close(): Promise<void>;
}

/** With `each` in its `shape`, the rows come from a copy in which they stand for each of its values. */
export async function openSource(
  file: string,
  stdin: NodeJS.ReadableStream,
  shape: RowShapingOptions,
): Promise<Source> {
  if (file === '-') {
    return inFolder(async (folder) => {
      const title = 'standard input';
      const path = await spoolInput(stdin, folder);
      return copyOf({path, title, workbook: await readWorkbook(path, title)}, '-', shape, folder);
    });
  }
  const given = {path: file, title: file, workbook: await readWorkbook(file, file)};
  const name = resolve(file);
  if (given.workbook) return inFolder((folder) => copyOf(given, name, shape, folder));
  if (shape.each) return inFolder((folder) => copyOf(given, '-', shape, folder));
  refuseSheetOf(file, shape);
  return {path: file, shape, name, filesBeside: file, notes: [], close: () => Promise.resolve()};
}

/** What was given, as a file. */
interface Given {
  path: string;
  title: string;
  workbook: WorkbookFile | undefined;
}

interface WorkbookFile {
  content: Buffer;
  sha256: string;
  bytes: number;
}

async function copyOf(
  {path: given, title, workbook}: Given,
  name: string,
  shape: RowShapingOptions,
  folder: string,
): Promise<Omit<Source, 'close'>> {
  if (!workbook) refuseSheetOf(title, shape);
  const table = workbook
    ? await (await import('./convert-workbook.ts')).convertWorkbook(workbook.content, title, shape, folder)
    : {path: given, shape, notes: []};
  const path = shape.each ? await expandRows(table.path, title, table.shape, folder) : table.path;
  return {
    path,
    shape: shape.each ? shapeOfCopy(table.shape) : table.shape,
    name,
    title,
    filesBeside: name === '-' ? path : name,
    notes: table.notes,
    adopt: ({spooledInput}) => copyPrivately(path, spooledInput),
    ...(workbook && {workbook: {sha256: workbook.sha256, bytes: workbook.bytes}}),
  };
}

/** Opens something in a private folder, which is removed when it is closed. */
async function inFolder(open: (folder: string) => Promise<Omit<Source, 'close'>>): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'bulk42-'));
  const close = () => rm(folder, {recursive: true, force: true});
  try {
    return {...(await open(folder)), close};
  } catch (error) {
    await close();
    throw error;
  }
}

/** Packed: more than a hundred times what 100,000 rows need. */
const maxWorkbookBytes = 256 * 1024 * 1024;

/** A workbook is read as a whole: its directory stands at its end. Undefined for every other file. */
async function readWorkbook(path: string, title: string): Promise<WorkbookFile | undefined> {
  const file = await RegularFile.open(path, title);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of file.chunks()) {
      if (chunks.length === 0 && !isWorkbook(chunk)) return undefined;
      if (file.bytes > maxWorkbookBytes) {
        throw new InputError(`${title} is a workbook of more than ${maxWorkbookBytes / 1024 / 1024} MB`, {
          code: 'workbook_size',
          hint: 'save the sheet with the table as CSV UTF-8, and give that file',
        });
      }
      chunks.push(chunk);
    }
    if (chunks.length === 0) return undefined;
    return {content: Buffer.concat(chunks), sha256: await file.sha256(), bytes: file.bytes};
  } finally {
    await file.close();
  }
}

function refuseSheetOf(title: string, {sheet}: RowShapingOptions): void {
  if (sheet === undefined) return;
  throw new UsageError(`--sheet ${sheet} is for workbooks, and ${title} is no workbook`, {
    code: 'no_workbook',
    hint: 'leave out --sheet, or give the .xlsx file',
  });
}

/** Copies a private file to a new one (0600 comes along). */
export function copyPrivately(from: string, to: string): Promise<void> {
  return copyFile(from, to, constants.COPYFILE_EXCL);
}

/** A copy for `--each` has a header of its own, is UTF-8, and holds only the rows that are asked for. */
function shapeOfCopy({
  columns: _columns,
  delimiter: _delimiter,
  encoding: _encoding,
  lines: _lines,
  limit: _limit,
  ...rest
}: RowShapingOptions): RowShapingOptions {
  return rest;
}
