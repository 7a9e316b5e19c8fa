import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {constants} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {spoolInput} from '../../files/spool.ts';
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

export async function openSource(file: string, stdin: NodeJS.ReadableStream): Promise<Source> {
  if (file !== '-') return {path: file, name: resolve(file), close: () => Promise.resolve()};
  const folder = await mkdtemp(join(tmpdir(), 'bulk42-'));
  const close = () => rm(folder, {recursive: true, force: true});
  try {
    const path = await spoolInput(stdin, folder);
    return {
      path,
      name: '-',
      adopt: ({spooledInput}) => copyPrivately(path, spooledInput),
      close,
      title: 'standard input',
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
