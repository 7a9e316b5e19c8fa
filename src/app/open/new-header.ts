import {hostname, userInfo} from 'node:os';
import {resolve} from 'node:path';
import {clientOf} from '../../api/session.ts';
import type {CheckedInput} from '../../input/prepare-input.ts';
import type {Job} from '../../job/job.ts';
import {version} from '../../version.ts';
import {baseUrlOf, type Target} from '../target.ts';
import type {RunHeader} from './opened-run.ts';

/** What differs from one kind of run to the other. */
type HeaderFacts = Pick<RunHeader, 'existing' | 'onInvalid' | 'shape'> & {
  /** The file as people know it: an absolute path, or `-`. */
  path: string;
  /** The workbook that was given, where the rows are a copy of its sheet. */
  workbook?: Pick<RunHeader['input'], 'sha256' | 'bytes'> | undefined;
  parent?: RunHeader['parent'] | undefined;
  undoOf?: string;
};

/** What the journal of a new run begins with. `jobPath`: a name, or the path of the user's own job file. */
export function newHeader(
  {job, prepared: {checked, input}}: {job: Job; prepared: CheckedInput},
  jobPath: string,
  target: Target,
  {path, workbook, parent, undoOf, ...facts}: HeaderFacts,
): RunHeader {
  return {
    tool: version,
    job: job.name,
    jobHash: job.hash,
    ...(jobPath !== job.name && {jobFile: resolve(jobPath)}),
    input: {
      path,
      rows: checked.rows,
      sha256: workbook?.sha256 ?? checked.sha256,
      bytes: workbook?.bytes ?? input.csv.bytes,
      ...(workbook && {copySha256: checked.sha256}),
    },
    baseUrl: baseUrlOf(target),
    who: {user: userName(), host: hostname()},
    client: clientOf(target.credentials.uid),
    ...facts,
    ...(parent && {parent}),
    ...(undoOf !== undefined && {undoOf}),
  };
}

/** A container may give its process a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
