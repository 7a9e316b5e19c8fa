import {describe, expect, it} from 'vitest';
import {loadJob} from '../../../src/job/load-jobs.ts';
import {matchHeader, type HeaderOptions} from '../../../src/job/header/match-header.ts';
import {readCsv, shapeOf, valuesOf} from '../read-csv.ts';
import {pairingJob} from '../sample-job.ts';

const required = ['mentor_id', 'pupil_id'];

function problemsOf(
  header: readonly string[],
  options: Partial<HeaderOptions> = {},
): [string, string, string][] {
  const matched = matchHeader(pairingJob, header, {map: {}, set: {}, ignoreUnknown: false, ...options});
  return 'problems' in matched ? matched.problems.map(({column, code, hint}) => [column, code, hint]) : [];
}
const codesOf = (...args: Parameters<typeof problemsOf>) =>
  problemsOf(...args).map(([column, code]) => [column, code]);

it.each([
  'Mentor ID,PUPIL-ID,Lessons.0.Topic,Lessons.0.Teacher Id',
  'mentorid,pupil_id,lessons.0.topic,lessons.0.teacherid',
  ' mentor_id ,pupil id,LESSONS.0.TOPIC,lessons.0.teacher-id',
])('headers match without regard to case, spaces, - and _: %s', (header) => {
  const [row] = readCsv(pairingJob, `${header}\n5,6,Shell,7`);
  expect(valuesOf(row)).toEqual({
    mentor_id: 5,
    pupil_id: 6,
    active: true,
    lessons: [{topic: 'Shell', teacher_id: 7}],
  });
});

it('columns of an earlier run are ignored, however often', () => {
  expect(codesOf([...required, 'bulk42_line', 'bulk42_outcome', 'Bulk42_Line'])).toEqual([]);
});

describe('an unknown column', () => {
  it('is told, with the nearest one', () => {
    expect(problemsOf([...required, 'remarc'])).toEqual([
      ['remarc', 'unknown_column', 'did you mean remark?'],
    ]);
  });

  it('is told, with the way out, when nothing is near', () => {
    expect(problemsOf([...required, 'shoe size'])).toEqual([
      [
        'shoe size',
        'unknown_column',
        "to read it, --map COLUMN='shoe size'; to leave it out, --ignore-unknown",
      ],
    ]);
  });

  it.each([
    ['Vorname', '--map COLUMN=Vorname'],
    ['Nom de l’élève', "--map COLUMN='Nom de l’élève'"],
    ["Nom d'usage", String.raw`--map COLUMN='Nom d'\''usage'`],
    ['$(id)', "--map COLUMN='$(id)'"],
    ['a & b', "--map COLUMN='a & b'"],
  ])('may be the one that is missing: %s is not to be removed', (name, map) => {
    const [[, , hint] = []] = problemsOf(['mentor_id', name]);
    expect(hint).toBe(`to read it, ${map}; to leave it out, --ignore-unknown`);
  });

  it('is ignored on demand', () => {
    expect(codesOf([...required, 'shoe size'], {ignoreUnknown: true})).toEqual([]);
  });

  it.each([
    'lessons.N.topic',
    'lessons.topic',
    'lessons.00.topic',
    'place.0.city',
    'lessons.0',
    'lessons.x.topic',
  ])('may be a group that is not numbered as it should be: %s', (name) => {
    expect(codesOf([...required, name])).toEqual([[name, 'unknown_column']]);
  });

  it('with N for its number is told the number', () => {
    expect(problemsOf([...required, 'lessons.N.topic'])[0]?.[2]).toBe('number it from 0: lessons.0.topic');
  });

  it.each(['__proto__', 'constructor', ' Prototype '])('%s is refused even then', (name) => {
    expect(codesOf([...required, name], {ignoreUnknown: true})).toEqual([[name, 'forbidden_header']]);
  });
});

