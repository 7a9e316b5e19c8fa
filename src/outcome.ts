/** The one state in which a row ends. Every layer and every file of a run uses these words. */
export const outcomes = [
  'created',
  'updated',
  'unchanged',
  'invalid',
  'failed',
  'in_doubt',
  'not_started',
] as const;

export type Outcome = (typeof outcomes)[number];

/** How many rows are in each outcome. The sum is the number of rows of the run, at every instant. */
export type Counts = Record<Outcome, number>;

export function noCounts(): Counts {
  return {created: 0, updated: 0, unchanged: 0, invalid: 0, failed: 0, in_doubt: 0, not_started: 0};
}
