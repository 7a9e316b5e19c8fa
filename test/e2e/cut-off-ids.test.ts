import {expect, it} from 'vitest';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied, fast, type Stage} from './stage.ts';

const rows = 9;
const cut = {
  on: {method: 'POST', path: 'patronages'},
  every: 3,
  effect: 'before',
  answer: 'truncated',
} as const;
const readings = ({sandbox}: Stage) =>
  sandbox.ledger.filter(({method, path}) => method === 'GET' && path === '/v2/patronages').length;
const idsOf = (stage: Stage) => stage.report().map((row) => row['bulk42_id']);
const appliedIds = ({sandbox}: Stage) => applied(sandbox).map((entry) => String(entry.applied?.id));

it('the id of a record whose answer was cut off is read at the end, all in one request, and can be undone', async () => {
  const trial = await openTrial(scenarios.listable, {rows, concurrency: 1, sandbox: {faults: [cut]}});
  const {stage} = trial;
  const {counts} = await trial.end(0);
  expect(counts.created).toBe(rows);
  expect(idsOf(stage)).toEqual(appliedIds(stage));
  expect(new Set(stage.report().map((row) => row['bulk42_via']))).toEqual(new Set(['answer']));
  // One reading for the plan, one of the newest id before the first row, one for the three ids.
  expect(readings(stage)).toBe(3);

  const undone = await stage.cli(['undo', 'last', '--yes', ...fast]);
  expect(undone.code).toBe(0);
  expect(undone.stderr).not.toContain('no known id');
  expect(stage.sandbox.store.patronages.size).toBe(0);
});

it('a process that is killed before it has read the ids leaves that to the next one', async () => {
  const trial = await openTrial(scenarios.listable, {rows, concurrency: 1, sandbox: {faults: [cut]}});
  const {stage} = trial;
  await trial.kill({at: 'write:named', nth: 2, when: 'before'});
  await trial.kill({at: 'write:named', nth: 2, act: 'torn'});
  expect((await trial.end(0)).counts.created).toBe(rows);
  expect(idsOf(stage)).toEqual(appliedIds(stage));
});

it('an id that no reading shows stays unknown, and the row created', async () => {
  // Once could be a passing fault.
  const refused = [3, 4].map(
    (nth) => ({on: {method: 'GET', path: 'patronages'}, nth, effect: 'none', answer: '403-role'}) as const,
  );
  const trial = await openTrial(scenarios.listable, {
    rows,
    concurrency: 1,
    sandbox: {faults: [cut, ...refused]},
  });
  expect((await trial.end(0)).counts.created).toBe(rows);
  expect(idsOf(trial.stage).filter((id) => id === '')).toHaveLength(3);
});
