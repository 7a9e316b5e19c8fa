import type {PlannedRow} from '../../plan/describe-row.ts';
import type {Action} from '../../plan/planned-actions.ts';
import type {RunIo} from '../run-io.ts';

const keptOfEachAction = 20;

/** The rows of a plan that are shown: the first few of each action, or all that would change anything. */
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
    if (kept >= keptOfEachAction && (this.#wanted === 'few' || action === 'unchanged')) return;
    this.#kept.set(action, kept + 1);
    this.rows.push(describe());
  }
}
