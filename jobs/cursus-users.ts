import {after, boolean, dateTime, flag, id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/cursus_users, which types dates Fixnum and sends them as text. */
export default joinTable({
  summary: 'Enrol users in a cursus',
  needs: {roles: ['Advanced tutor']},
  resource: 'cursus_users',
  pair: ['user_id', 'cursus_id'],
  columns: {
    user_id: user('The user to enrol').required(),
    cursus_id: id('The cursus: 9 is the C Piscine, 21 the 42cursus').required().withExample('9'),
    begin_at: dateTime('When the cursus begins').required(),
    end_at: dateTime('When the cursus ends').nullable().withExample('2026-12-18T18:00:00+01:00'),
    has_coalition: boolean('Takes part in a coalition').required().default(true),
    skip_begin_validation: flag('Skip the check of begin_at').nullable().instruction(),
  },
  rules: [after('end_at', 'begin_at')],
  // Only an enrolment that has not begun can be deleted, so one that has begun is moved first.
  remove: (id, row, now) => {
    const removal = {method: 'DELETE', path: ['cursus_users', id]} as const;
    if (new Date(row['begin_at'] as string).getTime() > now.getTime()) return [removal];
    const tomorrow = new Date(now.getTime() + 24 * 3600 * 1000).toISOString();
    return [{method: 'PUT', path: ['cursus_users', id], body: {cursus_user: {begin_at: tomorrow}}}, removal];
  },
});
