import {boolean, id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/campus_users, which has no PUT and no DELETE. */
export default joinTable({
  summary: 'Add users to a campus',
  needs: {roles: ['Advanced tutor']},
  resource: 'campus_users',
  pair: ['campus_id', 'user_id'],
  columns: {
    campus_id: id('The campus').required().withExample('1'),
    user_id: user('The user').required(),
    is_primary: boolean('Is it the primary campus').withExample('false'),
  },
  canUpdate: false,
  canRemove: false,
  caveats: ['the document shows no item of a list, and no time of creation'],
});
