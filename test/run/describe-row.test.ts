import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {decideRow} from '../../src/run/decide-row.ts';
import {describeRow} from '../../src/run/describe-row.ts';
import {pairingJob} from '../job/sample-job.ts';
import {loanJob, shelfJob} from './small-jobs.ts';

const rowOf = (values: Values, line = 12) => ({line, origin: line, cells: [], parsed: {values}});
const loan = {user_id: 4, book: 'Emma', remark: 'soon'};

describe('a planned row', () => {
  it('that is created shows everything that is sent besides its target', () => {
    const values = {
      ...loan,
      pin: '1234',
      copies: [{shelf: 'n', code: 'c1'}, {shelf: 's'}],
      box: {place: 'p', lock: 'l'},
    };
    expect(describeRow(loanJob, rowOf(values), {action: 'create', fresh: true})).toEqual({
      line: 12,
      action: 'create',
      target: 'user_id 4, book Emma',
      changes: [
        {column: 'remark', from: undefined, to: 'soon'},
        {column: 'copies.0.shelf', from: undefined, to: 'n'},
        {column: 'copies.1.shelf', from: undefined, to: 's'},
        {column: 'box.place', from: undefined, to: 'p'},
      ],
    });
  });

  it('shows the path of a file as one value, and what is cleared', () => {
    const photo = {file: 'photos/a.png'};
    const values = {mentor_id: 1, pupil_id: 2, photo, remark: null};
    expect(describeRow(pairingJob, rowOf(values), {action: 'create', fresh: false}).changes).toEqual([
      {column: 'photo', from: undefined, to: photo},
      {column: 'remark', from: undefined, to: null},
    ]);
  });

  it('that is updated shows what changes, and what is sent because nobody can read it', () => {
    const changes = [
      {column: 'title', from: 'Poems', to: 'Novels'},
      {column: 'pin', from: '1234', to: '5678'},
    ];
    const planned = {action: 'update', changes, columns: ['title', 'pin', 'boards.0.wood']} as const;
    expect(describeRow(shelfJob, rowOf({id: 7}), {...planned, columns: [...planned.columns]})).toEqual({
      line: 12,
      action: 'update',
      target: 'id 7',
      changes: [changes[0]],
      unreadable: ['boards.0.wood'],
    });
  });

  it('that needs nothing shows only its target', () => {
    const described = describeRow(loanJob, rowOf(loan, 3), {action: 'unchanged', id: 9});
    expect(described).toEqual({line: 3, action: 'unchanged', target: 'user_id 4, book Emma'});
  });

  it.each(['failed', 'invalid'] as const)('that is %s says why', (action) => {
    const words = {code: 'exists', message: 'it is there'};
    expect(describeRow(loanJob, rowOf(loan), {action, ...words})).toEqual({
      line: 12,
      action,
      target: 'user_id 4, book Emma',
      ...words,
    });
  });

  it('has no target where its cells could not be read', () => {
    const row = {line: 5, origin: 5, cells: ['x'], parsed: {issues: []}};
    expect(describeRow(loanJob, row, {action: 'invalid', code: 'c', message: 'm'}).target).toBe('');
  });
});

it('never shows a secret, wherever in the row it is and whatever is done with it', () => {
  const secret = fc.stringMatching(/^S3CR3T[a-z]{1,8}$/);
  const values = fc.record({
    pin: secret,
    copies: fc.array(fc.record({shelf: fc.constant('n'), code: secret}), {maxLength: 12}),
    box: fc.record({place: fc.constant('p'), lock: secret}),
  });
  const row = values.map((some): Values => ({...loan, ...some}));
  fc.assert(
    fc.property(row, fc.constantFrom('create', 'update'), (wanted, action) => {
      const changes = decideChanges(wanted);
      const planned = action === 'create' ? {action, fresh: true} : {action, changes};
      const described = describeRow(loanJob, rowOf(wanted), planned as Parameters<typeof describeRow>[2]);
      expect(described.changes).toContainEqual({column: 'box.place', from: undefined, to: 'p'});
      expect(JSON.stringify(described)).not.toContain('S3CR3T');
    }),
  );
});

/** What an update of the row would change if nothing of it was there. */
function decideChanges(wanted: Values) {
  const update = {
    ...loanJob,
    definition: {...loanJob.definition, request: () => ({method: 'PUT', path: []}) as const},
  };
  const shown = {values: {pin: '', copies: [], box: {}, remark: ''}, id: 1, createdAt: undefined};
  const decision = decideRow(update, wanted, [[shown]], 'skip');
  if (decision.action !== 'update') throw new Error('no update');
  const box = {column: 'box.place', from: undefined, to: 'p'};
  const lock = {column: 'box.lock', from: 'S3CR3Tthere', to: 'S3CR3Thence'};
  return [...decision.changes, box, lock];
}
