import type {Job} from '../job/job.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import type {Plan} from './assemble-plan.ts';
import type {AwardSum} from './award-sum.ts';
import type {PlannedRow} from './describe-row.ts';
import type {PlanCounts} from './planned-actions.ts';
import {type Schedule, scheduleOf} from './schedule.ts';
import {formatVersion} from '../version.ts';

/** A plan as data: what `plan --json` prints, `--save` keeps and people are shown. */
export interface PlanDocument {
  formatVersion: typeof formatVersion;
  job: string;
  jobHash: string;
  input: {path: string; sha256: string; rows: number};
  baseUrl: string;
  existing: HeaderEntry['existing'];
  onInvalid: 'abort' | 'skip';
  options: RowShapingOptions;
  /** The run whose records are to be removed. */
  undoOf?: string;
  counts: PlanCounts;
  /** Of an additive job: what its rows give and take together. */
  sum?: AwardSum;
  /** `reads` were made for the plan, `writes` are what the run will send. */
  requests: {reads: number; writes: number; total: number};
  schedule: Schedule;
  /** Every row but the unchanged ones, of which only the first are listed; with `--all` and for a page all of them. */
  rows: PlannedRow[];
  warnings: string[];
  /** SHA-256 over what is done with every row: a saved plan is carried out exactly or not at all. */
  digest: string;
}

export interface PlanFacts {
  job: Job;
  input: {path: string; sha256: string; rows: number};
  baseUrl: string;
  existing: PlanDocument['existing'];
  onInvalid: PlanDocument['onInvalid'];
  options: RowShapingOptions;
  undoOf?: string | undefined;
  rows: PlannedRow[];
  reads: number;
  limits: {perSecond: number; perHour: number; left: number};
  now: number;
  warnings: readonly string[];
}

export function planDocument(plan: Plan, facts: PlanFacts): PlanDocument {
  const {job, input, baseUrl, existing, onInvalid, options, rows, reads, limits, now} = facts;
  const {writes} = plan.actions;
  const {additive} = job.definition;
  const warnings = [...facts.warnings];
  if (plan.unreadable)
    warnings.push('this application may not read what exists, so those rows are sent without comparing');
  return {
    formatVersion,
    job: job.name,
    jobHash: job.hash,
    input,
    baseUrl,
    existing,
    onInvalid,
    options,
    ...(facts.undoOf !== undefined && {undoOf: facts.undoOf}),
    counts: {...plan.actions.counts},
    ...(additive && {sum: plan.awards.sum(additive.unit)}),
    requests: {reads, writes, total: reads + writes},
    schedule: scheduleOf(writes, limits, now, options.timezone),
    rows,
    warnings,
    digest: plan.actions.digest(),
  };
}
