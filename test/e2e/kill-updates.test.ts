import {describe, expect, it} from 'vitest';
import {expectSurvival, sending, settling} from '../helpers/harness/kill-points.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from './stage.ts';

describe('a run of updates that is killed at every step of its way', () => {
  it('sets every value, where sending twice does no harm', async () => {
    const {stage} = await expectSurvival(scenarios.update, [...sending, ...settling]);
    const updated = [...stage.sandbox.store.users.values()].filter(({pool_year}) => pool_year === '2031');
    expect(updated).toHaveLength(72);
  });

  it('adds nested records once, and finds again those that exist', async () => {
    const {stage} = await expectSurvival(scenarios.adding, [...sending, ...settling]);
    const {candidatures, cursusUsers} = stage.sandbox.store;
    for (const {path} of applied(stage.sandbox)) {
      const id = Number(path.split('/').at(-1));
      expect(cursusUsers.by('user_id', id)).toHaveLength(1);
      expect(candidatures.by('user_id', id)).toMatchObject([{id: id + 4000, birth_city: 'Atlantis'}]);
    }
  });
});

describe('a run that nothing can be read back for', () => {
  it('never sends a row again that may have been applied, and leaves it to a person', async () => {
    const rows = 80;
    // One at a time: each kill leaves one row for a person to settle, and not two.
    const trial = await openTrial(scenarios.blind, {rows, concurrency: 1, sandbox: {latencyMs: 8}});
    const {stage} = trial;
    const {sandbox} = stage;
    for (const point of sending) await trial.kill(point);
    const {counts, journal} = await trial.end(21);
    expect(counts.created + counts.in_doubt).toBe(rows);
    expect(counts.in_doubt).toBeGreaterThan(5);

    const [first = ''] = stage.runs();
    const wasApplied = new Set(applied(sandbox).map(({requestId}) => requestId));
    let lost = 0;
    for (const {line, outcome, intents} of journal.rows.values()) {
      if (outcome !== 'in_doubt') continue;
      const isApplied = intents.some(({q}) => wasApplied.has(q));
      if (!isApplied) lost++;
      const as = isApplied ? 'applied' : 'not-applied';
      const {code} = await stage.cli(['resolve', first, '--line', String(line), '--as', as]);
      expect(code).toBe(0);
    }
    expect(lost).toBeGreaterThan(0);
    expect(applied(sandbox)).toHaveLength(rows - lost);

    const retried = await stage.cli(['retry', first, '--yes', '--per-second', '1000']);
    expect(retried).toMatchObject({code: 0, signal: null});
    expect(applied(sandbox)).toHaveLength(rows);
    expect(new Set(applied(sandbox).map(({body}) => JSON.stringify(body))).size).toBe(rows);
  });
});
