import {describe, expect, it} from 'vitest';
import {loginsOf, withIds} from '../../src/job/row-users.ts';
import {pairingJob as job} from './sample-job.ts';

const ids = new Map([
  ['anna', 11],
  ['bob', 12],
]);
const row = {
  mentor_id: 'anna',
  pupil_id: 6,
  remark: 'bob',
  lessons: [
    {topic: 'Git', teacher_id: 'bob'},
    {topic: 'Vim', teacher_id: 'anna'},
    {topic: 'Make', teacher_id: null},
  ],
};

describe('logins', () => {
  it('are those of user columns, nested ones too, each once', () => {
    expect(loginsOf(job, row)).toEqual(['anna', 'bob']);
  });

  it('are replaced by ids, and nothing else is', () => {
    expect(withIds(job, row, ids)).toEqual({
      values: {
        mentor_id: 11,
        pupil_id: 6,
        remark: 'bob',
        lessons: [
          {topic: 'Git', teacher_id: 12},
          {topic: 'Vim', teacher_id: 11},
          {topic: 'Make', teacher_id: null},
        ],
      },
    });
  });

  it('leave the parsed row as it was', () => {
    const before = structuredClone(row);
    withIds(job, row, ids);
    expect(row).toEqual(before);
  });

  it('that nobody knows are all told', () => {
    expect(withIds(job, row, new Map([['carl', 3]]))).toEqual({
      unknown: [
        {column: 'mentor_id', login: 'anna'},
        {column: 'lessons.0.teacher_id', login: 'bob'},
        {column: 'lessons.1.teacher_id', login: 'anna'},
      ],
    });
  });
});

it('an id and a login of one person break the rule that they differ', () => {
  expect(withIds(job, {mentor_id: 'anna', pupil_id: 11}, ids)).toMatchObject({
    issues: [{column: 'mentor_id', value: '11', code: 'same_value'}],
  });
});
