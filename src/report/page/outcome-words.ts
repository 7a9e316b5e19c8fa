import type {Outcome} from '../../outcome.ts';

type OutcomeWords = Readonly<Record<Outcome, {label: string; about: string}>>;

/** How the page speaks of outcomes; the order is that of the page, what a person must act on first. */
export const outcomeWords: OutcomeWords = {
  in_doubt: {label: 'In doubt', about: 'sent, but nobody knows yet whether it was applied'},
  failed: {label: 'Failed', about: 'refused, surely not applied'},
  invalid: {label: 'Invalid', about: 'breaks a rule, nothing was sent'},
  not_started: {label: 'Not sent yet', about: 'the run stopped first'},
  created: {label: 'Created', about: 'made by this run'},
  updated: {label: 'Updated', about: 'changed by this run'},
  unchanged: {label: 'Unchanged', about: 'already as wanted, left alone'},
};

const undoWords: OutcomeWords = {
  ...outcomeWords,
  updated: {label: 'Removed', about: 'what was created is removed'},
};

export function wordsOf(isUndo: boolean): OutcomeWords {
  return isUndo ? undoWords : outcomeWords;
}

export const attentionOutcomes = ['in_doubt', 'failed', 'invalid'] as const;
export type AttentionOutcome = (typeof attentionOutcomes)[number];

export const successOutcomes = ['not_started', 'created', 'updated', 'unchanged'] as const;

export const pageOrder = [...attentionOutcomes, ...successOutcomes] as const satisfies readonly Outcome[];

export function needsAttention(outcome: Outcome): outcome is AttentionOutcome {
  return (attentionOutcomes as readonly Outcome[]).includes(outcome);
}
