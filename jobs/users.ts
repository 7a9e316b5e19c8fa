import {
  after,
  boolean,
  candidature,
  dateTime,
  defineJob,
  each,
  email,
  file,
  flag,
  id,
  integer,
  many,
  month,
  one,
  oneOf,
  pick,
  requiredWith,
  requiredWithout,
  secretText,
  text,
  user,
  year,
} from '#job';

const ownerOf = (item: unknown, path: string) => Number(pick(item, [], {id: path})['id']);

/** The endpoint document of PUT /v2/users/:id. What it types String but means as a number or boolean is sent as such. */
export default defineJob({
  summary: 'Update users, with their candidature, cursus and languages',
  needs: {roles: ['Advanced tutor']},
  columns: {
    id: user('The user to update').required(),
    login: text('A new login').nullable().withExample(''),
    email: email('E-mail').personal(),
    first_name: text('First name').personal().withExample('Jeanne'),
    last_name: text('Last name').personal().withExample('Calment'),
    password: secretText('A new password').nullable(),
    pool_year: year('Year of the pool').nullable(),
    pool_month: month('Month of the pool').nullable(),
    kind: oneOf('Kind of account', ['admin', 'student', 'external']).withExample('student'),
    status: text('Status').nullable().withExample('admis'),
    image: file('Profile picture', {
      minBytes: 3072,
      maxBytes: 1_048_576,
      types: ['image/jpeg', 'image/png', 'image/gif'],
    }).nullable(),
    campus_id: id('The campus').nullable(),
    cursus_id: id('The cursus').nullable().withExample(''),
    email_stop: boolean('Stop all e-mails').nullable().withExample('false'),
    skip_welcome_mail: flag('Send no welcome mail').nullable().instruction(),
    user_candidature: one({
      id: id('The candidature. Without it the user gets a new one').nullable().withExample(''),
      ...candidature,
    }),
    cursus_users: many(
      {
        id: id('The enrolment to change. Without it a new one is made').nullable().withExample(''),
        cursus_id: id('The cursus: 9 is the C Piscine, 21 the 42cursus').withExample('9'),
        begin_at: dateTime('When the cursus begins'),
        end_at: dateTime('When the cursus ends').nullable().withExample('2026-12-18T18:00:00+01:00'),
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
        language_id: id('The language'),
        position: integer('Position in the list').nullable(),
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
      ...(user_candidature && {user_candidature_attributes: [user_candidature]}),
      ...(cursus_users && {cursus_users_attributes: cursus_users}),
      ...(languages_users && {languages_users_attributes: languages_users}),
    };
    return {method: 'PUT', path: ['users', id], body: {user: {...fields, ...nested}}};
  },
  adds: ({user_candidature, cursus_users = [], languages_users = []}) =>
    [user_candidature, ...cursus_users, ...languages_users].some((nested) => nested && nested.id == null),
  readBack: [
    {
      list: ['users'],
      by: {id: 'id'},
      observe: (item) =>
        pick(item, ['id', 'login', 'first_name', 'last_name', 'pool_year', 'pool_month', 'kind'], {
          languages_users: each('languages_users', ['id', 'language_id', 'position']),
        }),
    },
    // No list shows campus and status, but a list can be asked for them.
    {
      list: ['users'],
      by: {id: 'id'},
      when: (row) => typeof row.campus_id === 'number',
      where: (row) => ({primary_campus_id: String(row.campus_id)}),
      observe: (item, where) => ({...pick(item, ['id']), campus_id: Number(where['primary_campus_id'])}),
    },
    {
      list: ['users'],
      by: {id: 'id'},
      // A comma would ask for either of two values.
      when: (row) => typeof row.status === 'string' && !row.status.includes(','),
      where: (row) => ({status: row.status ?? ''}),
      observe: (item, where) => ({...pick(item, ['id']), status: where['status'] ?? null}),
    },
    {
      list: ['user_candidatures'],
      by: {user_id: 'id'},
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
      when: (row) => row.cursus_users !== undefined,
      observe: (item) => ({
        id: ownerOf(item, 'user.id'),
        cursus_users: [pick(item, ['id', 'cursus_id', 'begin_at', 'end_at'])],
      }),
      id: (item) => ownerOf(item, 'user.id'),
      absentMeans: {cursus_users: []},
    },
  ],
});
