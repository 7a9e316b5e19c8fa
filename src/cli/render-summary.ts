import {outcomes} from '../outcome.ts';
import type {Summary} from '../report/summary.ts';
import {counted} from './counted.ts';
import type {Terminal} from './terminal.ts';
import {visible} from './visible.ts';

/** A run's result for people: its counts, what went wrong, and where the files lie. */
export function renderSummary(summary: Summary, folder: string, {colors}: Terminal): string {
  const {bold, green, red, yellow, dim} = colors;
  const paint = {
    created: green,
    updated: green,
    unchanged: dim,
    invalid: red,
    failed: red,
    in_doubt: yellow,
    not_started: yellow,
  };
  const {counts, requests} = summary;
  const headline = outcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => paint[outcome](`${counts[outcome]} ${outcome.replace('_', ' ')}`));
  const errors = summary.errors
    .slice(0, 5)
    .map(
      ({code, count, example}) => `  ${count} × ${visible(code)}${example ? `: ${visible(example)}` : ''}`,
    );
  return [
    `${bold(summary.job)} ${summary.state}: ${counted(summary.input.rows, 'row')}${headline.length > 0 ? `: ${headline.join(', ')}` : ''}`,
    ...errors,
    `${counted(requests.total, 'request')} (${counted(requests.writes, 'write')}, ${counted(requests.reads, 'read')}, ${requests.refused} refused)`,
    `report: ${visible(folder)}/report.csv`,
  ].join('\n');
}
