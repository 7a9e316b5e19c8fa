import {createHash} from 'node:crypto';
import {mkdir, readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {onDisk, replaceFile} from '../files/write-file.ts';

/** A job file of the user's own, and what it held. */
interface JobFile {
  jobFile: string;
  jobHash: string;
}

/** Notes that a person named this file on this machine for a run; `local`: where it lies here. */
export async function rememberJobFile(
  stateFolder: string,
  file: JobFile,
  local = file.jobFile,
): Promise<void> {
  const path = pathOf(stateFolder, file);
  await onDisk(path, mkdir(dirname(path), {recursive: true, mode: 0o700}));
  await replaceFile(path, local);
}

/** Where it lies on this machine; undefined where no person has named it here. */
export function findJobFile(stateFolder: string, file: JobFile): Promise<string | undefined> {
  return readFile(pathOf(stateFolder, file), 'utf8').then(
    (local) => local || file.jobFile,
    () => undefined,
  );
}

function pathOf(stateFolder: string, {jobFile, jobHash}: JobFile): string {
  const name = createHash('sha256').update(`${jobHash} ${jobFile}`).digest('hex').slice(0, 32);
  return join(stateFolder, 'job-files', name);
}
