import {flag, id, many, one, secretText, text, user} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob} from '../../src/job/job.ts';
import {each, pick} from '../../src/job/pick.ts';

const needs = {roles: ['Librarian']};

/** Creates a record; a secret and a remark are no part of its key. */
export const loanJob = createJob(
  'loans',
  defineJob({
    summary: 'Lend books',
    needs,
    columns: {
      user_id: user('Who').required(),
      book: text('Which').required(),
      remark: text('Remark').nullable(),
      pin: secretText('Pin').nullable(),
      copies: many(
        {shelf: text('Shelf').nullable(), code: secretText('Code').nullable()},
        {identity: [['shelf']]},
      ),
      box: one({place: text('Place').nullable(), lock: secretText('Lock').nullable()}),
    },
    keys: [['user_id', 'book']],
    request: (row) => ({method: 'POST', path: ['loans'], body: {loan: {remark: row.remark ?? null}}}),
    readBack: [
      {list: ['loans'], by: {user_id: 'user_id'}, observe: (item) => pick(item, ['user_id', 'book'])},
    ],
    remove: (created, row, now) => [
      {
        method: 'PUT',
        path: ['loans', created],
        body: {loan: {ends: now.toISOString(), of: row['book'] ?? ''}},
      },
      {method: 'DELETE', path: ['loans', created]},
    ],
  }),
);

/** Changes a record; two readings show it, and the second one says something by showing nothing. */
export const shelfJob = createJob(
  'shelves',
  defineJob({
    summary: 'Change shelves',
    needs,
    columns: {
      id: id('The shelf').required(),
      title: text('Title').nullable(),
      pin: secretText('Pin').nullable(),
      quiet: flag('No mail').nullable().instruction(),
      boards: many({id: id('The board'), wood: text('Wood').nullable()}, {identity: [['id'], ['wood']]}),
    },
    keys: [['id']],
    request: (row) => ({method: 'PUT', path: ['shelves', row.id], body: {shelf: {title: row.title ?? null}}}),
    readBack: [
      {list: ['shelves'], by: {id: 'id'}, observe: (item) => pick(item, ['id', 'title'])},
      {
        list: ['boards'],
        by: {shelf_id: 'id'},
        observe: (item) => pick(item, [], {boards: each('boards', ['id', 'wood'])}),
        absentMeans: {boards: []},
      },
    ],
  }),
);
