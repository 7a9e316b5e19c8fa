import {systemClock as clock} from '../clock.ts';
import type {InputRows} from '../input/input-rows.ts';
import {loadJob} from '../job/load-jobs.ts';
import type {Replayed} from '../journal/replay.ts';
import type {Summary} from '../report/summary.ts';
import {writeOutputs} from '../report/write-outputs.ts';
import {readJournal, reopenInput} from '../runs/reopen-run.ts';
import {findRun, type RunDirectory} from '../runs/run-directory.ts';

/** What is known of a run whose outputs are written. */
export interface WrittenReport {
  directory: RunDirectory;
  replayed: Replayed;
  summary: Summary;
  /** The first lines, as the first file counts them, whose rows only a person can settle. */
  undecided: readonly number[];
}

const maxUndecided = 5;

/** Rebuilds everything that is derived from the journal of the run of this name. */
export async function rebuildReport(run: string, out: string): Promise<WrittenReport> {
  return writeReport(await findRun(run, out));
}

export async function writeReport(directory: RunDirectory): Promise<WrittenReport> {
  const replayed = await readJournal(directory);
  const {header, states} = replayed;
  const job = await loadJob(header.jobFile ?? header.job);
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    const summary = await writeOutputs(directory, replayed, input);
    return {directory, replayed, summary, undecided: await undecidedLines(states, input)};
  } finally {
    await input.close();
  }
}

/** Rows that two readings could not settle: a third could not either. */
export async function undecidedLines(
  {doubts}: Replayed['states'],
  input: Pick<InputRows, 'lines'>,
): Promise<number[]> {
  const isUndecided = (line: number) => doubts.get(line)?.why === 'undecided';
  const found: number[] = [];
  if (![...doubts.keys()].some(isUndecided)) return found;
  for await (const batch of input.lines()) {
    for (const {line, origin} of batch) if (isUndecided(line)) found.push(origin);
    if (found.length >= maxUndecided) return found.slice(0, maxUndecided);
  }
  return found;
}
