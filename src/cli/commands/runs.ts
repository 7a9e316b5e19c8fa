import {removeRun} from '../../app/remove-run.ts';
import {listRuns} from '../../runs/list-runs.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, runsOptions} from '../options.ts';
import {escapeControlCharacters, toPrintableJson} from '../print/escape-control-characters.ts';
import {renderRuns} from '../print/render-runs.ts';
import type {Terminal} from '../terminal.ts';

/** Lists the runs, newest last, after removing one if that is asked for. */
export async function runs(
  {out, remove, yes, json}: ArgumentsOf<typeof runsOptions>,
  terminal: Terminal,
): Promise<CommandResult> {
  if (remove !== undefined) terminal.error(`removed ${await removeRun(remove, {out, evenInDoubt: yes})}`);
  const known = await listRuns(out, ({id}, error) =>
    terminal.error(escapeControlCharacters(`${id}: ${error.message}`)),
  );
  if (json)
    terminal.result(
      toPrintableJson(
        known.map((listed) => ({id: listed.run, ...listed})),
        2,
      ),
    );
  else if (known.length === 0) terminal.error(`no runs in ${out}`);
  else terminal.result(renderRuns(known, terminal));
  return {exitCode: 0};
}
