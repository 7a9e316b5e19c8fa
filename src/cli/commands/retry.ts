import {systemClock as clock} from '../../clock.ts';
import {InDoubtError, InputError, UsageError} from '../../errors.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {readUnfinishedRuns} from '../../runs/find-unfinished.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {firstFileOf, joinFrom, readJournal} from '../../runs/reopen-run.ts';
import {findRun} from '../../runs/run-directory.ts';
import {version} from '../../version.ts';
import {requireSomebodyToAsk} from '../ask.ts';
import {newRunHeader} from '../../app/new-run.ts';
import type {CommandResult} from '../command-result.ts';
import {pluralize} from '../print/pluralize.ts';
import {reopenTarget} from '../../app/reopen-target.ts';
import {runFlow} from '../run-flow.ts';
import {type ArgumentsOf, type retryOptions} from '../options.ts';
import {copyPrivately} from '../../app/source.ts';
import {baseUrlOf} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';
import {refuseInvalid} from '../refuse-invalid.ts';
import {refuseBesideDoubt} from './run.ts';

/** A new run over a run's retry log as it stands now, with the options that shaped the rows of the first. */
export async function retry(
  args: ArgumentsOf<typeof retryOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const directory = await findRun(args.run, args.out);
  const {header, states, end} = await readJournal(directory);
  if (header.undoOf !== undefined) {
    // Its rows are those of the run that it takes back: sending them would create again what was removed.
    throw new UsageError(`run ${directory.id} is an undo, which is not retried`, {
      code: 'undo_not_retried',
      hint: `bulk42 undo ${header.undoOf} removes what is still there`,
    });
  }
  if (states.counts.in_doubt > 0) {
    throw new InDoubtError(
      `run ${directory.id} has ${pluralize(states.counts.in_doubt, 'row')} in doubt, which are in no retry log`,
      {
        code: 'unsettled_run',
        hint: `bulk42 resume ${directory.id}`,
      },
    );
  }
  const {failed, invalid, not_started: notStarted} = states.counts;
  if (failed + invalid + notStarted === 0) {
    throw new UsageError(`run ${directory.id} left no row to retry`, {
      code: 'nothing_to_retry',
      hint: undefined,
    });
  }
  const now = new Date(clock.wall());
  const job = await loadJob(header.jobFile ?? header.job);
  const {map, set, timezone, ignoreUnknown} = header.shape;
  const shape: HeaderEntry['shape'] = {map, set, timezone, ignoreUnknown};
  const firstFile = firstFileOf(directory, header);
  const prepared = await prepareInput(directory.retry, job, shape, {
    now,
    joined: await joinFrom(firstFile, header.shape, job, now),
    filesBeside: firstFile.path,
  });
  try {
    refuseInvalid(prepared, args, terminal);
    requireSomebodyToAsk({terminal, yes: args.yes});
    const target = await reopenTarget(header, directory.id);
    const facts = {
      input: {path: directory.retry, sha256: prepared.checked.sha256, rows: prepared.checked.rows},
      existing: args.existing,
      onInvalid: args.onInvalid,
      options: shape,
    };
    const start = {
      out: args.out,
      header: newRunHeader({
        job,
        jobPath: header.jobFile ?? job.name,
        prepared,
        target,
        tool: version,
        ...facts,
        parent: {run: directory.id, firstFile},
      }),
      adopt: ({spooledInput}: {spooledInput: string}) => copyPrivately(directory.retry, spooledInput),
    };
    const findFlow = async () => {
      // The log was written from this journal; if the run has gone on since, it names rows that were applied.
      if ((await readJournal(directory)).end.sequence !== end.sequence) {
        throw new InputError(`run ${directory.id} went on meanwhile`, {
          code: 'run_changed',
          hint: `bulk42 retry ${directory.id}`,
        });
      }
      const unfinished = await readUnfinishedRuns(args.out);
      refuseBesideDoubt(unfinished, job.name, baseUrlOf(target));
      return {job, prepared, facts, start};
    };
    return await runFlow({job, sha256: prepared.checked.sha256}, findFlow, args, target, terminal);
  } finally {
    await prepared.input.close();
  }
}
