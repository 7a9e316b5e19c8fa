import {boolean, defineJob, differ, pick, user} from '#job';

/** The endpoint document of POST /v2/patronages. */
export default defineJob({
  summary: 'Pair students with their godfathers',
  needs: {roles: ['Advanced tutor']},
  columns: {
    user_id: user('The student').alias('godchild', 'filleul', 'filleule', 'patenkind', 'ahijado').required(),
    godfather_id: user('The godfather').required().withExample('godfather-login'),
    ongoing: boolean('Is the patronage ongoing').nullable().default(true),
  },
  keys: [['user_id', 'godfather_id']],
  rules: [differ('user_id', 'godfather_id')],
  request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
  readBack: [
    {
      list: ['patronages'],
      by: {user_id: 'user_id', godfather_id: 'godfather_id'},
      sort: 'id',
      roles: ['Advanced tutor'],
      observe: (item) => pick(item, ['user_id', 'godfather_id', 'ongoing']),
    },
  ],
  update: (id, {user_id: _user, godfather_id: _godfather, ...changes}) => ({
    method: 'PUT',
    path: ['patronages', id],
    body: {patronage: changes},
  }),
  remove: (id) => [{method: 'DELETE', path: ['patronages', id]}],
});
