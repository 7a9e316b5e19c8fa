import type {RunSpec} from '../../app/run-spec.ts';
import {replaceFile} from '../../files/write-file.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {CommandResult} from '../command-result.ts';
import {newRunSpec} from '../new-run-spec.ts';
import type {ArgumentsOf, planOptions} from '../options.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderPlan} from '../print/render-plan.ts';
import {runAtTerminal} from '../run-at-terminal.ts';
import {TerminalIo, type TerminalIoArguments} from '../terminal-io.ts';
import type {Terminal} from '../terminal.ts';

/** Shows what a run would do. */
export function plan(
  args: ArgumentsOf<typeof planOptions> & {job: string; file: string},
  terminal: Terminal,
): Promise<CommandResult> {
  return showPlan({...newRunSpec(args, terminal), settings: args}, args, terminal);
}

/** Plans a run and shows that as the result: nothing is sent. */
export function showPlan(
  spec: RunSpec,
  args: TerminalIoArguments & {save?: string | undefined},
  terminal: Terminal,
): Promise<CommandResult> {
  return runAtTerminal(spec, new PlanIo(args, terminal), (result) => {
    const {counts} = 'declined' in result ? result.declined : {counts: {failed: 0, invalid: 0}};
    return {exitCode: counts.failed + counts.invalid > 0 ? 20 : 0};
  });
}

/** The plan is the result, and the answer is no. */
class PlanIo extends TerminalIo {
  override readonly plannedRows;
  readonly #save: string | undefined;

  constructor(args: TerminalIoArguments & {save?: string | undefined}, terminal: Terminal) {
    super(args, terminal);
    this.plannedRows = args.json || args.save !== undefined ? ('all' as const) : ('few' as const);
    this.#save = args.save;
  }

  override async showPlan(document: PlanDocument): Promise<void> {
    this.clear();
    if (this.#save !== undefined) await replaceFile(this.#save, `${JSON.stringify(document, null, 2)}\n`);
    const {args, terminal} = this;
    terminal.result(args.json ? jsonDocument(document, 2) : renderPlan(document, terminal));
  }

  override confirm(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
