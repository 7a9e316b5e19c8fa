import {dateTime, defineJob, id, oneOf, pick, text, user} from '#job';

/** The endpoint document of POST /v2/community_services. The user is that of the close. */
export default defineJob({
  summary: 'Give community services to closed accounts',
  needs: {roles: ['Basic staff'], scopes: ['tig'], remove: {roles: ['Advanced staff']}},
  columns: {
    close_id: id('The close').required(),
    duration: oneOf('Length in seconds: 2, 4 or 8 hours', [7200, 14_400, 28_800]).required(),
    occupation: text('What to do', {maxLength: 255}).withExample('Tidy the cluster'),
    schedule_at: dateTime('When: from tomorrow on, within two weeks').withExample(''),
    tiger_id: user('Who watches over it').withExample('staff-login'),
  },
  keys: [
    ['close_id', 'duration', 'occupation'],
    ['close_id', 'duration'],
  ],
  request: (row) => ({method: 'POST', path: ['community_services'], body: {community_service: row}}),
  readBack: [
    {
      list: ['community_services'],
      by: {close_id: 'close_id'},
      sort: 'id',
      observe: (item) => pick(item, ['duration', 'occupation', 'schedule_at'], {close_id: 'close.id'}),
    },
  ],
  confirm: 'count',
  update: (id, row) => ({method: 'PUT', path: ['community_services', id], body: {community_service: row}}),
  remove: (id) => [{method: 'DELETE', path: ['community_services', id]}],
  effects: ['mails the student'],
  caveats: ['the example of the document gets back another hour than it sent'],
});
