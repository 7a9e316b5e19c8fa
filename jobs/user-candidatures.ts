import {candidature, defineJob, id, pick} from '#job';

const shown = ['id', ...Object.keys(candidature)];

/** The endpoint document of PUT /v2/user_candidatures/:id; without the id, PUT /v2/users/:user_id/user_candidature. */
export default defineJob({
  summary: 'Fill in candidatures',
  needs: {roles: ['Advanced staff', 'Advanced tutor']},
  columns: {
    id: id('The candidature. Without it user_id names the target').nullable().withExample(''),
    ...candidature,
    user_id: candidature.user_id.withExample('student-login'),
  },
  keys: [['id'], ['user_id']],
  request({id, user_id, ...fields}) {
    if (id == null)
      return {
        method: 'PUT',
        path: ['users', user_id ?? '', 'user_candidature'],
        body: {user_candidature: fields},
      };
    const moved = user_id === undefined ? {} : {user_id};
    return {method: 'PUT', path: ['user_candidatures', id], body: {user_candidature: {...moved, ...fields}}};
  },
  readBack: [
    {
      list: ['user_candidatures'],
      by: {id: 'id'},
      sort: 'id',
      roles: ['Advanced staff'],
      when: (row) => row.id !== undefined,
      one: (row) => ['user_candidatures', row.id ?? ''],
      observe: (item) => pick(item, shown),
    },
    {
      list: ['user_candidatures'],
      by: {user_id: 'user_id'},
      sort: 'id',
      roles: ['Advanced staff'],
      when: (row) => row.id === undefined,
      one: (row) => ['users', row.user_id ?? '', 'user_candidature'],
      observe: (item) => pick(item, shown),
    },
  ],
});
