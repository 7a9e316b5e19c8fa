import {expect, it} from 'vitest';
import {describeJob} from '../../src/job/describe-job.ts';
import {loadJob} from '../../src/job/load-jobs.ts';

it('describes each column once, with everything that is checked', async () => {
  expect(describeJob(await loadJob('cursus-users')).slice(3, 5)).toEqual([
    {
      column: 'end_at',
      type: 'a date-time: ISO 8601',
      required: false,
      rules: ['after begin_at', '<clear> allowed'],
      about: 'When the cursus ends',
      example: '2026-12-18T18:00:00+01:00',
    },
    {
      column: 'has_coalition',
      type: 'true or false',
      required: true,
      rules: ['default true'],
      about: 'Takes part in a coalition',
      example: 'true',
    },
  ]);
});

it('says which columns name the target by turns', async () => {
  const [id] = describeJob(await loadJob('user-candidatures'));
  expect(id).toMatchObject({column: 'id', rules: ['one of id, user_id is required']});
});

it('gives no example of a secret', async () => {
  const password = describeJob(await loadJob('users')).find(({column}) => column === 'password');
  expect(password).toMatchObject({rules: ['<clear> allowed', 'secret'], example: ''});
});
