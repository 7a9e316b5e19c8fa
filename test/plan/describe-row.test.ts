import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {describeRow} from '../../src/plan/describe-row.ts';
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
    expect(describeRow(loanJob, rowOf(values), {action: 'create', knownAbsent: true})).toEqual({
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
    expect(describeRow(pairingJob, rowOf(values), {action: 'create', knownAbsent: false}).changes).toEqual([
      {column: 'photo', from: undefined, to: photo},
      {column: 'remark', from: undefined, to: null},
    ]);
  });

  it('that is updated shows what changes, and what is sent because it cannot be read', () => {
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
  fc.assert(
    fc.property(values, secret, (some, from) => {
      const row = rowOf({...loan, ...some});
      const place = {column: 'box.place', from: undefined, to: 'p'};
      const changes = [
        place,
        {column: 'pin', from, to: some.pin},
        {column: 'box.lock', from, to: some.box.lock},
        ...some.copies.map(({code}, at) => ({column: `copies.${at}.code`, from, to: code})),
      ];
      const columns = changes.map(({column}) => column);
      const created = describeRow(loanJob, row, {action: 'create', knownAbsent: true});
      const updated = describeRow(loanJob, row, {action: 'update', changes, columns});
      expect(created.changes).toContainEqual(place);
      expect(updated.changes).toEqual([place]);
      expect(JSON.stringify([created, updated])).not.toContain('S3CR3T');
    }),
  );
});
