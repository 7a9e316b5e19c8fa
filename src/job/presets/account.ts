import {
  boolean,
  dateTime,
  email,
  file,
  flag,
  id,
  integer,
  month,
  oneOf,
  secretText,
  text,
  year,
} from '../columns/columns.ts';

/** The fields of an account, which POST /v2/users and PUT /v2/users/:id take alike. */
export const account = {
  login: text('A new login', {isIdentifier: true}).nullable().withExample(''),
  email: email('E-mail'),
  first_name: text('First name').withExample('Jeanne'),
  last_name: text('Last name').withExample('Calment'),
  usual_first_name: text('The first name that is used', {maxLength: 42}).withExample('Jane'),
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
};

/** A nested enrolment of an account. */
export const enrolment = {
  cursus_id: id('The cursus: 9 is the C Piscine, 21 the 42cursus').withExample('9'),
  begin_at: dateTime('When the cursus begins'),
  end_at: dateTime('When the cursus ends').nullable().withExample('2026-12-18T18:00:00+01:00'),
};

/** A nested language of an account. */
export const language = {
  language_id: id('The language'),
  position: integer('Position in the list').nullable(),
};
