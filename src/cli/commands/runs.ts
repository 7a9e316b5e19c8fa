import {removeOldRuns, removeRun} from '../../app/remove-run.ts';
import {stateFolder} from '../../config.ts';
import {UsageError} from '../../errors.ts';
import {listRuns} from '../../runs/list-runs.ts';
import {askYesOrNo} from '../ask.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, runsOptions} from '../options.ts';
import {escapeControlCharacters} from '../print/escape-control-characters.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderRuns} from '../print/render-runs.ts';
import type {Terminal} from '../terminal.ts';

type RunsArguments = ArgumentsOf<typeof runsOptions>;

/** Lists the runs, newest last, after removing some if that is asked for. */
export async function runs(args: RunsArguments, terminal: Terminal): Promise<CommandResult> {
  const {out, remove, olderThan, json} = args;
  const show = (text: string) => terminal.error(escapeControlCharacters(text));
  if (remove !== undefined || olderThan !== undefined) await removeRuns(args, terminal, show);
  const known = await listRuns(out, stateFolder(), ({id}, error) => show(`${id}: ${error.message}`));
  if (json)
    terminal.result(
      jsonDocument(
        known.map((listed) => ({id: listed.run, ...listed})),
        2,
      ),
    );
  else if (known.length === 0) terminal.error(`no runs in ${out}`);
  else terminal.result(renderRuns(known, terminal));
  return {exitCode: 0};
}

async function removeRuns(
  {out, remove, olderThan, yes}: RunsArguments,
  terminal: Terminal,
  show: (text: string) => void,
): Promise<void> {
  const confirm = async (what: string) => {
    if (yes) return;
    if (!terminal.canAsk)
      throw new UsageError('the question cannot be asked: this is no terminal, or CI', noTerminal);
    const isSure = await askYesOrNo(
      `${what}, with journal and reports`,
      terminal,
      new AbortController().signal,
    );
    if (!isSure)
      throw new UsageError('the answer was no; nothing was removed', {code: 'declined', hint: undefined});
  };
  if (olderThan !== undefined && remove === '') await removeOldRuns(olderThan, {out, confirm, show});
  else if (remove && olderThan === undefined) await removeRun(remove, {out, confirm, show, evenInDoubt: yes});
  else
    throw new UsageError('--remove takes one run, or --older-than beside it', {
      hint: 'bulk42 runs --help: as in bulk42 runs --remove last, or bulk42 runs --remove --older-than 90d',
    });
}

const noTerminal = {code: 'nobody_to_ask', hint: 'look at the list of bulk42 runs, then give --yes'};
