import {createHash} from 'node:crypto';
import {access, mkdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {onDisk, replaceFile} from '../files/write-file.ts';

/** A job file of the user's own, and what it held. */
interface JobFile {
  jobFile: string;
  jobHash: string;
}

/** Notes that a person named this file on this machine for a run. */
export async function rememberJobFile(stateFolder: string, file: JobFile): Promise<void> {
  const path = pathOf(stateFolder, file);
  await onDisk(path, mkdir(dirname(path), {recursive: true, mode: 0o700}));
  await replaceFile(path, '');
}

export function isKnownJobFile(stateFolder: string, file: JobFile): Promise<boolean> {
  return access(pathOf(stateFolder, file)).then(
    () => true,
    () => false,
  );
}

function pathOf(stateFolder: string, {jobFile, jobHash}: JobFile): string {
  const name = createHash('sha256').update(`${jobHash} ${jobFile}`).digest('hex').slice(0, 32);
  return join(stateFolder, 'job-files', name);
}
