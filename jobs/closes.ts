import {dateTime, defineJob, each, many, oneOf, pick, text, user} from '#job';

/** The endpoint document of POST /v2/closes. No response shows the kind: only the filter knows it. */
export default defineJob({
  summary: 'Close accounts, with community services',
  needs: {roles: ['Basic staff'], scopes: ['tig']},
  columns: {
    user_id: user('The user to close').required(),
    closer_id: user('Who closes: an application has no owner that it could default to')
      .required()
      .withExample('staff-login'),
    kind: oneOf('Kind of close', [
      'other',
      'deserter',
      'black_hole',
      'serious_misconduct',
      'social_security',
      'non_admitted',
      'agu',
      'pace_unknown',
    ]).required(),
    reason: text('Why; the user reads it').required().withExample('Three absences at the exam'),
    end_at: dateTime('When the close ends by itself').withExample(''),
    community_services: many(
      {
        duration: oneOf('Length in seconds: 2, 4 or 8 hours', [7200, 14_400, 28_800]).required(),
        occupation: text('What to do', {maxLength: 255}).nullable().withExample('Tidy the cluster'),
      },
      {identity: [['duration', 'occupation'], ['duration']]},
    ),
  },
  keys: [['user_id', 'kind', 'reason']],
  request({community_services, ...fields}) {
    const nested = community_services && {community_services_attributes: community_services};
    return {method: 'POST', path: ['closes'], body: {close: {...fields, ...nested}}};
  },
  readBack: [
    {
      list: ['closes'],
      by: {user_id: 'user_id'},
      sort: 'id',
      roles: ['Basic staff'],
      where: (row) => ({kind: row.kind, state: 'close'}),
      otherWhere: (row) => ({kind: row.kind === 'other' ? 'deserter' : 'other', state: 'close'}),
      observe: (item, where) => ({
        ...pick(item, ['reason', 'end_at'], {
          user_id: 'user.id',
          closer_id: 'closer.id',
          community_services: each('community_services', ['duration', 'occupation']),
        }),
        kind: where['kind'] ?? null,
      }),
    },
  ],
  confirm: 'count',
  // The account is opened again; that it was closed once stays on record.
  effects: ['blocks the account', 'mails the student, once more for each community service'],
  remove: (id) => [{method: 'PUT', path: ['closes', id, 'unclose']}],
});
