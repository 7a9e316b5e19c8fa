import {randomBytes} from 'node:crypto';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {Bulk42Error, FileError} from '../errors.ts';
import {createPrivateFile, onDisk} from './write-file.ts';

/**
 * Keeps a stream, such as standard input, in a new file of its owner alone (0600), so that it can be read twice.
 *
 * @returns the path of the file; the caller removes it
 * @throws {FileError} when the stream fails
 * @throws {DiskError} when the disk refuses; other errors of the program that the stream meets are passed on
 */
export async function spoolInput(stream: NodeJS.ReadableStream, directory: string): Promise<string> {
  const path = join(directory, `input-${randomBytes(8).toString('hex')}.csv`);
  const handle = await onDisk(path, createPrivateFile(path));
  try {
    try {
      for await (const chunk of stream) await onDisk(path, handle.writeFile(chunk));
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(path, {force: true});
    if (error instanceof Bulk42Error) throw error;
    throw new FileError('cannot read standard input', {
      cause: error,
      hint: 'check the command whose output it is',
    });
  }
  return path;
}
