import {relative} from 'node:path';
import type {Replayed} from '../../journal/replay.ts';
import type {InputRows} from '../../input/input-rows.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

interface RunLeft {
  replayed: Pick<Replayed, 'header' | 'states' | 'state'>;
  /** Undefined where it is no longer the file that the run began with. */
  input: Pick<InputRows, 'lines'> | undefined;
  directory: Pick<RunDirectory, 'id' | 'retry'>;
  /** The runs folder, as the user named it. */
  out: string;
  /** The disk had no room for the reports, or the file has changed. */
  isUnwritten?: boolean;
}

const linesNamed = 5;

/** What to type next, where rows are left or something is not written. The last line names the command. */
export async function howToGoOn({replayed, input, directory, out, isUnwritten}: RunLeft): Promise<string[]> {
  const {states, header, state} = replayed;
  const {counts} = states;
  const named = (run: string) => (out === 'runs' ? run : `${run} --out ${out}`);
  const run = named(directory.id);
  if (counts.not_started + counts.in_doubt > 0) {
    const [first, ...others] = await undecidedLines(states, input);
    const isOpen = `rows are left; go on with: bulk42 resume ${run}`;
    if (first === undefined) return [isOpen];
    const lines = others.length > 0 ? `lines ${[first, ...others].join(', ')}` : `line ${first}`;
    return [
      `the API does not show what became of ${lines}: look on the intra, then: ` +
        `bulk42 resolve ${run} --line ${first} --as applied (or not-applied)`,
      isOpen,
    ];
  }
  // Its last entry is missing, and with it the word that nothing is left.
  if (state === 'running') return [`the run has not come to its end; go on with: bulk42 resume ${run}`];
  if (isUnwritten) return [`the reports are not written; once that is mended: bulk42 report ${run}`];
  if (counts.failed + counts.invalid === 0) return [];
  return header.undoOf === undefined
    ? [`mend the rows in ${escapeControlCharacters(shortPath(directory.retry))}, then: bulk42 retry ${run}`]
    : [`see the report for the reasons, then: bulk42 undo ${named(header.undoOf)}`];
}

/** Seen from where the user stands. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short.startsWith('..') ? path : short;
}

/** The first lines, as the first file counts them, whose rows two readings could not settle: a third could not either. */
async function undecidedLines(states: Replayed['states'], input: RunLeft['input']): Promise<number[]> {
  const isUndecided = (line: number) => states.doubts.get(line)?.why === 'undecided';
  const found: number[] = [];
  if (!input || ![...states.doubts.keys()].some(isUndecided)) return found;
  for await (const batch of input.lines()) {
    for (const {line, origin} of batch) if (isUndecided(line)) found.push(origin);
    if (found.length >= linesNamed) return found.slice(0, linesNamed);
  }
  return found;
}
