import {describe, expect, it} from 'vitest';
import {PlannedActions, type Planned} from '../../src/plan/planned-actions.ts';
import {createJob} from '../../src/job/job.ts';
import {shelfJob} from './small-jobs.ts';

const boards = [{id: 3, wood: 'oak'}, {wood: 'ash'}];
const plan: [number, Planned][] = [
  [2, {action: 'create', knownAbsent: true}],
  [3, {action: 'create', knownAbsent: false}],
  [4, {action: 'update', changes: [], columns: ['title', 'pin'], values: {id: 7, title: 'x', boards}}],
  [5, {action: 'update', changes: []}],
  [7, {action: 'unchanged', id: 4_294_967_299}],
  [8, {action: 'unchanged'}],
  [9, {action: 'failed', code: 'exists', message: 'it is there'}],
  [12, {action: 'update', changes: [], columns: ['title']}],
  [14, {action: 'remove', id: 91, record: {wood: 'ash'}}],
  [5000, {action: 'invalid', code: 'required', message: 'empty'}],
];

/** Ash is taken down first. */
const removable = createJob('shelves', {
  ...shelfJob.definition,
  remove: (id, {title, wood}) => [
    ...(title === 'x' && wood === 'ash' ? [{method: 'PUT', path: ['shelves', id, 'down']} as const] : []),
    {method: 'DELETE', path: ['shelves', id]},
  ],
});

function actionsOf(rows: readonly (readonly [number, Planned])[]): PlannedActions {
  const actions = new PlannedActions(removable, new Date('2031-02-03T08:00:00Z'));
  for (const [line, planned] of rows) actions.record(line, planned, {title: 'x'});
  return actions;
}

describe('a plan', () => {
  const actions = actionsOf(plan);

  it('counts what is done with the rows', () => {
    expect(actions.counts).toEqual({create: 2, update: 3, remove: 1, unchanged: 2, failed: 1, invalid: 1});
    expect([actions.changes, actions.writes]).toEqual([6, 7]);
    expect(actionsOf([]).writes).toBe(0);
  });

  it('gives back what is done with each', () => {
    const kept = plan.filter(([, {action}]) => action !== 'update');
    expect(kept.map(([line]) => actions.get(line))).toEqual(kept.map(([, planned]) => planned));
    expect([actions.get(6), actions.get(1_000_000)]).toEqual([undefined, undefined]);
  });

  it('keeps of an update its columns and its nested records, and no other value', () => {
    expect([4, 5, 12].map((line) => actions.get(line))).toEqual([
      {action: 'update', columns: ['title', 'pin'], unread: ['title', 'pin'], nested: {boards}},
      {action: 'update', nested: {}},
      {action: 'update', columns: ['title'], unread: ['title'], nested: {}},
    ]);
  });

  it('gives the rows with an action in the order of the file', () => {
    expect([...actions.withAction('update')].map(([line]) => line)).toEqual([4, 5, 12]);
    expect([...actions.withAction('invalid')]).toEqual(plan.slice(-1));
    expect([...actionsOf([]).withAction('create')]).toEqual([]);
  });
});

describe('the digest of a plan', () => {
  const digest = actionsOf(plan).digest();
  const changed = (line: number, planned: Planned) =>
    actionsOf(plan.map(([at, before]) => (at === line ? [at, planned] : [at, before]))).digest();

  it('is the same for the same plan', () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(actionsOf(plan).digest()).toBe(digest);
  });

  it.each<[string, number, Planned]>([
    ['a creation is an update', 2, {action: 'update', changes: []}],
    ['an update is not needed any more', 5, {action: 'unchanged'}],
    ['a row fails', 8, {action: 'failed', code: 'exists', message: ''}],
    ['an update sends another column', 12, {action: 'update', changes: [], columns: ['pin']}],
    ['an update sends one column less', 4, {action: 'update', changes: [], columns: ['title']}],
    ['an update sends only some columns', 5, {action: 'update', changes: [], columns: ['title']}],
  ])('is another one when %s', (_, line, planned) => {
    expect(changed(line, planned)).not.toBe(digest);
  });

  it('is another one when a row moves or is missing', () => {
    const moved = plan.map(([line, planned]): [number, Planned] => [line === 12 ? 13 : line, planned]);
    expect(actionsOf(moved).digest()).not.toBe(digest);
    expect(actionsOf(plan.slice(1)).digest()).not.toBe(digest);
  });
});
