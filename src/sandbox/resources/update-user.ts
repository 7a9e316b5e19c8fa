import {isoNow, userOfPath} from '../call.ts';
import type {RouteCall} from '../call.ts';
import {
  assertValid,
  boolean,
  datetime,
  integer,
  isHash,
  nestedHash,
  nestedRows,
  nullable,
  oneOf,
  permit,
  present,
  root,
  text,
} from '../permit.ts';
import type {Params, FieldProblem} from '../permit.ts';
import {Halt, noContent, notFound} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {CursusUser, LanguagesUser, UploadedFile, User} from '../store.ts';
import {readCandidature} from './user-candidatures.ts';

const image = {
  read: (raw: unknown): UploadedFile | undefined =>
    isHash(raw) && typeof raw['sha256'] === 'string' ? (raw as unknown as UploadedFile) : undefined,
  message: 'is invalid',
};
const campus = {...integer, message: 'is invalid'};

export const accountFields = {
  login: nullable(text),
  email: present(text),
  first_name: present(text),
  last_name: present(text),
  usual_first_name: nullable(text),
  password: nullable(text),
  pool_year: nullable(text),
  pool_month: nullable(text),
  kind: present(oneOf('admin', 'student', 'external')),
  status: nullable(text),
  image: nullable(image),
  campus_id: nullable(campus),
  email_stop: nullable(boolean),
};

const minImageBytes = 3072;
const maxImageBytes = 1_048_576;

const cursusFields = {
  id: nullable(integer),
  cursus_id: present(integer),
  end_at: nullable(datetime),
  begin_at: present(datetime),
};
const languageFields = {id: nullable(integer), language_id: present(integer), position: nullable(integer)};

/** What a nested part wants: what is wrong with it, and its writes, done only when nothing is wrong anywhere. */
interface NestedPart {
  problems: FieldProblem[];
  apply: () => void;
}

/** PUT /v2/users/:id. Nested rows without an id add records, so the same request twice is not always the same as once. */
export function updateUser(call: RouteCall): Reply {
  const user = userOfPath(call);
  const raw = root(call.params, 'user');
  const parts = [ownFields(call, user, raw), ...nestedParts(call, user, raw)];
  assertValid(
    parts.flatMap((part) => part.problems),
    'list',
  );
  for (const part of parts) part.apply();
  return noContent({resource: 'users', id: user.id, action: 'update'});
}

/** What a body adds to an account or changes of what belongs to it. */
export function nestedParts(call: RouteCall, user: User, raw: Params): NestedPart[] {
  return [
    ...nestedCandidature(call, raw).map((row) => candidature(call, user, row)),
    cursusRows(call, user, nestedRows(raw, 'cursus_users_attributes')),
    languageRows(call, user, nestedRows(raw, 'languages_users_attributes')),
  ];
}

/** The example of the document is one object, its parameter list says array. */
function nestedCandidature(call: RouteCall, raw: Params): Params[] {
  const read = call.settings.candidatureAs === 'object' ? nestedHash : nestedRows;
  return read(raw, 'user_candidature_attributes');
}

function ownFields(call: RouteCall, user: User, raw: Params): NestedPart {
  const {store} = call;
  const {values, problems} = permit(accountFields, raw);
  const {login, email_stop, ...others} = values;
  problems.push(...accountProblems(call, values, user.id));
  return {
    problems,
    apply: () =>
      store.users.set(user.id, {
        ...user,
        ...others,
        login: login || user.login,
        email_stop: email_stop ?? user.email_stop,
        updated_at: isoNow(call),
      }),
  };
}

/** What is wrong with the values of an account beyond their types. */
export function accountProblems(
  {store}: RouteCall,
  values: {image?: UploadedFile | null; login?: string | null; email?: string},
  own: number | undefined,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const size = values.image?.size ?? minImageBytes;
  if (size !== 0 && size < minImageBytes)
    problems.push({field: 'image', message: 'is too small (minimum is 3072)'});
  if (size > maxImageBytes) problems.push({field: 'image', message: 'is too big (maximum is 1048576)'});
  for (const field of ['login', 'email'] as const) {
    const value = values[field]?.toLowerCase();
    if (value !== undefined && store.users.by(field, value).some((other) => other.id !== own)) {
      problems.push({field, message: 'has already been taken'});
    }
  }
  return problems;
}

