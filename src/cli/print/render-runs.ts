import {basename} from 'node:path';
import {outcomes} from '../../outcome.ts';
import {localTime} from '../../local-time.ts';
import type {ListedRun} from '../../runs/list-runs.ts';
import type {Terminal} from '../terminal.ts';
import {renderTable} from './render-table.ts';

/** The runs as a table, with where, when and by whom they began, and how many rows ended how. */
export function renderRuns(runs: readonly ListedRun[], {resultWidth}: Pick<Terminal, 'resultWidth'>): string {
  const rows = runs.map(({run, file, startedAt, who, state, counts, rehearsal, target, undoneBy}) => [
    run,
    file === '-' ? 'standard input' : basename(file),
    rehearsal ? 'rehearsal' : new URL(target).host,
    localTime(Date.parse(startedAt)),
    who ? `${who.user}@${who.host}` : '',
    state,
    [
      ...outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`),
      ...(undoneBy === null ? [] : [`undone by ${undoneBy}`]),
    ].join(', '),
  ]);
  return renderTable(['run', 'file', 'target', 'began', 'by', 'state', 'rows'], rows, resultWidth());
}
