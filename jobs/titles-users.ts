import {id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/titles_users. Its lists take no filter and no sort: one is read for each title. */
export default joinTable({
  summary: 'Give titles to users',
  needs: {roles: ['Advanced tutor']},
  resource: 'titles_users',
  pair: ['title_id', 'user_id'],
  columns: {
    title_id: id('The title').required().withExample('7'),
    user_id: user('The user').required(),
  },
  listUnder: 'titles',
  isUnfiltered: true,
  caveats: ['the document shows no item of a list'],
});
