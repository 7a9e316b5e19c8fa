import {stat} from 'node:fs/promises';
import {InputError, UsageError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import {InputRows, type JoinedColumns} from '../input/input-rows.ts';
import {argumentOfRun, type RunDirectory} from './run-directory.ts';

/** The journal of a run that once began. */
export async function readJournal(directory: RunDirectory): Promise<Replayed> {
  const replayed = await replay(directory.journal);
  if (replayed) return replayed;
  throw new UsageError(`run ${directory.id} never began: its journal is empty, so nothing was sent`, {
    hint: `bulk42 runs --remove ${argumentOfRun(directory)}`,
  });
}

/** The same a little later, and read again only where another process has added to it meanwhile. */
export async function rereadJournal(directory: RunDirectory, known: Replayed): Promise<Replayed> {
  const {size} = await stat(directory.journal);
  return known.end.torn === 0 && size === known.end.bytes ? known : readJournal(directory);
}

/** Where a run's rows lie: the user's file, or the run's own copy of standard input, of a sheet or of a retry log. */
export function inputPathOf(directory: RunDirectory, {input, parent}: HeaderEntry): string {
  return input.path === '-' || input.copySha256 !== undefined || parent ? directory.spooledInput : input.path;
}

/** SHA-256 of the CSV file that holds a run's rows. */
export function rowsSha256Of({input}: HeaderEntry): string {
  return input.copySha256 ?? input.sha256;
}

export type FirstFile = NonNullable<HeaderEntry['parent']>['firstFile'];

/** The file in which the rows of a chain of retries stood first. */
export function firstFileOf(directory: RunDirectory, header: HeaderEntry): FirstFile {
  const {parent, input, shape} = header;
  if (parent) return parent.firstFile;
  const {delimiter, encoding, columns, each, sheet} = shape;
  return {
    path: inputPathOf(directory, header),
    sha256: rowsSha256Of(header),
    ...(delimiter !== undefined && {delimiter}),
    ...(encoding !== undefined && {encoding}),
    ...(columns && {columns}),
    ...(each && {each}),
    ...(sheet !== undefined && {sheet}),
    ...(input.copySha256 !== undefined && input.path !== '-' && {filesBeside: input.path}),
  };
}

/** The file whose folder holds the files that rows name. */
export function filesBesideOf({path, filesBeside = path}: FirstFile): string {
  return filesBeside;
}

/** The options that say how a cell is read, without those that say which rows the file has. */
export function cellOptionsOf({shape}: HeaderEntry): RowShapingOptions {
  const {map, set, timezone, ignoreUnknown, dateOrder, dateOrders} = shape;
  return {
    map,
    set,
    timezone,
    ignoreUnknown,
    ...(dateOrder && {dateOrder}),
    ...(dateOrders && {dateOrders}),
  };
}

/**
 * Opens a run's rows again, for reports.
 *
 * @throws InputError (exit 65) when the file is not, byte for byte, the one that the run began with.
 */
export async function reopenInput(
  directory: RunDirectory,
  header: HeaderEntry,
  job: Job,
  now: Date,
): Promise<InputRows> {
  const path = inputPathOf(directory, header);
  const joined = await joinedColumns(header, job, now);
  const input = await InputRows.open(path, job, header.shape, {now, joined});
  if ((await input.csv.sha256()) === rowsSha256Of(header)) return input;
  await input.close();
  throw changed(path, directory.id);
}

function changed(path: string, run: string): InputError {
  return new InputError(`${path} changed since run ${run} began`, {
    code: 'input_changed',
    hint: 'put the file back as it was; rows that are to be different belong in a new run',
  });
}

/** For a retry: what has to be joined to its rows, with the lines of the first file. Undefined for a first run. */
export async function joinedColumns(
  header: HeaderEntry,
  job: Job,
  now: Date,
): Promise<JoinedColumns | undefined> {
  return header.parent && joinFrom(header.parent.firstFile, header.shape, job, now);
}

/** Secret columns are in no retry log: their cells are taken from the first file, by line. */
export async function joinFrom(
  firstFile: FirstFile,
  shape: HeaderEntry['shape'],
  job: Job,
  now: Date,
): Promise<JoinedColumns> {
  const cells = new Map<number, string[]>();
  const nothing = {header: [], cellsOf: () => []};
  if (!job.columns.some(({column}) => column.traits.secret)) return nothing;
  const {path, sha256, ...readAs} = firstFile;
  const first = await InputRows.open(path, job, {...shape, ...readAs}, {now});
  try {
    if ((await first.csv.sha256()) !== sha256) {
      throw new InputError(`${path} changed, so its secret columns cannot be joined to the retry log`, {
        code: 'input_changed',
        hint: 'put the first file back as it was',
      });
    }
    const columns = [...first.secretColumns];
    if (columns.length === 0) return nothing;
    for await (const batch of first.csv.rows()) {
      for (const row of batch)
        cells.set(
          first.namedLine(row),
          columns.map((at) => row.cells[at] ?? ''),
        );
    }
    return {
      header: columns.map((at) => first.header[at] ?? ''),
      cellsOf: (origin) => cells.get(origin),
    };
  } finally {
    await first.close();
  }
}
