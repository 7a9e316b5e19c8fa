import {defineJob, integer, text, user} from '#job';

/** The endpoint document of POST /v2/users/:id/free_past_agu, which leaves nothing to read. */
export default defineJob({
  summary: 'Give back days of the black hole for a freeze in the past',
  needs: {roles: ['Advanced staff']},
  columns: {
    user_id: user('The user').required(),
    duration: integer('How many days', {min: 1}).required().withExample('14'),
    reason: text('Why; another award to the same user needs another reason')
      .required()
      .withExample('Illness'),
  },
  keys: [['user_id', 'reason']],
  request: ({user_id, ...fields}) => ({
    method: 'POST',
    path: ['users', user_id, 'free_past_agu'],
    body: fields,
  }),
  readBack: [],
  response: {isEmpty: true},
  additive: {column: 'duration', unit: 'day'},
});
