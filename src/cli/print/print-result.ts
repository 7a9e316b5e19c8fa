import type {RunResult} from '../../app/steps/finish-run.ts';
import {stopSentence} from '../../report/stop-sentence.ts';
import type {Terminal} from '../terminal.ts';
import {chosenSettings, type ChosenSettings, howToGoOn} from './how-to-go-on.ts';
import {jsonDocument} from './json-document.ts';
import {renderError} from './render-error.ts';
import {renderSummary} from './render-summary.ts';

export interface ResultArguments extends ChosenSettings {
  json: boolean;
  quiet: boolean;
  out: string;
}

/** How a run ended: its summary, what went wrong, and how to go on. */
export function printResult(
  {exitCode, failure, unwritten, ...report}: RunResult,
  args: ResultArguments,
  terminal: Terminal,
): void {
  const {json, quiet, out} = args;
  const {summary, directory, replayed} = report;
  // The message of an error has the reason already.
  const ending = failure === undefined ? stopSentence(replayed) : '';
  if (json) terminal.result(jsonDocument(summary, 2));
  else if (!quiet || exitCode !== 0)
    terminal.result(renderSummary(summary, unwritten ? undefined : directory.path, ending, terminal));
  if (failure !== undefined) renderError(failure, terminal, false);
  // What ended the run mostly keeps the reports from being written, too.
  if (unwritten && failure?.constructor !== unwritten.constructor) renderError(unwritten, terminal, false);
  const next = howToGoOn({
    ...report,
    out,
    chosen: chosenSettings(args),
    isUnwritten: unwritten !== undefined,
  });
  for (const line of next) terminal.error(line);
}
