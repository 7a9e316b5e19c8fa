import {expect, it} from 'vitest';
import {removalRequests} from '../../src/plan/removal-requests.ts';
import {loanJob, shelfJob} from './small-jobs.ts';

const now = new Date('2026-11-23T09:00:00Z');
const row = {user_id: 4, book: 'Emma'};

it('makes the requests of the job from the id and the row', () => {
  expect(removalRequests(loanJob, 504, row, now)).toEqual([
    {method: 'PUT', path: ['loans', 504], body: {loan: {ends: '2026-11-23T09:00:00.000Z', of: 'Emma'}}},
    {method: 'DELETE', path: ['loans', 504]},
  ]);
});

it('makes none for a job that does not say how its records are removed', () => {
  expect(removalRequests(shelfJob, 504, row, now)).toEqual([]);
});
