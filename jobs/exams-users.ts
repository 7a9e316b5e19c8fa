import {id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/exams/:exam_id/exams_users, which does not say how the user is named. */
export default joinTable({
  summary: 'Register users to exams',
  needs: {roles: ['Advanced tutor']},
  resource: 'exams_users',
  pair: ['exam_id', 'user_id'],
  columns: {
    exam_id: id('The exam').required().withExample('10042'),
    user_id: user('The user').required(),
  },
  request: ({exam_id, user_id}) => ({
    method: 'POST',
    path: ['exams', exam_id, 'exams_users'],
    body: {exams_user: {user_id}},
  }),
  listUnder: 'exams',
  listRoles: ['Basic staff'],
  remove: (id, row) => [{method: 'DELETE', path: ['exams', Number(row['exam_id']), 'exams_users', id]}],
  isRemovalUnproven: true,
  caveats: [
    'the document names no parameter (tools of campuses send this one) and does not say whose id DELETE takes',
  ],
});
