import {expect} from 'vitest';
import {applied} from '../../e2e/stage.ts';
import type {Failpoint} from './failpoint.ts';
import type {Scenario} from './scenarios.ts';
import {openTrial, type Trial} from './trial.ts';

const moments = (at: string, nth = 1): Failpoint[] => [
  {at: `write:${at}`, when: 'before', nth},
  {at: `write:${at}`, act: 'torn', nth},
  {at: `write:${at}`, when: 'after', nth},
  {at: `datasync:${at}`, when: 'after', nth},
];

/** Before the journal is there, and around its first batch. */
export const beginning: Failpoint[] = [
  {at: 'open:journal', when: 'before'},
  {at: 'open:journal', when: 'after'},
  {at: 'write:header', when: 'before'},
  {at: 'write:header', act: 'torn'},
  {at: 'write:header', when: 'after'},
];

/** Around every step of a row's way, with the cutting of the torn end that some of them leave. */
export const sending: Failpoint[] = [
  {at: 'datasync:open', when: 'after'},
  ...moments('intent', 2),
  {at: 'send:write', nth: 1},
  {at: 'sent:write', nth: 3},
  {at: 'sent:write', nth: 2, afterMs: 4},
  {at: 'headers:write', nth: 1},
  {at: 'trailers:write', nth: 2},
  {at: 'write:done', act: 'torn', nth: 2},
  {at: 'truncate:journal', when: 'before'},
  {at: 'truncate:journal', when: 'after'},
  ...moments('done', 3),
  ...moments('check', 1),
  {at: 'sent:write', nth: 1},
  {at: 'datasync:intent', when: 'after', nth: 4},
];

/** The freeing of rows that two readings found not applied, and their second sending. */
export const settling: Failpoint[] = [
  ...moments('not_applied', 1),
  {at: 'sent:write', from: 'datasync:not_applied'},
  // Not applied for certain, so that the next process has a row to free: what the kill before left may have been applied.
  {at: 'datasync:intent', when: 'after', nth: 1},
  {at: 'write:done', when: 'before', from: 'datasync:not_applied'},
];

/** Around the last entry; a new process finds nothing left to send. */
export const ending: Failpoint[] = moments('complete').slice(0, 3);

export const outputs: Failpoint[] = ['report', 'retry', 'summary'].flatMap((name): Failpoint[] => [
  {at: `open:${name}`, when: 'after'},
  {at: `write:${name}`, when: 'after'},
  {at: `rename:${name}`, when: 'before'},
  {at: `rename:${name}`, when: 'after'},
]);

/**
 * One run, killed at one point after the other, each time by another process that goes on with it; then to the end.
 * Everything that has to hold is checked after every kill.
 */
export async function expectSurvival(scenario: Scenario, points: readonly Failpoint[]): Promise<Trial> {
  const rows = 72;
  const trial = await openTrial(scenario, {rows, sandbox: {latencyMs: 8}});
  for (const point of points) await trial.kill(point);
  const {counts, duplicates} = await trial.end(0);
  expect(duplicates).toBe(0);
  expect(counts.created + counts.updated).toBe(rows);
  if (scenario.once) expect(applied(trial.stage.sandbox)).toHaveLength(rows);
  return trial;
}
