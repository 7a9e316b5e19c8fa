import {systemClock as clock} from '../../clock.ts';
import {readConfig} from '../../config.ts';
import {UsageError} from '../../errors.ts';
import {replay} from '../../journal/replay.ts';
import {outcomes} from '../../outcome.ts';
import {listRuns} from '../../runs/list-runs.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {findRun, removeRun, type RunDirectory} from '../../runs/run-directory.ts';
import type {ArgumentsOf, runsOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {pluralize} from '../print/pluralize.ts';
import {renderTable} from '../print/render-table.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters, toPrintableJson} from '../print/escape-control-characters.ts';

type RunsArguments = ArgumentsOf<typeof runsOptions>;

/** Lists the runs, newest last, or removes one. */
export async function runs(args: RunsArguments, terminal: Terminal): Promise<CommandResult> {
  if (args.remove !== undefined) await remove(args.remove, args, terminal);
  const known = await listRuns(args.out, ({id}, error) =>
    terminal.error(escapeControlCharacters(`${id}: ${error.message}`)),
  );
  if (args.json) {
    terminal.result(
      toPrintableJson(
        known.map((listed) => ({id: listed.run, ...listed})),
        2,
      ),
    );
  } else if (known.length === 0) {
    terminal.error(`no runs in ${args.out}`);
  } else {
    const rows = known.map(({run, job, state, counts, undoneBy}) => [
      run,
      job,
      state,
      [
        ...outcomes
          .filter((outcome) => counts[outcome] > 0)
          .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`),
        ...(undoneBy === null ? [] : [`undone by ${undoneBy}`]),
      ].join(', '),
    ]);
    terminal.result(renderTable(['run', 'job', 'state', 'rows'], rows, terminal.resultWidth()));
  }
  return {exitCode: 0};
}

async function remove(name: string, {out, yes}: RunsArguments, terminal: Terminal): Promise<void> {
  const directory = await findRun(name, out);
  const lock = await lockRun(directory, readConfig().stateFolder, clock);
  try {
    await removeSettled(directory, yes);
  } finally {
    await lock.release();
  }
  terminal.error(`removed ${directory.id}`);
}

async function removeSettled(directory: RunDirectory, yes: boolean): Promise<void> {
  const inDoubt = (await replay(directory.journal).catch(() => undefined))?.states.counts.in_doubt ?? 0;
  if (inDoubt > 0 && !yes) {
    throw new UsageError(
      `run ${directory.id} has ${pluralize(inDoubt, 'row')} in doubt, and its journal is all that is known of them`,
      {
        code: 'in_doubt',
        hint: `bulk42 resume ${directory.id} settles them; --yes removes the run all the same`,
      },
    );
  }
  await removeRun(directory);
}
