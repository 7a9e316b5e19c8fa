import {dateTime, flag, id, integer, joinTable, text, user} from '#job';

/** The endpoint document of POST /v2/projects_users. Its list takes filters and no sort. */
export default joinTable({
  summary: 'Register users to projects',
  needs: {roles: ['Advanced tutor', 'Advanced staff'], update: {scopes: ['projects']}},
  resource: 'projects_users',
  pair: ['project_id', 'user_id'],
  columns: {
    project_id: id('The project').required().withExample('1314'),
    user_id: user('The user').required(),
    occurrence: integer('Number of retries so far', {min: 0}).withExample(''),
    final_mark: integer('Final mark').withExample(''),
    status: text('Status').withExample(''),
    marked_at: dateTime('When it was marked').withExample(''),
    retriable_at: dateTime('From when on it can be tried again').withExample(''),
    skip_check_permission: flag('Register whatever the project asks for').instruction(),
  },
  isSortable: false,
  effects: ['makes a team for the user'],
});
