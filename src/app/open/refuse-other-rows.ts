import {systemClock as clock} from '../../clock.ts';
import {InputError} from '../../errors.ts';
import type {InputRows} from '../../input/input-rows.ts';
import type {Replayed} from '../../journal/replay.ts';
import {isSuccess, type Outcome} from '../../outcome.ts';
import {pluralize} from '../../pluralize.ts';
import {reopenInput} from '../../runs/reopen-run.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';

/**
 * A retry log may be a copy of before, or of another run: the journal alone tells which rows are left.
 *
 * @throws InputError (exit 65) that names the first line, as the first file counts it, that is done
 */
export async function refuseOtherRows(
  retryLog: InputRows,
  directory: RunDirectory,
  replayed: Replayed,
): Promise<void> {
  const outcomeOf = await outcomesByOrigin(retryLog, directory, replayed);
  let first: {origin: number; outcome: Outcome} | undefined;
  let count = 0;
  for await (const batch of retryLog.lines()) {
    for (const {origin} of batch) {
      const outcome = outcomeOf(origin);
      // A line that is none of the run's holds no row that it could have applied.
      if (outcome === undefined || !isSuccess(outcome)) continue;
      count++;
      first ??= {origin, outcome};
    }
  }
  if (!first) return;
  const others = count === 1 ? '' : ` (and ${pluralize(count - 1, 'other row')})`;
  throw new InputError(
    `retry.csv does not fit the journal of run ${directory.id}: line ${first.origin} is ${first.outcome}${others}`,
    {code: 'retry_log', hint: `bulk42 report ${directory.id} writes it anew`},
  );
}

/** How the rows of the run ended, by their lines in the first file: those of a run over that file are the same. */
async function outcomesByOrigin(
  {job}: InputRows,
  directory: RunDirectory,
  {header, states}: Replayed,
): Promise<(origin: number) => Outcome | undefined> {
  if (!header.parent) return (origin) => states.outcome(origin);
  const outcomes = new Map<number, Outcome>();
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    for await (const batch of input.lines())
      for (const {line, origin} of batch) outcomes.set(origin, states.outcome(line));
  } finally {
    await input.close();
  }
  return (origin) => outcomes.get(origin);
}
