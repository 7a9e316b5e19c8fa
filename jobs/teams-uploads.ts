import {id, integer, joinTable, text} from '#job';

/** The endpoint document of POST /v2/teams_uploads. No answer shows the team: only the list of one team knows it. */
export default joinTable({
  summary: 'Give teams the marks of an upload',
  needs: {roles: ['Advanced tutor'], scopes: ['projects']},
  resource: 'teams_uploads',
  pair: ['team_id', 'upload_id'],
  columns: {
    team_id: id('The team').required().withExample('66'),
    upload_id: id('The upload').required(),
    final_mark: integer('The mark').withExample('42'),
    comment: text('Comment').withExample('Compiles'),
  },
  listUnder: 'teams',
  effects: ["counts the team's final mark anew, but not its experience"],
});
