import {defineJob, id, integer, notZero, pick, requiredWithout, text, user} from '#job';

/** The endpoint document of POST /v2/coalitions/:coalition_id/scores, which names no field of the body. */
export default defineJob({
  summary: 'Give coalition points',
  needs: {roles: ['Advanced staff']},
  columns: {
    coalition_id: id('The coalition').required().withExample('45'),
    coalitions_user_id: id('The membership. Without it user_id names it').withExample(''),
    user_id: user('The member'),
    value: integer('How many points; a negative number takes them away').required().withExample('42'),
    reason: text('Why; another award to the same member needs another reason').required().withExample('Quiz'),
  },
  keys: [
    ['coalition_id', 'coalitions_user_id', 'reason'],
    ['coalition_id', 'user_id', 'reason'],
  ],
  rules: [requiredWithout('user_id', 'coalitions_user_id'), notZero('value')],
  lookUp: {
    column: 'coalitions_user_id',
    list: ['coalitions_users'],
    by: {user_id: 'user_id', coalition_id: 'coalition_id'},
  },
  request: ({coalition_id, coalitions_user_id = 0, value, reason}) => ({
    method: 'POST',
    path: ['coalitions', coalition_id, 'scores'],
    body: {score: {coalitions_user_id, value, reason}},
  }),
  readBack: [
    {
      list: ['coalitions_users', ':coalitions_user_id', 'scores'],
      by: {},
      isUnfiltered: true,
      sort: 'id',
      roles: ['Advanced tutor'],
      observe: (item) => pick(item, ['coalition_id', 'coalitions_user_id', 'value', 'reason']),
    },
  ],
  additive: {column: 'value', unit: 'coalition point'},
  remove: (id, row) => [{method: 'DELETE', path: ['coalitions', Number(row['coalition_id']), 'scores', id]}],
  caveats: ['score[value], [reason] and [coalitions_user_id] are what the tools of several campuses send'],
});
