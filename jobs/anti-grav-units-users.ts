import {after, boolean, date, defineJob, id, pick, text, user} from '#job';

const root = 'anti_grav_units_user';
const fields = ['user_id', 'anti_grav_unit_id', 'begin_date', 'expected_end_date', 'reason', 'is_free'];

/** The endpoint document of POST /v2/anti_grav_units_users. All its answers are wrapped, each item of a list too. */
export default defineJob({
  summary: 'Freeze accounts (AGU)',
  needs: {roles: ['Advanced staff']},
  columns: {
    user_id: user('The user to freeze').required(),
    expected_end_date: date('The day on which the freeze ends by itself')
      .required()
      .withExample('2026-12-18'),
    anti_grav_unit_id: id('The kind of freeze').withExample(''),
    begin_date: date('The first day; today without it').withExample('2026-11-23'),
    reason: text('Why').withExample('Internship'),
    is_free: boolean('Does not count against the three of a user, and may overlap others').withExample(
      'false',
    ),
  },
  keys: [
    ['user_id', 'begin_date', 'expected_end_date'],
    ['user_id', 'expected_end_date'],
  ],
  rules: [after('expected_end_date', 'begin_date')],
  request: (row) => ({method: 'POST', path: ['anti_grav_units_users'], body: {[root]: row}}),
  readBack: [
    {
      list: ['anti_grav_units_users'],
      by: {user_id: 'user_id'},
      sort: 'id',
      roles: ['Advanced staff'],
      root,
      observe: (item) => pick(item, fields),
    },
  ],
  confirm: 'count',
  update: (id, row) => ({method: 'PUT', path: ['anti_grav_units_users', id], body: {[root]: row}}),
  effects: ['closes the account for the time of the freeze'],
  caveats: ['no DELETE is documented'],
});
