import {expect} from 'vitest';
import type {Failpoint} from './failpoint.ts';
import {scenarios} from './scenarios.ts';
import {openTrial} from './trial.ts';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Every step of a row's way, one after the other, each in the process that goes on with the run. */
const steps: Failpoint[] = [
  {at: 'write:header', when: 'before'},
  {at: 'send:read'},
  {at: 'open:journal', when: 'after'},
  {at: 'datasync:open', when: 'after'},
  {at: 'write:intent', when: 'before', nth: 2},
  {at: 'write:intent', when: 'after', nth: 2},
  {at: 'datasync:intent', when: 'after'},
  {at: 'send:write', nth: 2},
  {at: 'sent:write', nth: 2},
  {at: 'headers:write', nth: 2},
  {at: 'trailers:write', nth: 2},
  {at: 'write:done', when: 'before'},
  {at: 'write:done', when: 'after', nth: 2},
  {at: 'datasync:done', when: 'after', nth: 2},
];

/** A run that gets a signal at each step: whole journal, true reports, nothing in doubt, and all rows in the end. */
export async function expectOrderlyEnds(signalOf: (step: number) => Signal): Promise<void> {
  const rows = 60;
  const trial = await openTrial(scenarios.unique, {rows, sandbox: {latencyMs: 5}});
  for (const [step, moment] of steps.entries()) {
    const act = signalOf(step);
    const {signal, stderr} = await trial.go({...moment, act});
    const at = {moment, act};
    expect({...at, signal, stderr: signal === act ? '' : stderr}).toEqual({...at, signal: act, stderr: ''});
    const {violations, counts} = await trial.check(true);
    expect({...at, violations, in_doubt: counts.in_doubt}).toEqual({...at, violations: [], in_doubt: 0});
  }
  expect((await trial.end(0)).counts.created).toBe(rows);
}
