import {systemClock as clock} from '../../clock.ts';
import {UsageError} from '../../errors.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {firstFileOf, inputPathOf, joinedColumns, readJournal} from '../../runs/reopen-run.ts';
import {findRun} from '../../runs/run-directory.ts';
import {createdRecords, lineRanges, requireUndo} from '../../app/undo.ts';
import {version} from '../../version.ts';
import {requireSomebodyToAsk} from '../ask.ts';
import type {CommandResult} from '../command-result.ts';
import {newRunHeader} from '../../app/new-run.ts';
import {refuseOtherInput, refuseOtherTarget} from '../../app/resume-flow.ts';
import {reopenTarget} from '../../app/reopen-target.ts';
import {runFlow} from '../run-flow.ts';
import {type ArgumentsOf, type undoOptions} from '../options.ts';
import {copyPrivately} from '../../app/source.ts';
import {baseUrlOf} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';

/** Removes exactly what a run created, as a run of its own: planned, asked for, journaled and reported. */
export async function undo(
  args: ArgumentsOf<typeof undoOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const directory = await findRun(args.run, args.out);
  const {header, states} = await readJournal(directory);
  if (header.undoOf !== undefined) {
    const file = header.input.path === '-' ? '<file>' : header.input.path;
    throw new UsageError(`run ${directory.id} is an undo, which is not undone`, {
      code: 'undo_not_undone',
      hint: `bulk42 run ${header.jobFile ?? header.job} ${file} creates the records again`,
    });
  }
  const {ids, withoutId} = createdRecords(states);
  if (withoutId > 0) terminal.error(`${withoutId} created records have no known id and are left alone`);
  if (states.counts.updated > 0)
    terminal.error(`${states.counts.updated} updates are not undone: what was there before is not kept`);
  if (ids.size === 0) {
    throw new UsageError(`run ${directory.id} created nothing that could be removed`, {
      code: 'nothing_to_undo',
      hint: undefined,
    });
  }
  const now = new Date(clock.wall());
  const job = await loadJob(header.jobFile ?? header.job);
  requireUndo(job);
  const {limit: _limit, ...shaping} = header.shape;
  const shape: HeaderEntry['shape'] = {...shaping, lines: lineRanges(ids.keys())};
  const path = inputPathOf(directory, header);
  const prepared = await prepareInput(path, job, shape, {
    now,
    joined: await joinedColumns(header, job, now),
    filesBeside: firstFileOf(directory, header).path,
  });
  try {
    refuseOtherInput(prepared, header, directory.id);
    requireSomebodyToAsk({terminal, yes: args.yes});
    const target = await reopenTarget(header, directory.id);
    refuseOtherTarget(header, baseUrlOf(target), directory.id);
    const facts = {
      input: {path: header.input.path, sha256: header.input.sha256, rows: ids.size},
      existing: 'send',
      onInvalid: 'skip',
      options: shape,
      undoOf: directory.id,
    } as const;
    const isOwnCopy = path === directory.spooledInput;
    const start = {
      out: args.out,
      header: {
        ...newRunHeader({
          job,
          jobPath: header.jobFile ?? job.name,
          prepared,
          target,
          tool: version,
          ...facts,
          ...(header.parent && {parent: header.parent}),
        }),
        undoOf: directory.id,
      },
      ...(isOwnCopy && {
        adopt: ({spooledInput}: {spooledInput: string}) => copyPrivately(path, spooledInput),
      }),
    };
    const flow = {job, prepared, facts, start, removals: ids};
    return await runFlow(
      {job, sha256: prepared.checked.sha256},
      () => Promise.resolve(flow),
      args,
      target,
      terminal,
    );
  } finally {
    await prepared.input.close();
  }
}
