import {attentionOutcomes, type Outcome} from '../../outcome.ts';
import type {AttentionOutcome} from '../../page/advice.ts';

/** How the page speaks of outcomes, in the order of the page: what a person must act on first. */
export const outcomeWords: Readonly<Record<Outcome, {label: string; about: string}>> = {
  in_doubt: {label: 'In doubt', about: 'sent, but it is not known yet whether it was applied'},
  failed: {label: 'Failed', about: 'rejected, not applied'},
  invalid: {label: 'Invalid', about: 'breaks a rule, nothing was sent'},
  not_started: {label: 'Not sent yet', about: 'the run stopped first'},
  created: {label: 'Created', about: 'made by this run'},
  updated: {label: 'Updated', about: 'changed by this run'},
  removed: {label: 'Removed', about: 'the record is gone'},
  unchanged: {label: 'Unchanged', about: 'already as wanted, left alone'},
};

export const pageOrder = Object.keys(outcomeWords) as readonly Outcome[];

export function needsAttention(outcome: Outcome): outcome is AttentionOutcome {
  return (attentionOutcomes as readonly Outcome[]).includes(outcome);
}
