import type {PlannedRow} from '../../plan/describe-row.ts';
import type {Action} from '../../plan/planned-actions.ts';

const examplesKept = 20;

/** The rows of a plan that are shown: the first few of each kind, or all that would change anything. */
export class ExampleRows {
  readonly rows: PlannedRow[] = [];
  readonly #all: boolean;
  readonly #kept = new Map<Action, number>();

  constructor({all}: {all: boolean}) {
    this.#all = all;
  }

  /** A million rows are offered, and describing one costs more than planning it. */
  offer(action: Action, describe: () => PlannedRow): void {
    const kept = this.#kept.get(action) ?? 0;
    if (kept >= examplesKept && (!this.#all || action === 'unchanged')) return;
    this.#kept.set(action, kept + 1);
    this.rows.push(describe());
  }
}
