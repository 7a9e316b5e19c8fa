import {UsageError} from '../errors.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {createJob, type Job} from './job.ts';

/**
 * A job as a run reads its rows, by what the run does with records that exist.
 *
 * @throws UsageError when the job cannot do that
 */
export function jobFor(job: Job, existing: HeaderEntry['existing']): Job {
  if (existing === 'remove') return removalJob(job);
  if (existing !== 'update') return job;
  requireUpdate(job);
  const {definition} = job;
  const {needs} = definition;
  const scopes = [...(needs.scopes ?? []), ...(needs.update?.scopes ?? [])];
  return {...job, definition: {...definition, needs: {...needs, scopes}}};
}

/** By the columns of its keys alone. Its other columns may stand in the file. */
function removalJob(job: Job): Job {
  const {name, reference, hash, definition} = job;
  requireRemoval(job, 'no_remove');
  if (definition.readBack.length === 0)
    throw unreadable(job, 'no_remove', 'bulk42 undo removes what a run created');
  const key = new Set(definition.keys.flat());
  const {additive: _additive, confirm: _confirm, ...rest} = definition;
  const columns = Object.fromEntries(
    Object.entries(definition.columns).filter(([column]) => key.has(column)),
  );
  const rules = definition.rules?.filter((rule) => rule.columns.every((column) => key.has(column))) ?? [];
  const needs = {...rest.needs, ...rest.needs.remove};
  const reduced = createJob(name, {...rest, needs, columns, rules}, hash, reference);
  return {...reduced, ignored: job.columns.filter((leaf) => !key.has(leaf.name))};
}

/** @throws UsageError when the job does not say how its records are removed */
export function requireRemoval({name, definition}: Job, code: string): void {
  if (definition.remove) return;
  throw new UsageError(`the job ${name} does not say how its records are removed`, {
    code,
    hint: 'remove them on the intra; for a job of your own, docs/write-a-job.md explains remove',
  });
}

function requireUpdate(job: Job): void {
  const {name, definition} = job;
  if (!definition.update) {
    throw new UsageError(`the job ${name} does not say how a record that exists is updated`, {
      code: 'no_update',
      hint: 'without --existing update such rows fail; for a job of your own, docs/write-a-job.md explains update',
    });
  }
  if (definition.readBack.length === 0) throw unreadable(job, 'no_update', 'leave --existing update out');
}

function unreadable({name}: Job, code: string, hint: string): UsageError {
  return new UsageError(`the job ${name} does not say where its records can be read`, {code, hint});
}
