import {systemClock as clock} from '../../clock.ts';
import {InDoubtError, UsageError} from '../../errors.ts';
import type {Job} from '../../job/job.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {isSameWork, type KnownRun, readUnfinishedRuns} from '../../runs/find-unfinished.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import {type CheckedInput, prepareInput} from '../../input/prepare-input.ts';
import {version} from '../../version.ts';
import {requireSomebodyToAsk} from '../ask.ts';
import {type ArgumentsOf, rowShapingOf, type runOptions} from '../options.ts';
import {sameAsIn} from '../earlier-run.ts';
import type {CommandResult} from '../command-result.ts';
import {pluralize} from '../print/pluralize.ts';
import {refuseInvalid} from '../refuse-invalid.ts';
import type {Flow} from '../../app/flow.ts';
import {runFlow} from '../run-flow.ts';
import {readPlan} from '../../app/saved-plan.ts';
import {openSource, type Source} from '../../app/source.ts';
import {baseUrlOf, openTarget, type Target} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';
import {newRunHeader} from '../../app/new-run.ts';
import {resumeFlow} from '../../app/resume-flow.ts';

type Given = ArgumentsOf<typeof runOptions> & {job?: string; file?: string};
type RunCommandArguments = Given & {job: string; file: string};

export async function run(given: Given, terminal: Terminal): Promise<CommandResult> {
  const savedPlan = given.plan === undefined ? undefined : await readPlan(given.plan);
  const args = withJobAndFile(savedPlan ? {...given, ...argumentsOf(savedPlan, given)} : given);
  if (args.dryRun) return (await import('./plan.ts')).plan({...args, save: undefined}, terminal);
  const job = await loadJob(args.job);
  if (args.file === '-') requireSomebodyToAsk({terminal: {...terminal, canAsk: false}, yes: args.yes});
  const source = await openSource(args.file, terminal.stdin);
  try {
    const isSame = await sameAsIn(args.changedSince, job, args.out, terminal);
    const prepared = await prepareInput(source.path, job, rowShapingOf(args), {
      now: new Date(clock.wall()),
      title: source.title,
      isSame,
    });
    try {
      refuseInvalid(prepared, args, terminal);
      requireSomebodyToAsk({terminal, yes: args.yes});
      const target = await openTarget(args);
      try {
        const findFlow = async () => ({
          ...(await newOrUnfinished(job, source, prepared, args, target)),
          isSame,
          savedPlan,
        });
        return await runFlow({job, sha256: prepared.checked.sha256}, findFlow, args, target, terminal);
      } finally {
        await target.close();
      }
    } finally {
      await prepared.input.close();
    }
  } finally {
    await source.close();
  }
}

/** What a saved plan was made with; its file and job need not be named again. */
function argumentsOf(
  {job, input, existing, onInvalid, options}: PlanDocument,
  given: Given,
): Partial<RunCommandArguments> {
  const {map, set, delimiter, encoding, lines, limit} = given;
  const said = Object.entries({map, set, delimiter, encoding, lines, limit});
  return {
    job: given.job ?? job,
    file: given.file ?? input.path,
    existing,
    onInvalid,
    ...options,
    // What is said anew has to be the same, or the plan is refused.
    ...Object.fromEntries(said.filter(([, value]) => value !== undefined)),
  };
}

function withJobAndFile(given: Given): RunCommandArguments {
  const {job, file} = given;
  if (job !== undefined && file !== undefined) return {...given, job, file};
  if (job === undefined) {
    throw new UsageError('name a job and a CSV file', {
      hint: 'bulk42 run cursus-users piscine.csv; bulk42 jobs lists the jobs',
    });
  }
  throw new UsageError(`name a CSV file for ${job}`, {
    hint: `bulk42 run ${job} rows.csv; bulk42 template ${job} > rows.csv begins one`,
  });
}

/** The same work, unfinished, is resumed and never started beside; another one in doubt has to be settled first. */
async function newOrUnfinished(
  job: Job,
  source: Source,
  prepared: CheckedInput,
  args: RunCommandArguments,
  target: Target,
): Promise<Flow> {
  const baseUrl = baseUrlOf(target);
  const shape = rowShapingOf(args);
  const work = {job: job.name, sha256: prepared.checked.sha256, baseUrl, shape};
  const unfinished = await readUnfinishedRuns(args.out);
  const same = unfinished.findLast(({replayed}) => isSameWork(replayed.header, work));
  if (same) return resumeFlow(same, job, prepared, baseUrl);
  refuseBesideDoubt(unfinished, job.name, baseUrl);
  const facts = {
    input: {path: source.name, sha256: prepared.checked.sha256, rows: prepared.checked.rows},
    existing: args.existing,
    onInvalid: args.onInvalid,
    options: shape,
  };
  return {
    job,
    prepared,
    facts,
    start: {
      out: args.out,
      header: newRunHeader({job, jobPath: args.job, prepared, target, tool: version, ...facts}),
      ...(source.adopt && {adopt: source.adopt}),
    },
  };
}

export function refuseBesideDoubt(unfinished: readonly KnownRun[], job: string, baseUrl: string): void {
  const doubtful = unfinished.find(
    ({replayed: {header, states}}) =>
      header.job === job && header.baseUrl === baseUrl && states.counts.in_doubt > 0,
  );
  if (!doubtful) return;
  const {counts} = doubtful.replayed.states;
  throw new InDoubtError(
    `run ${doubtful.directory.id} has ${pluralize(counts.in_doubt, 'row')} in doubt, which this run could apply twice`,
    {
      code: 'unsettled_run',
      hint: `bulk42 resume ${doubtful.directory.id}`,
    },
  );
}
