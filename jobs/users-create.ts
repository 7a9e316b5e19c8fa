import {account, after, candidature, defineJob, enrolment, id, language, many, one, pick} from '#job';

const {user_id: _userId, email: _email, ...candidatureFields} = candidature;
const {first_name, last_name, email, kind, ...details} = account;

/** The endpoint document of POST /v2/users. The API moves the e-mail to the candidature and shows an alias instead. */
export default defineJob({
  summary: 'Create accounts',
  needs: {roles: ['Advanced tutor']},
  columns: {
    email: email.required(),
    first_name: first_name.required(),
    last_name: last_name.required(),
    kind: kind.default('student'),
    ...details,
    campus_id: id('The campus').required(),
    cursus_id: id('The cursus; without one the API takes piscine-c').nullable().withExample(''),
    user_candidature: one(candidatureFields),
    cursus_users: many(
      {...enrolment, cursus_id: enrolment.cursus_id.required(), begin_at: enrolment.begin_at.required()},
      {identity: [['cursus_id']], rules: [after('end_at', 'begin_at')]},
    ),
    languages_users: many(
      {...language, language_id: language.language_id.required()},
      {identity: [['language_id']]},
    ),
  },
  keys: [['email']],
  request({user_candidature, cursus_users, languages_users, ...fields}) {
    const nested = {
      ...(user_candidature && {user_candidature_attributes: user_candidature}),
      ...(cursus_users && {cursus_users_attributes: cursus_users}),
      ...(languages_users && {languages_users_attributes: languages_users}),
    };
    return {method: 'POST', path: ['users'], body: {user: {...fields, ...nested}}};
  },
  readBack: [
    {
      list: ['user_candidatures'],
      by: {},
      // One request for each account: whether this filter takes several addresses is not documented.
      where: (row) => ({email: row.email}),
      sort: 'id',
      roles: ['Advanced staff'],
      observe: (item) => pick(item, ['email']),
      id: (item) => Number(pick(item, ['user_id'])['user_id']),
    },
    {
      // Should an account keep its e-mail, it is found here. The item shows an alias in its place.
      list: ['users'],
      by: {},
      where: (row) => ({email: row.email}),
      provesOnlyPresence: true,
      sort: 'id',
      observe: (item, {email = ''}) => ({email, ...pick(item, ['first_name', 'last_name', 'kind'])}),
    },
    {
      list: ['users'],
      by: {login: 'login'},
      when: (row) => typeof row.login === 'string',
      sort: 'id',
      observe: (item) => pick(item, ['login', 'first_name', 'last_name', 'kind']),
    },
  ],
  response: {fields: ['login'], list: ['users']},
  effects: [
    'moves the e-mail to the candidature, and shows an alias of the campus in its place',
    'mails login and password to the address, unless skip_welcome_mail is true',
    'enrols the account in piscine-c where the row names no cursus',
  ],
  caveats: [
    'an account cannot be removed',
    'the candidature goes as one object, as in the example of the document, whose parameter list says array: try one row first',
  ],
});
