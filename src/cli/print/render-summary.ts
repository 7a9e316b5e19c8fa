import {outcomes} from '../../outcome.ts';
import type {Summary} from '../../report/summary.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {shortPath} from './how-to-go-on.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

/** A run's result for people: its counts, why it stopped, what went wrong, and where the report lies, if it could be written. */
export function renderSummary(
  summary: Summary,
  folder: string | undefined,
  ending: string,
  {colors}: Pick<Terminal, 'colors'>,
): string {
  const {bold, green, red, yellow, dim} = colors;
  const paint = {
    created: green,
    updated: green,
    removed: green,
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
      ({code, count, example}) =>
        `  ${count} × ${escapeControlCharacters(code)}${example ? `: ${escapeControlCharacters(example)}` : ''}`,
    );
  return [
    `${summary.rehearsal ? 'rehearsal of ' : ''}${bold(summary.job)} ${summary.state}: ${[pluralize(summary.input.rows, 'row'), ...headline].join(', ')}`,
    ...(ending === '' ? [] : [ending]),
    ...errors,
    `${pluralize(requests.total, 'request')} (${pluralize(requests.writes, 'write')}, ${pluralize(requests.reads, 'read')}, ${requests.refused} refused)`,
    ...(folder === undefined
      ? []
      : [
          `report: ${escapeControlCharacters(shortPath(folder))}/report.html, every row in report.csv beside it`,
        ]),
  ].join('\n');
}