/** With its id the candidature is changed; without, a new one takes its place, as Rails does with a has_one. */
function candidature(call: RouteCall, user: User, raw: Params): NestedPart {
  const table = call.store.candidatures;
  const {id, fields, problems} = readCandidature(call, raw, true);
  const former = table.by('user_id', user.id);
  const own = former.find((row) => row.id === id);
  if (id !== undefined && own === undefined) throw new Halt(notFound(call.method));
  return {
    problems: problems.map(({field, message}) => ({field: `user_candidature.${field}`, message})),
    apply: () => {
      const at = isoNow(call);
      if (own !== undefined) {
        table.set(own.id, {...own, ...fields, updated_at: at});
        return;
      }
      for (const row of former) table.delete(row.id);
      table.insert((newId) => ({id: newId, user_id: user.id, ...fields, created_at: at, updated_at: at}));
    },
  };
}

function cursusRows(call: RouteCall, user: User, rows: Params[]): NestedPart {
  const {cursusUsers, cursus} = call.store;
  const at = isoNow(call);
  const problems: FieldProblem[] = [];
  const writes: (() => void)[] = [];
  // What the user will have, cursus by cursus, when all rows are through.
  const outcome = new Map(cursusUsers.by('user_id', user.id).map((row) => [row.id, row.cursus_id]));
  const added: number[] = [];
  for (const raw of rows) {
    const {values, problems: own} = permit(cursusFields, raw);
    problems.push(...own.map(({field, message}) => ({field: `cursus_users.${field}`, message})));
    const {id, ...changes} = values;
    if (id != null) {
      const row = ownRow<CursusUser>(call, cursusUsers, user, id);
      if (isDestroyed(raw)) {
        outcome.delete(id);
        writes.push(() => cursusUsers.delete(id));
      } else {
        outcome.set(id, changes.cursus_id ?? row.cursus_id);
        writes.push(() => cursusUsers.set(id, {...row, ...changes, updated_at: at}));
      }
    } else if (!isDestroyed(raw)) {
      const {cursus_id, begin_at, end_at} = changes;
      if (cursus_id === undefined || begin_at === undefined) {
        const field = cursus_id === undefined ? 'cursus_users.cursus_id' : 'cursus_users.begin_at';
        if (own.length === 0) problems.push({field, message: "can't be blank"});
        continue;
      }
      added.push(cursus_id);
      const row = {user_id: user.id, cursus_id, begin_at, end_at: end_at ?? null, has_coalition: true};
      writes.push(() => cursusUsers.insert((newId) => ({id: newId, ...row, created_at: at, updated_at: at})));
    }
  }
  const all = [...outcome.values(), ...added];
  if (rows.length > 0 && new Set(all).size < all.length) {
    problems.push({field: 'cursus_users.cursus_id', message: 'has already been taken'});
  }
  if (!added.every((id) => cursus.has(id)))
    problems.push({field: 'cursus_users.cursus', message: 'must exist'});
  return {problems, apply: () => writes.forEach((write) => write())};
}

function languageRows(call: RouteCall, user: User, rows: Params[]): NestedPart {
  const {languagesUsers} = call.store;
  const problems: FieldProblem[] = [];
  const writes: (() => void)[] = [];
  for (const raw of rows) {
    const {values, problems: own} = permit(languageFields, raw);
    problems.push(...own.map(({field, message}) => ({field: `languages_users.${field}`, message})));
    const {id, ...changes} = values;
    if (id != null) {
      const row = ownRow<LanguagesUser>(call, languagesUsers, user, id);
      writes.push(() =>
        isDestroyed(raw) ? languagesUsers.delete(id) : languagesUsers.set(id, {...row, ...changes}),
      );
    } else if (!isDestroyed(raw)) {
      const {language_id, position} = changes;
      if (language_id === undefined) {
        if (own.length === 0)
          problems.push({field: 'languages_users.language_id', message: "can't be blank"});
        continue;
      }
      const row = {user_id: user.id, language_id, position: position ?? null, created_at: isoNow(call)};
      writes.push(() => languagesUsers.insert((newId) => ({id: newId, ...row})));
    }
  }
  return {problems, apply: () => writes.forEach((write) => write())};
}

function isDestroyed(raw: Params): boolean {
  return boolean.read(raw['_destroy']) === true;
}

/** The row with this id if it is the user's; Rails answers 404 for any other. */
function ownRow<T extends {user_id: number}>(
  call: RouteCall,
  table: ReadonlyMap<number, T>,
  user: User,
  id: number,
): T {
  const row = table.get(id);
  if (row?.user_id !== user.id) throw new Halt(notFound(call.method));
  return row;
}
