import {id, integer, joinTable, user} from '#job';

/** The endpoint document of POST /v2/coalitions_users. No answer shows the score. */
export default joinTable({
  summary: 'Put users into coalitions',
  needs: {roles: ['Advanced tutor']},
  resource: 'coalitions_users',
  pair: ['coalition_id', 'user_id'],
  columns: {
    coalition_id: id('The coalition').required().withExample('45'),
    user_id: user('The user').required(),
    this_year_score: integer("This year's score").default(0),
  },
});
