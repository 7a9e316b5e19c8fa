import {outcomes} from '../../outcome.ts';
import type {Summary} from '../../report/summary.ts';
import {counted} from './counted.ts';
import type {Terminal} from '../terminal.ts';
import {shortPath} from './how-to-go-on.ts';
import {visible} from './visible.ts';

/** A run's result for people: its counts, what went wrong, and where the report lies, if it could be written. */
export function renderSummary(
  summary: Summary,
  folder: string | undefined,
  {colors}: Pick<Terminal, 'colors'>,
  isRemoval = false,
): string {
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
    .map((outcome) => {
      const word = isRemoval && outcome === 'updated' ? 'removed' : outcome.replace('_', ' ');
      return paint[outcome](`${counts[outcome]} ${word}`);
    });
  const errors = summary.errors
    .slice(0, 5)
    .map(
      ({code, count, example}) => `  ${count} × ${visible(code)}${example ? `: ${visible(example)}` : ''}`,
    );
  return [
    `${bold(summary.job)} ${summary.state}: ${[counted(summary.input.rows, 'row'), ...headline].join(', ')}`,
    ...errors,
    `${counted(requests.total, 'request')} (${counted(requests.writes, 'write')}, ${counted(requests.reads, 'read')}, ${requests.refused} refused)`,
    ...(folder === undefined
      ? []
      : [`report: ${visible(shortPath(folder))}/report.html, every row in report.csv beside it`]),
  ].join('\n');
}
