import {readFile} from 'node:fs/promises';
import {isSameApi} from '../../api/canonical-url.ts';
import {FileError, InputError} from '../../errors.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import {canonical} from '../../runs/find-unfinished.ts';
import {formatVersion} from '../../version.ts';

/** A plan that was kept by `plan --save`. */
export async function readPlan(path: string): Promise<PlanDocument> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FileError(`cannot read the plan ${path}`, {hint: 'check the path', cause});
  });
  try {
    const document = JSON.parse(text) as PlanDocument;
    if (document.formatVersion === formatVersion && typeof document.digest === 'string') return document;
  } catch {
    // It is reported below, as JSON of another shape is.
  }
  throw new InputError(`${path} is no saved plan of this version`, {
    code: 'plan_file',
    hint: 'make one: bulk42 plan <job> <file> --save plan.json',
  });
}

type Identity = Pick<
  PlanDocument,
  'job' | 'jobHash' | 'input' | 'baseUrl' | 'existing' | 'onInvalid' | 'options' | 'digest'
>;

/**
 * A saved plan is executed exactly or not at all: its file, job, API and options must be the same, and so must what the
 * API shows now, since an old plan would send what others have sent meanwhile.
 *
 * @throws InputError (exit 65) naming what changed.
 */
export function refuseOtherPlan(saved: Identity, now: Identity): void {
  const changed = [
    saved.input.sha256 !== now.input.sha256 && 'the CSV file',
    (saved.job !== now.job || saved.jobHash !== now.jobHash) && 'the job',
    !isSameApi(saved.baseUrl, now.baseUrl) && 'the API',
    (canonical(saved.options) !== canonical(now.options) ||
      saved.existing !== now.existing ||
      saved.onInvalid !== now.onInvalid) &&
      'the options',
  ].filter((each) => each !== false);
  if (changed.length === 0 && saved.digest !== now.digest) changed.push('what exists in the API');
  if (changed.length === 0) return;
  throw new InputError(
    `the plan no longer holds: ${changed.join(' and ')} changed since it was saved; nothing was sent`,
    {
      code: 'plan_stale',
      hint: 'plan again, and look at the new plan',
    },
  );
}
