import {resolve} from 'node:path';
import type {Job} from '../job/job.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import type {CheckedInput} from '../input/prepare-input.ts';
import {clientOf} from '../api/session.ts';
import {baseUrlOf, type Target} from './target.ts';

export interface NewRunFacts {
  job: Job;
  /** As it was given: a name, or the path of the user's own job file. */
  jobPath: string;
  prepared: CheckedInput;
  target: Target;
  tool: string;
  input: {path: string; sha256: string; rows: number};
  existing: HeaderEntry['existing'];
  onInvalid: HeaderEntry['onInvalid'];
  options: RowShapingOptions;
  parent?: HeaderEntry['parent'];
}

/** What the journal of a new run begins with. */
export function newRunHeader(facts: NewRunFacts): Omit<HeaderEntry, 'k' | 'v' | 'run'> {
  const {job, jobPath, prepared, target, tool, input, existing, onInvalid, options, parent} = facts;
  return {
    tool,
    job: job.name,
    jobHash: job.hash,
    ...(jobPath !== job.name && {jobFile: resolve(jobPath)}),
    input: {...input, bytes: prepared.input.csv.bytes},
    baseUrl: baseUrlOf(target),
    client: clientOf(target.credentials.uid),
    shape: options,
    existing,
    onInvalid,
    ...(parent && {parent}),
  };
}
