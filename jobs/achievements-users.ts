import {boolean, id, integer, joinTable, user} from '#job';

/** The endpoint document of POST /v2/achievements_users. No answer shows the achievement: only the filter knows it. */
export default joinTable({
  summary: 'Give achievements to users',
  needs: {roles: ['Achievements manager']},
  resource: 'achievements_users',
  pair: ['achievement_id', 'user_id'],
  columns: {
    achievement_id: id('The achievement').required().withExample('5'),
    user_id: user('The user').required(),
    nbr_of_success: integer('How often it was achieved', {min: 0}),
    rewarded: boolean('Was the reward given').withExample('false'),
  },
  listUnder: 'achievements',
  effects: ['gives the title that is bound to the achievement, which a removal does not take away'],
});
