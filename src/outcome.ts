/** Outcomes of rows that are as they are meant to be. */
const successOutcomes = ['created', 'updated', 'removed', 'unchanged'] as const;

/** Outcomes of rows that were not applied, and will not be as they are. */
export const rejectedOutcomes = ['invalid', 'failed'] as const;

/** Outcomes of rows of which nothing was applied: a retry takes them up. */
export const retriedOutcomes = [...rejectedOutcomes, 'not_started'] as const;

/** Outcomes that a later process may still change. */
export const pendingOutcomes = ['in_doubt', 'not_started'] as const;

/** Outcomes that a person has to look at, the most urgent first. */
export const attentionOutcomes = ['in_doubt', 'failed', 'invalid'] as const;

/** The one state in which a row ends. Every layer and every file of a run uses these words, in this order. */
export const outcomes = [...successOutcomes, ...rejectedOutcomes, ...pendingOutcomes] as const;

export type Outcome = (typeof outcomes)[number];

/** What a request does with the record of its row, and how the row ends once that is applied. */
export const appliedOutcomes = {create: 'created', update: 'updated', remove: 'removed'} as const;

export type WriteAction = keyof typeof appliedOutcomes;

/** How many rows are in each outcome. The sum is the number of rows of the run, at every instant. */
export type Counts = Record<Outcome, number>;

export function noCounts(): Counts {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Counts;
}

export function isSuccess(outcome: Outcome): boolean {
  return (successOutcomes as readonly Outcome[]).includes(outcome);
}

export function isPending(outcome: Outcome): boolean {
  return (pendingOutcomes as readonly Outcome[]).includes(outcome);
}

export function isRetried(outcome: Outcome): boolean {
  return (retriedOutcomes as readonly Outcome[]).includes(outcome);
}

/** How many rows have one of these outcomes. */
export function countOf(counts: Readonly<Counts>, wanted: readonly Outcome[]): number {
  return wanted.reduce((sum, outcome) => sum + counts[outcome], 0);
}
