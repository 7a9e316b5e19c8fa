import {describe, expect, it} from 'vitest';
import {PlannedActions, type Planned} from '../../src/plan/planned-actions.ts';
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
  [5000, {action: 'invalid', code: 'required', message: 'empty'}],
  [12, {action: 'update', changes: [], columns: ['title']}],
  [14, {action: 'remove', id: 91, requests: 2}],
];

function bookOf(rows: readonly (readonly [number, Planned])[]): PlannedActions {
  const actions = new PlannedActions(shelfJob);
  for (const [line, planned] of rows) actions.record(line, planned);
  return actions;
}

describe('a plan', () => {
  const actions = bookOf(plan);

  it('counts what is done with the rows', () => {
    expect(actions.counts).toEqual({create: 2, update: 3, remove: 1, unchanged: 2, failed: 1, invalid: 1});
    expect([actions.changes, actions.writes]).toEqual([6, 7]);
    expect(bookOf([]).writes).toBe(0);
  });

  it('gives back what is done with each', () => {
    expect(plan.map(([line]) => actions.action(line))).toEqual(plan.map(([, {action}]) => action));
    expect([actions.action(6), actions.action(1_000_000)]).toEqual([undefined, undefined]);
  });

  it('gives the lines in the order of the file', () => {
    expect([...actions.lines('create', 'update')]).toEqual([2, 3, 4, 5, 12]);
    expect([...actions.lines('invalid')]).toEqual([5000]);
    expect([...actions.lines()]).toEqual([]);
  });

  it('knows of which creations it is known that they are new', () => {
    expect([2, 3, 4, 6].map((line) => actions.isKnownAbsent(line))).toEqual([true, false, false, false]);
  });

  it('gives back columns, nested records, ids and words where there are any', () => {
    expect([2, 4, 5, 12].map((line) => actions.columns(line))).toEqual([
      undefined,
      ['title', 'pin'],
      undefined,
      ['title'],
    ]);
    expect([4, 5, 2].map((line) => actions.nested(line))).toEqual([{boards}, {}, {}]);
    expect([7, 14, 8, 2].map((line) => actions.id(line))).toEqual([4_294_967_299, 91, undefined, undefined]);
    expect(actions.words(9)).toEqual({code: 'exists', message: 'it is there'});
    expect(actions.words(5000)).toEqual({code: 'required', message: 'empty'});
    expect(actions.words(2)).toEqual({code: '', message: ''});
  });

  it('keeps all of it when it grows', () => {
    const rows = Array.from({length: 5000}, (_, at): [number, Planned] => [
      at + 2,
      {action: 'unchanged', id: at + 1},
    ]);
    const large = bookOf(rows);
    expect(rows.every(([line]) => large.id(line) === line - 1)).toBe(true);
    expect([...large.lines('unchanged')]).toHaveLength(5000);
  });
});

describe('the digest of a plan', () => {
  const digest = bookOf(plan).digest();
  const changed = (line: number, planned: Planned) =>
    bookOf(plan.map(([at, before]) => (at === line ? [at, planned] : [at, before]))).digest();

  it('is the same for the same plan, in whatever order it was made', () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(bookOf(plan.toReversed()).digest()).toBe(digest);
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
    expect(bookOf(moved).digest()).not.toBe(digest);
    expect(bookOf(plan.slice(1)).digest()).not.toBe(digest);
  });
});
