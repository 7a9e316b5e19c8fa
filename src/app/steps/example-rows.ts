import type {PlannedRow} from '../../plan/describe-row.ts';
import type {Action} from '../../plan/planned-actions.ts';
import type {RunIo} from '../run-io.ts';

const keptOfEachAction = 20;

/** The rows of a plan that are shown: the first few of each action, all that are not left alone, or all. */
export class ExampleRows {
  readonly rows: PlannedRow[] = [];
  readonly #wanted: RunIo['plannedRows'];
  readonly #kept = new Map<Action, number>();

  constructor(wanted: RunIo['plannedRows']) {
    this.#wanted = wanted;
  }

  /** A million rows are offered, and describing one costs more than planning it. */
  offer(action: Action, describe: () => PlannedRow): void {
    const kept = this.#kept.get(action) ?? 0;
    const isWanted = this.#wanted === 'all' || (this.#wanted === 'changes' && action !== 'unchanged');
    if (kept >= keptOfEachAction && !isWanted) return;
    this.#kept.set(action, kept + 1);
    this.rows.push(describe());
  }
}
