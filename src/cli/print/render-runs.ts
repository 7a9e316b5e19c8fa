import {outcomes} from '../../outcome.ts';
import type {ListedRun} from '../../runs/list-runs.ts';
import type {Terminal} from '../terminal.ts';
import {renderTable} from './render-table.ts';

/** The runs as a table, with how many rows ended how. */
export function renderRuns(runs: readonly ListedRun[], {resultWidth}: Pick<Terminal, 'resultWidth'>): string {
  const rows = runs.map(({run, job, state, counts, rehearsal, undoneBy}) => [
    run,
    job,
    state,
    [
      ...(rehearsal ? ['rehearsal'] : []),
      ...outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`),
      ...(undoneBy === null ? [] : [`undone by ${undoneBy}`]),
    ].join(', '),
  ]);
  return renderTable(['run', 'job', 'state', 'rows'], rows, resultWidth());
}
