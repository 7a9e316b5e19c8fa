import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {loadJob} from '../../src/job/load-jobs.ts';
import {parseRow} from '../../src/job/parse-row.ts';
import {issuesOf, now, readRow, shapeOf, valuesOf} from './read-csv.ts';
import {pairingJob} from './sample-job.ts';

const pair = {mentor_id: '5', pupil_id: '6'};
const valuesFor = (cells: Record<string, string>) => valuesOf(readRow(pairingJob, {...pair, ...cells}));
const issuesFor = (cells: Record<string, string>) =>
  issuesOf(readRow(pairingJob, {...pair, ...cells})).map(({column, value, code}) => [column, value, code]);

describe('a cell', () => {
  it.each(['', '  ', '\u00A0\t'])('that is empty (%j) is not sent', (cell) => {
    expect(valuesFor({remark: cell, begins: cell})).toEqual({mentor_id: 5, pupil_id: 6, active: true});
  });

  it('is trimmed and otherwise kept byte for byte', () => {
    expect(valuesFor({remark: ' a  b\n c '})['remark']).toBe('a  b\n c');
  });

  it('is not trimmed when it is a secret', () => {
    expect(valuesFor({pass: ' open  '})['pass']).toBe(' open  ');
  });

  it.each(['<clear>', '  <clear> '])('%j clears', (cell) => {
    expect(valuesFor({remark: cell, active: cell, pass: cell, photo: cell})).toMatchObject({
      remark: null,
      active: null,
      pass: null,
      photo: null,
    });
  });

  it.each(['a <clear>', 'clear', '<clear> it', '(cleared)', '<3', '[clean]'])('%j is only text', (cell) => {
    expect(valuesFor({remark: cell})['remark']).toBe(cell);
  });

  it('cannot clear a key', () => {
    expect(issuesFor({pupil_id: '<clear>'})).toEqual([['pupil_id', '<clear>', 'not_clearable']]);
  });

  it('in a month that had a capital is put right and noted', () => {
    const row = readRow(pairingJob, {...pair, term: 'March'});
    expect(row).toMatchObject({values: {term: 'march'}, notes: [{column: 'term'}]});
    expect(readRow(pairingJob, {...pair, term: 'march'})).not.toHaveProperty('notes');
  });
});

describe('a row', () => {
  it('tells all issues at once: cells, then rules', () => {
    expect(
      issuesFor({
        mentor_id: 'Anna',
        pupil_id: 'anna',
        active: 'maybe',
        begins: '2026-12-01',
        ends: '2026-11-30',
        'tasks.0.what': 'Sweep',
        'tasks.0.hours': '',
      }),
    ).toEqual([
      ['active', 'maybe', 'invalid_boolean'],
      ['tasks.0.hours', '', 'required'],
      ['mentor_id', 'Anna', 'same_value'],
      ['ends', '2026-11-30', 'not_after'],
    ]);
  });

  it('does not repeat in a rule what a cell was refused for', () => {
    expect(issuesFor({'lessons.0.id': 'x', 'lessons.0.topic': '', 'lessons.0.minutes': '5'})).toEqual([
      ['lessons.0.id', 'x', 'invalid_integer'],
    ]);
  });

  it('blames the full name of a nested column, even one that the file does not have', () => {
    expect(issuesFor({'lessons.0.topic': 'a', 'lessons.1.minutes': '5'})).toEqual([
      ['lessons.1.topic', '', 'required'],
    ]);
  });

  it('never shows a secret in an issue', () => {
    const [issue] = issuesOf(readRow(pairingJob, {...pair, pass: 'op\u0000en'}));
    expect(issue).toMatchObject({column: 'pass', value: '', code: 'invalid_text'});
    expect(JSON.stringify(issue)).not.toContain('en"');
  });

  it('leaves out groups and elements of which nothing is filled', () => {
    expect(
      valuesFor({'place.city': '', 'lessons.0.topic': '', 'lessons.1.topic': 'Git', 'tasks.0.hours': ' '}),
    ).toEqual({mentor_id: 5, pupil_id: 6, active: true, lessons: [{topic: 'Git'}]});
  });

  it('has its fields in the order of the definition', () => {
    const row = valuesFor({'place.city': 'Lyon', remark: 'r', begins: '2026-01-01'});
    expect(Object.keys(row)).toEqual(['mentor_id', 'pupil_id', 'active', 'begins', 'remark', 'place']);
  });

  it('is read by its own cells and zone, whatever the rows before it were', () => {
    const shape = shapeOf(pairingJob, ['mentor_id', 'pupil_id', 'begins']);
    const contexts = [{now}, {now, zone: () => Date.UTC(2026, 0, 1)}];
    const begun = (day: string, context: (typeof contexts)[number] | undefined) =>
      valuesOf(parseRow(shape, ['5', '6', day], context ?? {now}))['begins'];
    expect(begun('2026-11-23', contexts[0])).toBe('2026-11-23T00:00:00.000Z');
    expect(begun('2026-11-23', contexts[0])).toBe('2026-11-23T00:00:00.000Z');
    expect(begun('2026-11-24', contexts[0])).toBe('2026-11-24T00:00:00.000Z');
    expect(begun('2026-11-24', contexts[1])).toBe('2026-01-01T00:00:00.000Z');
    expect(issuesOf(parseRow(shape, ['5', '6', 'x'], {now}))).toHaveLength(1);
    expect(issuesOf(parseRow(shape, ['5', '6', 'x'], {now}))).toHaveLength(1);
  });

  it('takes the zone of the run for moments without one', () => {
    const row = readRow(
      pairingJob,
      {...pair, begins: '2026-11-23 10:00'},
      {zone: () => Date.UTC(2026, 10, 23, 1)},
    );
    expect(valuesOf(row)['begins']).toBe('2026-11-23T01:00:00.000Z');
  });

  it('needs one of the alternatives that name its target', async () => {
    const job = await loadJob('user-candidatures');
    const cells = {id: '', user_id: '', pin: '1'};
    expect(issuesOf(readRow(job, cells))).toMatchObject([
      {column: 'id', code: 'required', hint: 'fill id or user_id'},
    ]);
    expect(issuesOf(readRow(job, {...cells, id: 'x'}))).toMatchObject([
      {column: 'id', code: 'invalid_integer'},
    ]);
    expect(valuesOf(readRow(job, {...cells, user_id: 'Ana'}))).toEqual({user_id: 'ana', pin: '1'});
  });

  it('only ever has declared columns, whatever the cells are', () => {
    const header = ['mentor_id', 'pupil_id', 'remark', 'place.city', 'lessons.0.topic', 'tasks.0.hours'];
    const shape = shapeOf(pairingJob, header);
    const declared = new Set(Object.keys(pairingJob.definition.columns));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('__proto__', '<clear>', '5', 'constructor'))),
        (cells) => {
          const row = parseRow(shape, cells, {now});
          if ('values' in row) return Object.keys(row.values).every((column) => declared.has(column));
          return row.issues.length > 0;
        },
      ),
    );
  });
});
