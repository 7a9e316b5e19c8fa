import {IndexedTable} from './table.ts';

/** Times are ISO strings in UTC, as the API shows them; dates are YYYY-MM-DD. */
export interface User {
  readonly id: number;
  login: string;
  /** The account's own address. The API never shows it: responses carry the campus alias. */
  email: string;
  first_name: string;
  last_name: string;
  usual_first_name: string | null;
  kind: string;
  pool_month: string | null;
  pool_year: string | null;
  status: string | null;
  campus_id: number | null;
  password: string | null;
  email_stop: boolean;
  image: UploadedFile | null;
  created_at: string;
  updated_at: string;
}

/** A file part of a multipart body. Its bytes are not kept: the digest tells whether they arrived whole. */
export interface UploadedFile {
  filename: string;
  type: string;
  size: number;
  sha256: string;
}

export interface Patronage {
  readonly id: number;
  user_id: number;
  godfather_id: number;
  ongoing: boolean;
  created_at: string;
  updated_at: string;
}

export interface CursusUser {
  readonly id: number;
  user_id: number;
  cursus_id: number;
  begin_at: string;
  end_at: string | null;
  has_coalition: boolean;
  created_at: string;
  updated_at: string;
}

export interface Close {
  readonly id: number;
  user_id: number;
  closer_id: number;
  kind: string;
  reason: string;
  state: 'close' | 'unclose';
  end_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface LanguagesUser {
  readonly id: number;
  user_id: number;
  language_id: number;
  position: number | null;
  created_at: string;
}

export interface Cursus {
  readonly id: number;
  created_at: string;
  name: string;
  slug: string;
}

/** The fields of a candidature that a client may write, besides `id` and `user_id`. */
export interface CandidatureFields {
  birth_date?: string | null;
  gender?: string | null;
  zip_code?: string | null;
  country?: string | null;
  phone_country_code?: string | null;
  birth_city?: string | null;
  birth_country?: string | null;
  postal_street?: string | null;
  postal_complement?: string | null;
  postal_city?: string | null;
  postal_zip_code?: string | null;
  postal_country?: string | null;
  email?: string | null;
  contact_affiliation?: string | null;
  contact_last_name?: string | null;
  contact_first_name?: string | null;
  contact_phone1?: string | null;
  contact_phone2?: string | null;
  max_level_memory?: number | null;
  max_level_logic?: number | null;
  other_information?: string | null;
  language?: string | null;
  meeting_date?: string | null;
  piscine_date?: string | null;
  pin?: string | null;
  phone?: string | null;
}

export interface Candidature extends CandidatureFields {
  readonly id: number;
  user_id: number;
  created_at: string;
  updated_at: string;
}

/** A record of a table that is described by its parameters alone. */
export interface StoredEntry {
  readonly id: number;
  created_at: string;
  updated_at: string;
  [field: string]: string | number | boolean | null;
}

/** Columns that name other records; every table of entries has an index of each. */
export const linkColumns = [
  'user_id',
  'group_id',
  'title_id',
  'event_id',
  'exam_id',
  'achievement_id',
  'coalition_id',
  'coalitions_user_id',
  'campus_id',
  'project_id',
  'team_id',
  'upload_id',
  'close_id',
] as const;

/** First ids are those of the endpoint documents' examples, where there are any. */
const firstIds = {
  groups_users: 5,
  titles_users: 1,
  events_users: 1,
  exams_users: 1,
  achievements_users: 127,
  coalitions_users: 5,
  campus_users: 127,
  projects_users: 69,
  teams_uploads: 2,
  transactions: 6,
  scores: 3,
  correction_point_historics: 1,
  anti_grav_units_users: 64,
  free_past_agus: 1,
  community_services: 3,
};

export type LinkColumn = (typeof linkColumns)[number];
export type TableName = keyof typeof firstIds;
type EntryTable = IndexedTable<StoredEntry, LinkColumn>;

export interface Store {
  readonly tables: Readonly<Record<TableName, EntryTable>>;
  readonly users: IndexedTable<User, 'login' | 'email'>;
  readonly patronages: IndexedTable<Patronage, 'user_id' | 'godfather_id'>;
  readonly cursusUsers: IndexedTable<CursusUser, 'user_id'>;
  readonly candidatures: IndexedTable<Candidature, 'user_id'>;
  readonly closes: IndexedTable<Close, 'user_id'>;
  readonly languagesUsers: IndexedTable<LanguagesUser, 'user_id'>;
  readonly cursus: IndexedTable<Cursus, never>;
}

export function campusAlias(user: {login: string}): string {
  return `${user.login}@student.42.fr`;
}

/** An empty store. First ids are those of the endpoint documents' examples, so that a new sandbox responds to them as written. */
export function createStore(): Store {
  const byUser = {user_id: (row: {user_id: number}) => [row.user_id]};
  return {
    tables: createTables(),
    users: new IndexedTable<User, 'login' | 'email'>(100_000, {
      login: (user) => [user.login.toLowerCase()],
      email: (user) => [user.email.toLowerCase(), campusAlias(user).toLowerCase()],
    }),
    patronages: new IndexedTable<Patronage, 'user_id' | 'godfather_id'>(123, {
      ...byUser,
      godfather_id: (row) => [row.godfather_id],
    }),
    cursusUsers: new IndexedTable<CursusUser, 'user_id'>(127, byUser),
    candidatures: new IndexedTable<Candidature, 'user_id'>(21, byUser),
    closes: new IndexedTable<Close, 'user_id'>(3, byUser),
    languagesUsers: new IndexedTable<LanguagesUser, 'user_id'>(1, byUser),
    cursus: new IndexedTable<Cursus, never>(1, {}),
  };
}

function createTables(): Store['tables'] {
  const indexes = Object.fromEntries(
    linkColumns.map((column) => [
      column,
      ({[column]: id}: StoredEntry) => (typeof id === 'number' ? [id] : []),
    ]),
  ) as Record<LinkColumn, (entry: StoredEntry) => number[]>;
  return Object.fromEntries(
    Object.entries(firstIds).map(([name, first]) => [name, new IndexedTable(first, indexes)]),
  ) as Record<TableName, EntryTable>;
}

/** A copy of a store that follows it: each later change is made here when `later` runs it, as in a replica that lags. */
export function createReplica(store: Store, later: (change: () => void) => void): Store {
  const replica = createStore();
  followTables({...store}, {...replica}, later);
  return replica;
}

type Tables = Record<string, unknown>;

function followTables(from: Tables, to: Tables, later: (change: () => void) => void): void {
  for (const [name, table] of Object.entries(from)) {
    const copy = to[name];
    if (!(table instanceof IndexedTable && copy instanceof IndexedTable)) {
      followTables(table as Tables, copy as Tables, later);
      continue;
    }
    for (const [id, row] of table) copy.set(id, row);
    table.watch((id, row) => later(() => (row === undefined ? copy.delete(id) : copy.set(id, row))));
  }
}
