import {id, joinTable, user} from '#job';

/** The endpoint document of POST /v2/events_users. */
export default joinTable({
  summary: 'Subscribe users to events',
  needs: {roles: ['Advanced staff', 'Events manager']},
  resource: 'events_users',
  pair: ['event_id', 'user_id'],
  columns: {
    event_id: id('The event').required().withExample('2042'),
    user_id: user('The user').required(),
  },
  caveats: ['the document shows no item of a list'],
});
