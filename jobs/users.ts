import {
  account,
  after,
  candidature,
  defineJob,
  each,
  enrolment,
  flag,
  id,
  language,
  many,
  one,
  pick,
  requiredWith,
  requiredWithout,
  user,
} from '#job';

const ownerOf = (item: unknown, path: string) => Number(pick(item, [], {id: path})['id']);

/** The endpoint document of PUT /v2/users/:id. What it types String but means as a number or boolean is sent as such. */
export default defineJob({
  summary: 'Update users, with their candidature, cursus and languages',
  needs: {roles: ['Advanced tutor']},
  columns: {
    id: user('The user to update').required(),
    ...account,
    user_candidature: one({
      id: id('The candidature. Without it the user gets a new one').nullable().withExample(''),
      ...candidature,
    }),
    cursus_users: many(
      {
        id: id('The enrolment to change. Without it a new one is made').nullable().withExample(''),
        ...enrolment,
        _destroy: flag('Remove this enrolment').nullable().instruction(),
      },
      {
        identity: [['id'], ['cursus_id']],
        destroy: '_destroy',
        rules: [
          requiredWithout('cursus_id', 'id'),
          requiredWithout('begin_at', 'id'),
          requiredWith('id', '_destroy'),
          after('end_at', 'begin_at'),
        ],
      },
    ),
    languages_users: many(
      {
        id: id('The language entry to change. Without it a new one is made').nullable().withExample(''),
        ...language,
        _destroy: flag('Remove this language').nullable().instruction(),
      },
      {
        identity: [['id'], ['language_id']],
        destroy: '_destroy',
        rules: [requiredWithout('language_id', 'id'), requiredWith('id', '_destroy')],
      },
    ),
  },
  keys: [['id']],
  request({id, user_candidature, cursus_users, languages_users, ...fields}) {
    const nested = {
      ...(user_candidature && {user_candidature_attributes: user_candidature}),
      ...(cursus_users && {cursus_users_attributes: cursus_users}),
      ...(languages_users && {languages_users_attributes: languages_users}),
    };
    return {method: 'PUT', path: ['users', id], body: {user: {...fields, ...nested}}};
  },
  isIdempotent: ({user_candidature, cursus_users = [], languages_users = []}) =>
    [user_candidature, ...cursus_users, ...languages_users].every((nested) => !nested || nested.id != null),
  readBack: [
    {
      list: ['users'],
      by: {id: 'id'},
      sort: 'id',
      observe: (item) =>
        pick(
          item,
          ['id', 'login', 'first_name', 'last_name', 'usual_first_name', 'pool_year', 'pool_month', 'kind'],
          {
            languages_users: each('languages_users', ['id', 'language_id', 'position']),
          },
        ),
    },
    // No list shows campus and status, but a list can be asked for them.
    {
      list: ['users'],
      by: {id: 'id'},
      sort: 'id',
      when: (row) => typeof row.campus_id === 'number',
      where: (row) => ({primary_campus_id: String(row.campus_id)}),
      observe: (item, where) => ({...pick(item, ['id']), campus_id: Number(where['primary_campus_id'])}),
    },
    {
      list: ['users'],
      by: {id: 'id'},
      sort: 'id',
      // A comma would ask for either of two values.
      when: (row) => typeof row.status === 'string' && !row.status.includes(','),
      where: (row) => ({status: row.status ?? ''}),
      observe: (item, where) => ({...pick(item, ['id']), status: where['status'] ?? null}),
    },
    {
      list: ['user_candidatures'],
      by: {user_id: 'id'},
      sort: 'id',
      roles: ['Advanced staff'],
      when: (row) => row.user_candidature !== undefined,
      one: (row) => ['users', row.id, 'user_candidature'],
      observe: (item) => ({
        id: ownerOf(item, 'user_id'),
        user_candidature: pick(item, ['id', ...Object.keys(candidature)]),
      }),
      id: (item) => ownerOf(item, 'user_id'),
      absentMeans: {user_candidature: null},
    },
    {
      list: ['cursus_users'],
      by: {user_id: 'id'},
      sort: 'id',
      when: (row) => row.cursus_users !== undefined,
      observe: (item) => ({
        id: ownerOf(item, 'user.id'),
        cursus_users: [pick(item, ['id', 'cursus_id', 'begin_at', 'end_at'])],
      }),
      id: (item) => ownerOf(item, 'user.id'),
      absentMeans: {cursus_users: []},
    },
  ],
  caveats: [
    'the candidature goes as one object, as in the example of the document, whose parameter list says array',
    'a changed campus is read back as the primary campus, which the API may keep apart from it',
  ],
});
