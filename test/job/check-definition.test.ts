import {expect, it} from 'vitest';
import {checkDefinition} from '../../src/job/check-definition.ts';
import {id, many, secretText, text} from '../../src/job/columns/columns.ts';
import {listJobs, loadJob} from '../../src/job/load-jobs.ts';
import {differ} from '../../src/job/rules.ts';
import {pairing} from './sample-job.ts';

it('the jobs of the program are sound', async () => {
  for (const name of await listJobs()) expect(checkDefinition((await loadJob(name)).definition)).toEqual([]);
  expect(checkDefinition(pairing)).toEqual([]);
});

it.each([undefined, null, 5, 'job', () => pairing])('%s is no definition', (exported) => {
  expect(checkDefinition(exported)).toEqual(['the file has no default export made by defineJob({…})']);
});

it('tells every part that is missing or of another form', () => {
  expect(checkDefinition({columns: {a: 'text'}, keys: ['a'], readBack: [{}]})).toEqual([
    'summary: not a text',
    'needs: not {roles: […]}',
    'columns: not made of column kinds',
    'keys: not a list of lists of columns',
    'request: not a function',
    'readBack: not a list of readings ([] if there is none)',
  ]);
});

const reading = {list: ['pairs'], by: {id: 'mentor_id'}, observe: () => ({})};
const columns = pairing.columns;

it.each<[string, object, string[]]>([
  ['a full stop', {summary: 'Pair them.'}, ['summary: leave out the full stop']],
  ['an empty summary', {summary: ' '}, ['summary: write one line']],
  ['no role', {needs: {roles: []}}, ['needs: name the roles of which the application needs one']],
  ['no key', {keys: []}, ['keys: name the columns that say which record is meant']],
  ['a key that is no column', {keys: [['mentor_id', 'nobody']]}, ['keys: there is no column nobody']],
  ['a key that is a group', {keys: [['place']]}, ['keys: there is no column place']],
  ['a key from Object.prototype', {keys: [['constructor']]}, ['keys: there is no column constructor']],
  ['a key that may be empty', {keys: [['remark']]}, ['keys: remark must be required']],
  [
    'a secret key',
    {columns: {...columns, pass: secretText('p').required()}, keys: [['pass']]},
    ['keys: pass is secret, and keys are written down'],
  ],
  [
    'a rule over nothing',
    {rules: [differ('mentor_id', 'nobody')]},
    ['rules: differ(mentor_id, nobody): there is no column nobody'],
  ],
  [
    'a group without identity and with a wrong rule',
    {columns: {...columns, lessons: many({id: id('i')}, {identity: [], rules: [differ('id', 'b')]})}},
    ['groups: lessons has no identity', 'rules: differ(id, b): lessons has no field b'],
  ],
  [
    'columns alike',
    {columns: {...columns, mentorId: text('m')}},
    ['columns: mentorId is like another column but for case, - or _'],
  ],
  [
    'a forbidden name',
    {columns: {...columns, bulk42_line: text('m')}},
    ['columns: bulk42_line is not a name for a column'],
  ],
  ['a dotted name', {columns: {...columns, 'a.b': text('m')}}, ['columns: a.b is not a name for a column']],
  ['a reading of nothing', {readBack: [{...reading, list: []}]}, ['readBack: reading 1 has no list']],
  [
    'a reading of everything',
    {readBack: [reading, {...reading, by: {}}]},
    ['readBack: reading 2 has no filter'],
  ],
  [
    'a reading by no column',
    {readBack: [{...reading, by: {id: 'nobody'}}]},
    ['readBack: there is no column nobody'],
  ],
  [
    'a reading below no column',
    {readBack: [{...reading, list: ['pairs', ':nobody', 'lessons'], by: {}}]},
    ['readBack: there is no column nobody'],
  ],
  [
    'a sum of no column',
    {additive: {column: 'nobody', unit: 'lesson'}},
    ['additive: there is no column nobody'],
  ],
  [
    'an id that is looked up by no column',
    {lookUp: {column: 'mentor_id', list: ['pairs'], by: {id: 'nobody'}}},
    ['lookUp: there is no column nobody'],
  ],
])('%s is not sound', (_, part, problems) => {
  expect(checkDefinition({...pairing, ...part})).toEqual(problems);
});

it('tells all problems at once', () => {
  expect(
    checkDefinition({...pairing, summary: 'Pair.', keys: [['remark'], ['nobody']], needs: {roles: []}}),
  ).toHaveLength(3);
});
