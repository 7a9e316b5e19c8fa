import {defineJob, id, ids, integer, notZero, pick, text, user} from '#job';

const fields = ['value', 'transactable_type', 'transactable_id', 'reason'];
// A comma would ask for either of two values.
const filterable = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !value.includes(',')));

/** The endpoint document of POST /v2/transactions. Its answers do not show when a transaction was made. */
export default defineJob({
  summary: 'Give or take wallets',
  needs: {roles: ['Transactions manager']},
  columns: {
    user_id: user('The user').required(),
    value: integer('How many wallets; a negative number takes them away').required().withExample('20'),
    transactable_type: text('What for, as one word of your own').required().withExample('Airdrop'),
    reason: text('Why; another award of this type needs another reason').required().withExample('Open day'),
    transactable_id: id('The id of what it is for').withExample(''),
  },
  keys: [
    ['user_id', 'transactable_type', 'transactable_id', 'reason'],
    ['user_id', 'transactable_type', 'reason'],
  ],
  rules: [notZero('value')],
  request: (row) => ({method: 'POST', path: ['transactions'], body: {transaction: row}}),
  readBack: [
    {
      list: ['transactions'],
      by: {user_id: 'user_id'},
      where: ({transactable_type, reason}) => filterable({transactable_type, reason}),
      sort: 'id',
      roles: ['Transactions manager'],
      observe: (item) => ({...ids(item, ['user_id']), ...pick(item, fields)}),
    },
  ],
  additive: {column: 'value', unit: 'wallet'},
  remove: (id) => [{method: 'DELETE', path: ['transactions', id]}],
});
