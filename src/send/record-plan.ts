import type {Entry} from '../journal/entry.ts';
import type {Journal} from '../journal/journal.ts';
import type {RowStates} from '../journal/row-states.ts';
import type {PlannedAction, PlannedActions} from '../plan/planned-actions.ts';

/**
 * Rows that the plan settles without a request. Durable before the first row is sent: a resume relies on it. What is
 * wrong with a row may be that it repeats an earlier one, so that one is settled later: a resume that came in between
 * would no longer see the likeness.
 */
export async function recordPlan(
  actions: PlannedActions,
  journal: Journal,
  states: RowStates,
): Promise<void> {
  let waiting = 0;
  for (const action of ['invalid', 'failed', 'unchanged'] as const) {
    for (const [line, planned] of actions.withAction(action)) {
      if (states.outcome(line) !== 'not_started') continue;
      const entry = entryOf(line, planned);
      if (++waiting % 1000 === 0) await journal.append(entry);
      else journal.note(entry);
    }
  }
  await journal.flushed();
}

function entryOf(
  r: number,
  planned: Extract<PlannedAction, {action: 'invalid' | 'failed' | 'unchanged'}>,
): Entry {
  switch (planned.action) {
    case 'invalid':
      return {k: 'invalid', r, code: planned.code, msg: planned.message};
    case 'failed':
      return {k: 'done', r, o: 'failed', code: planned.code, msg: planned.message};
    case 'unchanged':
      return {k: 'unchanged', r, ...(planned.id !== undefined && {id: planned.id})};
  }
}
