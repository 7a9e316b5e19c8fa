import {userReference} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {boolean, datetime, integer, nullable, present, required, text} from '../permit.ts';
import type {StoredEntry} from '../store.ts';
import {recordRoutes} from './record-routes.ts';
import type {RecordTable} from './record-routes.ts';

const id = required(integer);
const tutor = {roles: ['Advanced tutor']};

/** What examples of the documents show of a pair: its ids and times. */
const flat = (first: string) => (_call: RouteCall, entry: StoredEntry) =>
  pick(entry, [first, 'user_id', 'created_at', 'updated_at']);

/** Items that no document shows. */
const undocumented = (first: string) => (call: RouteCall, entry: StoredEntry) => {
  const {links} = call.settings;
  const times = pick(entry, ['created_at', 'updated_at']);
  if (links === 'bare') return times;
  if (links === 'flat') return {...times, ...pick(entry, [first, 'user_id'])};
  const named = first.replace(/_id$/, '');
  return {...times, [named]: {id: entry[first]}, user: userReference(call.store, Number(entry['user_id']))};
};

function pick(entry: StoredEntry, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(['id', ...fields].map((field) => [field, entry[field] ?? null]));
}

const tables: RecordTable[] = [
  {
    name: 'groups_users',
    root: 'groups_user',
    fields: {group_id: id, user_id: id},
    unique: ['group_id', 'user_id'],
    write: tutor,
    parents: {groups: 'group_id', users: 'user_id'},
    filters: false,
    show: flat('group_id'),
  },
  {
    name: 'titles_users',
    root: 'titles_user',
    fields: {title_id: id, user_id: id},
    unique: ['title_id', 'user_id'],
    write: tutor,
    parents: {titles: 'title_id', users: 'user_id'},
    filters: false,
    show: undocumented('title_id'),
  },
  {
    name: 'events_users',
    root: 'events_user',
    fields: {event_id: id, user_id: id},
    unique: ['user_id', 'event_id'],
    write: {roles: ['Advanced staff', 'Events manager']},
    parents: {events: 'event_id', users: 'user_id'},
    order: '-id',
    show: undocumented('event_id'),
  },
  {
    name: 'exams_users',
    root: 'exams_user',
    fields: {exam_id: id, user_id: id},
    unique: ['user_id', 'exam_id'],
    write: tutor,
    read: {roles: ['Basic staff']},
    createAt: 'exams/:/exams_users',
    createdUnder: 'exam_id',
    parents: {exams: 'exam_id'},
    isBelowParents: true,
    update: false,
    removeAt: 'exams/:/exams_users/:',
    removedBy: ({examsUserId}) => (examsUserId === 'user' ? 'user_id' : 'id'),
    order: '-id',
    show: undocumented('exam_id'),
  },
  {
    name: 'achievements_users',
    root: 'achievements_user',
    fields: {
      achievement_id: id,
      user_id: id,
      nbr_of_success: nullable(integer),
      rewarded: present(boolean),
    },
    defaults: () => ({rewarded: false}),
    unique: ['user_id', 'achievement_id'],
    write: {roles: ['Achievements manager']},
    parents: {achievements: 'achievement_id'},
    order: '-id',
    // Which achievement it is can only be known from the filter or the path.
    show: ({store}, entry) => {
      const {login, url} = userReference(store, Number(entry['user_id']));
      return {...pick(entry, ['user_id', 'created_at']), login, url};
    },
  },
  {
    name: 'coalitions_users',
    root: 'coalitions_user',
    fields: {
      coalition_id: id,
      user_id: id,
      this_year_score: present(integer),
      this_year_score_updated_at: nullable(datetime),
    },
    defaults: () => ({this_year_score: 0}),
    unique: ['user_id', 'coalition_id'],
    write: tutor,
    parents: {coalitions: 'coalition_id', users: 'user_id'},
    order: '-id',
    show: flat('coalition_id'),
  },
  {
    name: 'campus_users',
    root: 'campus_user',
    fields: {campus_id: id, user_id: id, is_primary: present(boolean)},
    defaults: () => ({is_primary: false}),
    unique: ['user_id', 'campus_id'],
    write: tutor,
    parents: {users: 'user_id'},
    update: false,
    remove: false,
    order: '-id',
    show: (_call, entry) => pick(entry, ['user_id', 'campus_id', 'is_primary']),
  },
  {
    name: 'projects_users',
    root: 'projects_user',
    fields: {
      project_id: id,
      user_id: id,
      occurrence: present(integer),
      final_mark: nullable(integer),
      status: present(text),
      marked_at: nullable(datetime),
      retriable_at: nullable(datetime),
      skip_check_permission: nullable(text),
    },
    defaults: () => ({occurrence: 0, status: 'in_progress'}),
    unique: ['user_id', 'project_id'],
    write: {roles: ['Advanced tutor', 'Advanced staff']},
    update: {scope: 'projects'},
    parents: {projects: 'project_id', users: 'user_id'},
    show: ({store}, entry) => ({
      ...pick(entry, ['occurrence', 'final_mark', 'status']),
      'validated?': null,
      current_team_id: entry.id,
      project: {
        id: entry['project_id'],
        name: `Project ${entry['project_id']}`,
        slug: 'project',
        parent_id: null,
      },
      cursus_ids: [21],
      user: userReference(store, Number(entry['user_id'])),
      teams: [],
    }),
  },
  {
    name: 'teams_uploads',
    root: 'teams_upload',
    fields: {team_id: id, upload_id: id, final_mark: nullable(integer), comment: nullable(text)},
    unique: ['team_id', 'upload_id'],
    write: {roles: ['Advanced tutor'], scope: 'projects'},
    parents: {teams: 'team_id'},
    order: 'id',
    // Which team it is can only be known from the filter or the path.
    show: (_call, entry) => ({
      ...pick(entry, ['final_mark', 'comment', 'created_at', 'upload_id']),
      upload: {id: entry['upload_id'], evaluation_id: 2, name: 'Upload', description: ''},
    }),
  },
];

/** Tables that join two records, of which the server takes each pair once. */
export const joinTables: Route[] = tables.flatMap(recordRoutes);
