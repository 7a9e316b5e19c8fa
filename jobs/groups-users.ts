import {id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/groups_users. Its lists take no filter and no sort: one is read for each group. */
export default joinTable({
  summary: 'Put users into groups',
  needs: {roles: ['Advanced tutor']},
  resource: 'groups_users',
  pair: ['group_id', 'user_id'],
  columns: {
    group_id: id('The group').required().withExample('12'),
    user_id: user('The user').required(),
  },
  listUnder: 'groups',
  isUnfiltered: true,
});
