import {describe, expect, it} from 'vitest';
import {adoptIds} from '../../src/job/adopt-ids.ts';
import {differences, onlyChanged} from '../../src/job/compare.ts';
import {mergeObserved} from '../../src/job/merge-observed.ts';
import type {Values} from '../../src/job/row.ts';
import {pairingJob as job} from './sample-job.ts';

const key = {mentor_id: 5, pupil_id: 6};
const differing = (wanted: Values, shown: Values) =>
  differences(job, {...key, ...wanted}, {...key, ...shown});
const columnsOf = (wanted: Values, shown: Values) =>
  differing(wanted, shown).differs.map(({column}) => column);

describe('differences', () => {
  it('are in what the row carries and nothing else', () => {
    expect(differing({remark: 'x', active: true}, {remark: 'y', active: true, ends: '2026-01-01'})).toEqual({
      differs: [{column: 'remark', from: 'y', to: 'x'}],
      unreadable: [],
    });
  });

  it('leave out what means the same', () => {
    expect(
      differing(
        {begins: '2026-11-23T08:00:00.000Z', remark: null, term: 'march'},
        {begins: '2026-11-23T09:00:00+01:00', remark: null, term: 'march', pupil_id: '6'},
      ),
    ).toEqual({differs: [], unreadable: []});
  });

  it('tell what cannot be read, and do not take instructions for fields', () => {
    expect(differing({pass: 'x', photo: {file: 'a.png'}, quiet: 'true'}, {})).toEqual({
      differs: [],
      unreadable: ['pass', 'photo'],
    });
  });

  it('see a field that is to be cleared', () => {
    expect(differing({remark: null}, {remark: 'y'}).differs).toEqual([
      {column: 'remark', from: 'y', to: null},
    ]);
  });

  it('look into a nested record', () => {
    expect(
      differing({place: {street: 'a', city: 'Lyon'}}, {place: {id: 9, street: 'b', city: 'Lyon'}}),
    ).toEqual({
      differs: [{column: 'place.street', from: 'b', to: 'a'}],
      unreadable: [],
    });
    expect(columnsOf({place: {city: 'Lyon'}}, {place: null})).toEqual(['place.city']);
  });

  it('are unreadable where the whole list is', () => {
    expect(differing({lessons: [{topic: 'Git', minutes: 5}]}, {}).unreadable).toEqual([
      'lessons.0.topic',
      'lessons.0.minutes',
    ]);
  });
});

describe('elements of a list', () => {
  const shown = {
    lessons: [
      {id: 31, topic: 'Git', minutes: 20},
      {id: 32, topic: 'Vim', minutes: 30},
    ],
  };

  it('are matched by id, else by what makes them the same, in any order', () => {
    expect(
      columnsOf(
        {
          lessons: [
            {topic: 'Vim', minutes: 30},
            {id: 31, minutes: 20},
          ],
        },
        shown,
      ),
    ).toEqual([]);
    expect(differing({lessons: [{topic: 'Vim', minutes: 45}]}, shown).differs).toEqual([
      {column: 'lessons.0.minutes', from: 30, to: 45},
    ]);
  });

  it('that are not there differ in all their fields', () => {
    expect(
      differing(
        {
          lessons: [
            {topic: 'Git', minutes: 20},
            {topic: 'Make', minutes: 9},
          ],
        },
        shown,
      ).differs,
    ).toEqual([
      {column: 'lessons.1.topic', from: undefined, to: 'Make'},
      {column: 'lessons.1.minutes', from: undefined, to: 9},
    ]);
  });

  it('to be removed differ as long as they are there', () => {
    expect(columnsOf({lessons: [{id: 31, _destroy: 'true'}]}, shown)).toEqual(['lessons.0._destroy']);
    expect(columnsOf({lessons: [{id: 39, _destroy: 'true'}]}, shown)).toEqual([]);
    expect(columnsOf({lessons: [{id: 31, _destroy: 'false'}]}, shown)).toEqual([]);
  });

  it.each<[Values[], Values[], string[]]>([
    [[{hours: 2}, {hours: 2}], [{hours: 2, what: null}], ['tasks.1.hours']],
    [
      [{hours: 2}, {hours: 2}],
      [
        {hours: 2, what: null},
        {hours: 2, what: 'x'},
      ],
      [],
    ],
    // The one that says more chooses first.
    [
      [{hours: 2}, {hours: 2, what: 'x'}],
      [
        {hours: 2, what: 'x'},
        {hours: 2, what: null},
      ],
      [],
    ],
    [[{hours: 2, what: 'y'}], [{hours: 2, what: 'x'}], ['tasks.0.hours', 'tasks.0.what']],
  ])('without an id count as often as they are there: %j in %j', (tasks, there, differs) => {
    expect(columnsOf({tasks}, {tasks: there})).toEqual(differs);
  });
});

describe('what a PUT needs to send', () => {
  const row = {
    ...key,
    remark: 'x',
    active: false,
    quiet: 'true',
    place: {street: 'a', city: 'Lyon'},
    lessons: [
      {topic: 'Git', minutes: 20},
      {topic: 'Vim', minutes: 30},
    ],
  };

  it('is the key, what changes, and the instructions', () => {
    expect(onlyChanged(job, row, ['remark'])).toEqual({...key, remark: 'x', quiet: 'true'});
  });

  it('has a nested record whole or not at all', () => {
    expect(onlyChanged(job, row, ['place.city', 'lessons.1.minutes'])).toEqual({
      ...key,
      quiet: 'true',
      place: {street: 'a', city: 'Lyon'},
      lessons: [{topic: 'Vim', minutes: 30}],
    });
  });

  it('does not take lessons.1 for lessons.10', () => {
    const lessons = Array.from({length: 11}, (_, index) => ({topic: `t${index}`}));
    expect(onlyChanged(job, {...key, lessons}, ['lessons.10.topic'])).toEqual({
      ...key,
      lessons: [{topic: 't10'}],
    });
  });
});

describe('ids of what exists', () => {
  const shown = {place: {id: 9, city: 'Nice'}, lessons: [{id: 31, topic: 'Git'}]};

  it('are adopted, so that a record is changed and not added', () => {
    const wanted = {...key, place: {city: 'Lyon'}, lessons: [{topic: 'Vim'}, {topic: 'Git', minutes: 5}]};
    expect(adoptIds(job, wanted, shown)).toEqual({
      ...key,
      place: {id: 9, city: 'Lyon'},
      lessons: [{topic: 'Vim'}, {id: 31, topic: 'Git', minutes: 5}],
    });
    expect(wanted.place).toEqual({city: 'Lyon'});
  });

  it('do not replace an id that the row has, nor come from nowhere', () => {
    const wanted = {...key, place: {id: 4, city: 'Lyon'}, lessons: [{topic: 'Git'}]};
    expect(adoptIds(job, wanted, {place: {id: 9}, lessons: []})).toEqual(wanted);
    expect(adoptIds(job, wanted, {})).toEqual(wanted);
  });
});

it('several items prove together what each proves', () => {
  expect(
    mergeObserved([
      {id: 5, kind: 'a'},
      {id: 5, lessons: [{id: 1}]},
      {lessons: [{id: 2}], kind: 'b'},
    ]),
  ).toEqual({
    id: 5,
    kind: 'b',
    lessons: [{id: 1}, {id: 2}],
  });
  expect(mergeObserved([])).toEqual({});
});
