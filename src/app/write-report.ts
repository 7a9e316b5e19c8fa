import {stateFolder} from '../config.ts';
import {systemClock as clock} from '../clock.ts';
import {DiskError} from '../errors.ts';
import type {InputRows} from '../input/input-rows.ts';
import {loadJobOf} from '../runs/load-job-of.ts';
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
const maxTries = 5;

/** Rebuilds everything that is derived from the journal of the run of this name. */
export async function rebuildReport(run: string, out: string): Promise<WrittenReport> {
  const directory = await findRun(run, out);
  for (let tries = 1; ; tries++) {
    try {
      const written = await writeReport(directory);
      // A run that ended meanwhile has written its own, which this one has replaced by an older one.
      const {state, end} = await readJournal(directory);
      if (state === 'running' || end.sequence === written.replayed.end.sequence) return written;
    } catch (error) {
      // A run that ends removes the half-written files of processes that died, and with them those of this one.
      if (tries === maxTries || !(error instanceof DiskError) || codeOf(error.cause) !== 'ENOENT')
        throw error;
    }
  }
}

export async function writeReport(directory: RunDirectory): Promise<WrittenReport> {
  const replayed = await readJournal(directory);
  const {header, states} = replayed;
  const job = await loadJobOf(directory, header, stateFolder());
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    const summary = await writeOutputs(directory, replayed, input);
    return {directory, replayed, summary, undecided: await undecidedLines(states, input)};
  } finally {
    await input.close();
  }
}

function codeOf(cause: unknown): unknown {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
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
