import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {constants} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {spoolInput} from '../../files/spool.ts';
import type {RowShapingOptions} from '../../journal/entry.ts';
import {expandRows} from './expand-rows.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';

/** Where the rows come from: a file, or standard input kept in a private file so that it can be read twice. */
export interface Source {
  /** What is read. */
  path: string;
  /** How the journal and plans name it: an absolute path, or `-`. */
  name: string;
  /** What messages call it, where that is not its path. */
  title?: string;
  /** Keeps a spooled input beside the journal. */
  adopt?: (directory: RunDirectory) => Promise<void>;
  close(): Promise<void>;
}

/** `shape`: with its `each`, the rows come from a copy in which they stand for each of its values. */
export async function openSource(
  file: string,
  stdin: NodeJS.ReadableStream,
  shape: RowShapingOptions,
): Promise<Source> {
  const isCopied = file === '-' || shape.each !== undefined;
  if (!isCopied) return {path: file, name: resolve(file), close: () => Promise.resolve()};
  const folder = await mkdtemp(join(tmpdir(), 'bulk42-'));
  const close = () => rm(folder, {recursive: true, force: true});
  try {
    const title = file === '-' ? 'standard input' : file;
    const given = file === '-' ? await spoolInput(stdin, folder) : file;
    const path = shape.each ? await expandRows(given, title, shape, folder) : given;
    return {
      path,
      name: '-',
      adopt: ({spooledInput}) => copyPrivately(path, spooledInput),
      close,
      title,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies a private file to a new one (0600 comes along). */
export function copyPrivately(from: string, to: string): Promise<void> {
  return copyFile(from, to, constants.COPYFILE_EXCL);
}

/** The options by which the rows of a source are read: a copy has a header of its own, is UTF-8, and holds only the rows that are asked for. */
export function shapeOfSource(shape: RowShapingOptions): RowShapingOptions {
  if (!shape.each) return shape;
  const {
    columns: _columns,
    delimiter: _delimiter,
    encoding: _encoding,
    lines: _lines,
    limit: _limit,
    ...rest
  } = shape;
  return rest;
}
