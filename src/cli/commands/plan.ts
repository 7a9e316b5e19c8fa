import type {RunSpec} from '../../app/run-spec.ts';
import {systemClock as clock} from '../../clock.ts';
import {replaceFile} from '../../files/write-file.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import {shellQuote} from '../../shell-quote.ts';
import type {CommandResult} from '../command-result.ts';
import {newRunSpec} from '../new-run-spec.ts';
import type {ArgumentsOf, planOptions} from '../options.ts';
import {refuseOtherFile, writePage} from '../page-file.ts';
import {asCommand} from '../print/as-command.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderPlan} from '../print/render-plan.ts';
import {runAtTerminal} from '../run-at-terminal.ts';
import {TerminalIo, type TerminalIoArguments} from '../terminal-io.ts';
import type {Terminal} from '../terminal.ts';

type PlanArguments = TerminalIoArguments & {
  save?: string | undefined;
  html?: string | undefined;
  all?: boolean;
};

/** Shows what a run would do. */
export async function plan(
  args: ArgumentsOf<typeof planOptions> & {job: string; file: string},
  terminal: Terminal,
): Promise<CommandResult> {
  await refuseOtherFile(args);
  return showPlan({...newRunSpec(args, terminal), settings: args}, args, terminal);
}

/** Plans a run and shows that as the result: nothing is sent. */
export function showPlan(spec: RunSpec, args: PlanArguments, terminal: Terminal): Promise<CommandResult> {
  return runAtTerminal(spec, new PlanIo(args, terminal), (result) => {
    const {counts} = 'declined' in result ? result.declined : {counts: {failed: 0, invalid: 0}};
    return {exitCode: counts.failed + counts.invalid > 0 ? 20 : 0};
  });
}

/** The plan is the result, and the answer is no. */
class PlanIo extends TerminalIo {
  override readonly plannedRows;
  readonly #planArgs: PlanArguments;

  constructor(args: PlanArguments, terminal: Terminal) {
    super(args, terminal);
    const {all = false, html, save, json} = args;
    this.plannedRows =
      all || html !== undefined
        ? ('all' as const)
        : json || save !== undefined
          ? ('changes' as const)
          : ('few' as const);
    this.#planArgs = args;
  }

  override async showPlan(document: PlanDocument): Promise<void> {
    this.clear();
    const {terminal} = this;
    const {save, html, json, all = false} = this.#planArgs;
    if (save !== undefined) await replaceFile(save, `${JSON.stringify(document, null, 2)}\n`);
    terminal.result(json ? jsonDocument(document, 2) : renderPlan(document, terminal, {withEveryRow: all}));
    if (html === undefined) return;
    const {renderPlanPage} = await import('../../plan/render-plan-page.ts');
    const command = save === undefined ? asCommand('run', terminal) : `bulk42 run --plan ${shellQuote(save)}`;
    await writePage(renderPlanPage(document, {now: clock.wall(), command}), this.#planArgs, terminal);
  }

  override confirm(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
