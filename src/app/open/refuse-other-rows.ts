import {systemClock as clock} from '../../clock.ts';
import {FileError, InputError} from '../../errors.ts';
import {InputRows} from '../../input/input-rows.ts';
import type {Replayed} from '../../journal/replay.ts';
import {type Outcome, rejectedOutcomes} from '../../outcome.ts';
import {cellOptionsOf, firstFileOf, reopenInput} from '../../runs/reopen-run.ts';
import {argumentOfRun, type RunDirectory} from '../../runs/run-directory.ts';
import type {RunIo} from '../run-io.ts';

/**
 * A retry log may be a copy of before, or of another run, and a spreadsheet may have sorted one of its columns, copied
 * a row or filled a column down: `bulk42_line` is believed only where it names a row that was left, each once, and
 * where the row's key is not that of another row of the first file. A key may be corrected to a new one.
 *
 * @throws InputError (exit 65) that names the line of the retry log and the line that it is in conflict with
 */
export async function refuseOtherRows(
  retryLog: InputRows,
  directory: RunDirectory,
  replayed: Replayed,
  io: Pick<RunIo, 'notice'>,
): Promise<void> {
  if (retryLog.headerProblems.length > 0) return;
  const outcomesOf = await outcomesByOrigin(retryLog, directory, replayed);
  const linesOfKey = await linesByKey(retryLog, directory, replayed, io);
  const lines = new Map<number, number[]>();
  for await (const batch of retryLog.lines()) {
    for (const row of batch) {
      const {line} = row;
      const origin = retryLog.namedLine(row);
      const outcomes = outcomesOf(origin);
      const left = outcomes.filter((outcome) =>
        (rejectedOutcomes as readonly Outcome[]).includes(outcome),
      ).length;
      const earlier = lines.get(origin) ?? [];
      const others = linesOfKey.get(retryLog.keyOf(row)) ?? [origin];
      const found = `line ${line} has bulk42_line ${Number.isNaN(origin) ? 'without a number' : origin}`;
      if (left > 0 && earlier.length >= left) throw refusal(`${found}, as line ${earlier[0]} has`, directory);
      if (left === 0) {
        const [outcome] = outcomes;
        const what = outcome === undefined || outcome === 'not_started' ? 'no row of the run' : outcome;
        throw refusal(`${found}, and that line is ${what}`, directory);
      }
      if (!others.includes(origin))
        throw refusal(`${found}, and the key of line ${others[0]} in the first file`, directory);
      lines.set(origin, [...earlier, line]);
    }
  }
}

function refusal(what: string, directory: RunDirectory): InputError {
  return new InputError(`retry.csv does not fit run ${directory.id}: ${what}; nothing was sent`, {
    code: 'retry_log',
    hint: `bulk42 report ${argumentOfRun(directory)} writes it anew; sort whole rows only, and leave bulk42_line as it is`,
  });
}

/** How the rows of the run ended, by their lines in the first file. With `--each` a line has several. */
async function outcomesByOrigin(
  {job}: InputRows,
  directory: RunDirectory,
  {header, states}: Replayed,
): Promise<(origin: number) => readonly Outcome[]> {
  if (!header.parent && !header.shape.each) return (origin) => [states.outcome(origin)];
  const outcomes = new Map<number, Outcome[]>();
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    for await (const batch of input.lines())
      for (const {line, origin} of batch)
        outcomes.set(origin, [...(outcomes.get(origin) ?? []), states.outcome(line)]);
  } finally {
    await input.close();
  }
  return (origin) => outcomes.get(origin) ?? [];
}

/** The lines of the first file that have each key: more than one where the run refused a row as a duplicate. */
async function linesByKey(
  {job}: InputRows,
  directory: RunDirectory,
  {header}: Replayed,
  io: Pick<RunIo, 'notice'>,
): Promise<Map<string, number[]>> {
  const lines = new Map<string, number[]>();
  const {path, sha256, ...readAs} = firstFileOf(directory, header);
  const shape = {...cellOptionsOf(header), ...readAs};
  const first = await InputRows.open(path, job, shape, {now: new Date(clock.wall())}).catch(
    (error: unknown) => {
      if (!(error instanceof FileError || error instanceof InputError)) throw error;
    },
  );
  if (first && (await first.csv.sha256()) === sha256) {
    for await (const batch of first.lines()) {
      for (const row of batch) {
        const key = first.keyOf(row);
        const known = lines.get(key);
        if (known) known.push(first.namedLine(row));
        else if (key !== '') lines.set(key, [first.namedLine(row)]);
      }
    }
  } else {
    io.notice(`${path} is gone or changed: whether rows of retry.csv were moved cannot be checked`);
  }
  await first?.close();
  return lines;
}
