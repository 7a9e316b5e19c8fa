import {expect, it} from 'vitest';
import {checkRoles, checkScopes, tellLackedRoles} from '../../src/app/check-access.ts';
import {id} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob, type Job} from '../../src/job/job.ts';

function jobWith(name: string, roles: string[], reading?: string[], scopes: string[] = []): Job {
  const definition = defineJob({
    summary: 'Shelve books',
    needs: {roles, scopes},
    columns: {book_id: id('The book').required()},
    keys: [['book_id']],
    request: (row) => ({method: 'POST', path: ['shelves'], body: {shelf: row}}),
    readBack: [
      {list: ['shelves'], by: {book_id: 'book_id'}, observe: () => ({}), ...(reading && {roles: reading})},
    ],
  });
  return createJob(name, definition);
}

const shelves = jobWith('shelves', ['Keeper', 'Clerk'], ['Reader']);
const loans = jobWith('loans', ['Clerk'], ['Keeper'], ['books']);
const brief = (findings: ReturnType<typeof checkRoles>) =>
  findings.map(({check, status, detail}) => `${check} ${status}: ${detail}`);

it('a role counts by its whole name, whatever its case', () => {
  expect(brief(checkRoles('Chief keeper, clerks', [shelves, loans]))).toEqual([
    'roles problem: no job can run: shelves (Keeper or Clerk); loans (Clerk)',
  ]);
  expect(brief(checkRoles('READER , clerk', [shelves]))).toEqual(['roles ok: READER , clerk']);
});

it('jobs that can run and cannot read back are told apart', () => {
  expect(brief(checkRoles('Keeper', [shelves, loans]))).toEqual([
    'roles warning: cannot run: loans (Clerk)',
    'reading warning: cannot read back: shelves (Reader)',
  ]);
  expect(brief(checkRoles('Clerk, Reader, Keeper', [shelves, loans]))).toEqual([
    'roles ok: Clerk, Reader, Keeper',
  ]);
});

it('the plan of a job tells what its application lacks, as far as the API names the roles', () => {
  expect(tellLackedRoles('Clerks', shelves)).toEqual([
    'the API will refuse these requests: the application lacks the role Keeper or Clerk',
    'not all that exists can be read: the application lacks the role Reader',
  ]);
  expect(tellLackedRoles('keeper, reader', shelves)).toEqual([]);
  expect(tellLackedRoles(undefined, shelves)).toEqual([]);
});

it('a scope names all the jobs that need it', () => {
  const sales = jobWith('sales', ['Clerk'], undefined, ['books', 'money']);
  expect(brief(checkScopes({scopes: ['money']}, [loans, sales]))).toEqual([
    'scopes warning: loans, sales need the scope books',
  ]);
});
