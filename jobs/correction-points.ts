import {defineJob, integer, notZero, pick, text, user} from '#job';

/** The endpoint documents of POST …/correction_points/add and DELETE …/correction_points/remove. */
export default defineJob({
  summary: 'Give or take correction points',
  needs: {roles: ['Advanced tutor']},
  columns: {
    user_id: user('The user').required(),
    amount: integer('How many; a negative number takes them away').required().withExample('2'),
    reason: text('Why; another award to the same user needs another reason')
      .required()
      .withExample('Rush 00'),
  },
  keys: [['user_id', 'reason']],
  rules: [notZero('amount')],
  request: ({user_id, amount, reason}) => ({
    ...(amount > 0
      ? {method: 'POST', path: ['users', user_id, 'correction_points', 'add']}
      : {method: 'DELETE', path: ['users', user_id, 'correction_points', 'remove']}),
    body: {reason, amount: Math.abs(amount)},
  }),
  readBack: [
    {
      list: ['users', ':user_id', 'correction_point_historics'],
      by: {},
      // A comma would ask for either of two reasons.
      where: ({reason}) => (reason.includes(',') ? {} : {reason}),
      sort: 'id',
      observe: (item) => pick(item, ['reason'], {amount: 'sum'}),
    },
  ],
  response: {isEmpty: true},
  additive: {column: 'amount', unit: 'correction point'},
  caveats: ['neither the answers nor the items of the history are documented'],
});
