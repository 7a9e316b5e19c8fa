import {relative} from 'node:path';
import type {WrittenReport} from '../../app/write-report.ts';
import type {Replayed} from '../../journal/replay.ts';
import {countOf, pendingOutcomes, rejectedOutcomes} from '../../outcome.ts';
import {argumentOfRun, type RunDirectory, runArgument} from '../../runs/run-directory.ts';
import {shellQuote} from '../../shell-quote.ts';
import type {GlobalArguments} from '../options.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

export type ChosenSettings = Pick<GlobalArguments, 'origins' | 'config' | 'profile' | 'envFile'>;

interface RunLeft extends Pick<WrittenReport, 'undecided'> {
  replayed: Pick<Replayed, 'header' | 'states' | 'state'>;
  directory: Pick<RunDirectory, 'id' | 'path' | 'retry'>;
  /** The runs folder, as the user named it. */
  out: string;
  /** The options that chose the settings, to be given again: ` --profile berlin`. */
  chosen?: string;
  /** The disk had no room for the reports, or the file has changed. */
  isUnwritten?: boolean;
}

/** What to type next, where rows are left or something is not written. The last line names the command. */
export function howToGoOn({
  replayed,
  undecided,
  directory,
  out,
  chosen = '',
  isUnwritten,
}: RunLeft): string[] {
  const {header, state} = replayed;
  const {counts} = replayed.states;
  const run = argumentOfRun(directory, out) + chosen;
  if (countOf(counts, pendingOutcomes) > 0) {
    const goOn = `rows are left; go on with: bulk42 resume ${run}`;
    const [first] = undecided;
    if (first === undefined) return [goOn];
    const lines = undecided.length > 1 ? `lines ${undecided.join(', ')}` : `line ${first}`;
    return [
      `the API does not show what became of ${lines}: look on the intra, then: ` +
        `bulk42 resolve ${run} --line ${first} --as applied (or not-applied)`,
      goOn,
    ];
  }
  // Its last entry, which says that nothing is left, is missing.
  if (state === 'running') return [`the run has not come to its end; go on with: bulk42 resume ${run}`];
  if (isUnwritten) return [`the reports are not written; once that is fixed: bulk42 report ${run}`];
  if (countOf(counts, rejectedOutcomes) === 0) return [];
  return header.undoOf === undefined
    ? [
        `correct or delete rows in ${escapeControlCharacters(shortPath(directory.retry))}, then: bulk42 retry ${run}`,
      ]
    : [`see the report for the reasons, then: bulk42 undo ${runArgument(header.undoOf, out)}${chosen}`];
}

/** Whatever chose the settings of this command chooses them for the next one. */
export function chosenSettings({origins, config, profile, envFile}: ChosenSettings): string {
  return Object.entries({config, profile, 'env-file': envFile})
    .filter(([name]) => origins[name]?.from === 'option')
    .map(([name, value]) => ` --${name} ${shellQuote(value ?? '')}`)
    .join('');
}

/** Seen from where the user stands. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short.startsWith('..') ? path : short;
}