describe('a header', () => {
  it.each([
    ['remark', 'remark'],
    ['Remark', 'remark'],
    ['shoe_size', 'Shoe Size'],
  ])('may not have %s beside %s', (one, two) => {
    expect(codesOf([...required, one, two], {ignoreUnknown: true})).toEqual([[two, 'duplicate_column']]);
  });

  it('may have empty names at its end only', () => {
    expect(codesOf([...required, '', ' '])).toEqual([]);
    expect(codesOf(['mentor_id', '', 'pupil_id'])).toEqual([['column 2', 'empty_header']]);
  });

  it('needs every required column', () => {
    expect(codesOf(['remark'])).toEqual([
      ['mentor_id', 'missing_column'],
      ['pupil_id', 'missing_column'],
    ]);
  });

  it('needs the required columns of a group only where the group is', () => {
    expect(codesOf([...required, 'tasks.0.what'])).toEqual([['tasks.0.hours', 'missing_column']]);
  });

  it('tells all problems at once', () => {
    expect(codesOf(['mentor_id', 'remark', 'REMARK', 'pupils'])).toEqual([
      ['REMARK', 'duplicate_column'],
      ['pupils', 'unknown_column'],
      ['pupil_id', 'missing_column'],
    ]);
  });

  it.each([
    [['lessons.0.topic', 'lessons.2.topic'], 'lessons.2'],
    [['lessons.1.topic'], 'lessons.1'],
    [['lessons.3.topic', 'lessons.0.topic', 'lessons.1.topic'], 'lessons.3'],
  ])('may not leave out a number: %j', (names, blamed) => {
    expect(codesOf([...required, ...names])).toEqual([[blamed, 'numbering_gap']]);
  });

  it('may number in any order; the row has the order of the numbers', () => {
    const [row] = readCsv(pairingJob, 'mentor_id,pupil_id,lessons.1.topic,lessons.0.topic\n5,6,Second,First');
    expect(valuesOf(row)['lessons']).toEqual([{topic: 'First'}, {topic: 'Second'}]);
  });
});

describe('--map', () => {
  it('reads a column from another header', () => {
    const map = {mentor_id: 'Tutor', 'lessons.0.topic': 'Cours'};
    const [row] = readCsv(pairingJob, 'tutor,pupil_id,cours\nAnna,6,Git', {map});
    expect(valuesOf(row)).toMatchObject({mentor_id: 'anna', pupil_id: 6, lessons: [{topic: 'Git'}]});
  });

  it('takes a header away from the column of its name', () => {
    const [row] = readCsv(pairingJob, 'mentor_id,remark,x\n5,anna,\n', {
      map: {pupil_id: 'remark'},
      ignoreUnknown: true,
    });
    expect(valuesOf(row)).toEqual({mentor_id: 5, pupil_id: 'anna', active: true});
  });

  it.each([
    [{sponsor: 'remark'}, 'sponsor', 'unknown_map'],
    [{remark: 'Bemerkung'}, 'remark', 'unknown_map'],
  ])('%j names nothing', (map, column, code) => {
    expect(codesOf([...required, 'remark'], {map: map})).toContainEqual([column, code]);
  });

  it('may not compete with a column of that name', () => {
    expect(codesOf([...required, 'remark', 'note'], {map: {remark: 'note'}})).toEqual([
      ['remark', 'duplicate_column'],
    ]);
  });
});

describe('--set', () => {
  it('fills empty cells and columns that are not there; a filled cell wins', () => {
    const set = {pupil_id: '9', Remark: 'set', 'tasks.0.hours': '3'};
    const rows = readCsv(pairingJob, 'mentor_id,pupil_id\n5,\n5,6', {set});
    const common = {mentor_id: 5, active: true, remark: 'set', tasks: [{hours: 3}]};
    expect(rows.map(valuesOf)).toEqual([
      {...common, pupil_id: 9},
      {...common, pupil_id: 6},
    ]);
  });

  it('wins over a default', () => {
    const [row] = readCsv(pairingJob, 'mentor_id,pupil_id\n5,6', {set: {active: 'no'}});
    expect(valuesOf(row)['active']).toBe(false);
  });

  it('may not name a column that there is not', () => {
    expect(problemsOf(required, {set: {pupil: '9'}})).toEqual([['pupil', 'unknown_set', expect.any(String)]]);
  });

  it('may not leave a gap in numbers', () => {
    expect(codesOf([...required, 'tasks.0.hours'], {set: {'tasks.2.hours': '3'}})).toEqual([
      ['tasks.2', 'numbering_gap'],
    ]);
  });
});

it('of alternative keys, one is enough and none is too few', async () => {
  const job = await loadJob('user-candidatures');
  const options = {map: {}, set: {}, ignoreUnknown: false};
  expect(shapeOf(job, ['id', 'pin']).slots).toHaveLength(2);
  expect(shapeOf(job, ['user_id', 'pin']).slots).toHaveLength(2);
  expect(matchHeader(job, ['pin'], options)).toMatchObject({
    problems: [{code: 'missing_column', hint: 'add a column: id or user_id'}],
  });
});
