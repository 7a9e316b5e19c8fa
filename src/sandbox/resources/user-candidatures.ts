import {isoNow, recordOfPath, userOfPath} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {assertValid, date, datetime, integer, nullable, oneOf, permit, root, text} from '../permit.ts';
import type {Params, FieldProblem} from '../permit.ts';
import {Halt, json, noContent, notFound} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {Candidature, CandidatureFields} from '../store.ts';
import {phoneCountryCodes} from './phone-country-codes.ts';

const nestedFields = {
  id: nullable(integer),
  user_id: nullable(integer),
  birth_date: nullable(date),
  gender: nullable(text),
  zip_code: nullable(text),
  country: nullable(text),
  phone_country_code: nullable(oneOf(...phoneCountryCodes)),
  birth_city: nullable(text),
  birth_country: nullable(text),
  postal_street: nullable(text),
  postal_complement: nullable(text),
  postal_city: nullable(text),
  postal_zip_code: nullable(text),
  postal_country: nullable(text),
  email: nullable(text),
  contact_affiliation: nullable(text),
  contact_last_name: nullable(text),
  contact_first_name: nullable(text),
  contact_phone1: nullable(text),
  contact_phone2: nullable(text),
  max_level_memory: nullable(integer),
  max_level_logic: nullable(integer),
  other_information: nullable(text),
  language: nullable(text),
  meeting_date: nullable(datetime),
  piscine_date: nullable(date),
  pin: nullable(text),
  phone: nullable(text),
};

// The document of user_candidatures names the genders; that of users calls the nested field a String.
const ownFields = {...nestedFields, gender: nullable(oneOf('male', 'female', 'other'))};

const writers = ['Advanced staff', 'Advanced tutor'];
const readers = ['Advanced staff'];

const byUser = (call: RouteCall): Candidature => {
  const row = call.store.candidatures.by('user_id', userOfPath(call).id)[0];
  if (row === undefined) throw new Halt(notFound(call.method));
  return row;
};
const byId = (call: RouteCall): Candidature => recordOfPath(call, call.store.candidatures);

export const userCandidatures: Route[] = [
  {method: 'PUT', path: 'user_candidatures/:', roles: writers, handle: (call) => update(call, byId(call))},
  {method: 'PATCH', path: 'user_candidatures/:', roles: writers, handle: (call) => update(call, byId(call))},
  {
    method: 'PUT',
    path: 'users/:/user_candidature',
    roles: writers,
    handle: (call) => update(call, byUser(call)),
  },
  {
    method: 'PATCH',
    path: 'users/:/user_candidature',
    roles: writers,
    handle: (call) => update(call, byUser(call)),
  },
  {method: 'GET', path: 'user_candidatures', roles: readers, handle: index},
  {method: 'GET', path: 'user_candidatures/:', roles: readers, handle: (call) => json(200, view(byId(call)))},
  {
    method: 'GET',
    path: 'users/:/user_candidature',
    roles: readers,
    handle: (call) => json(200, view(byUser(call))),
  },
];

const columns: ListColumns<Candidature> = {
  id: (row) => row.id,
  user_id: (row) => row.user_id,
  birth_date: (row) => row.birth_date ?? null,
  gender: (row) => row.gender ?? null,
  country: (row) => row.country ?? null,
  birth_country: (row) => row.birth_country ?? null,
  postal_country: (row) => row.postal_country ?? null,
  piscine_date: (row) => row.piscine_date ?? null,
  email: (row) => row.email ?? null,
};

function view(row: Candidature): Record<string, unknown> {
  const names = Object.keys(ownFields) as (keyof typeof ownFields)[];
  const {created_at, updated_at} = row;
  const shown = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  return {...shown, hidden_phone: false, created_at, updated_at};
}

/**
 * A candidature's writable fields, of its own route or nested below a user; there the gender is free text.
 * `id` and `user_id` are the caller's to judge.
 */
export function readCandidature(
  call: RouteCall,
  raw: Params,
  nested: boolean,
): {id: number | undefined; userId: number | undefined; fields: CandidatureFields; problems: FieldProblem[]} {
  const {values, problems} = permit(nested ? nestedFields : ownFields, raw);
  const {id, user_id, ...fields} = values;
  const born = fields.birth_date ?? undefined;
  if (born !== undefined && born > yearsAgo(13, call.now)) {
    problems.push({field: 'birth_date', message: 'must be at least 13 years ago'});
  }
  if (born !== undefined && born < yearsAgo(99, call.now)) {
    problems.push({field: 'birth_date', message: 'must be at most 99 years ago'});
  }
  return {id: id ?? undefined, userId: user_id ?? undefined, fields, problems};
}

function yearsAgo(years: number, now: number): string {
  const today = new Date(now).toISOString();
  return `${Number(today.slice(0, 4)) - years}${today.slice(4, 10)}`;
}

function update(call: RouteCall, row: Candidature): Reply {
  const {userId, fields, problems} = readCandidature(call, root(call.params, 'user_candidature'), false);
  if (userId !== undefined && !call.store.users.has(userId))
    problems.push({field: 'user', message: 'must exist'});
  assertValid(problems, 'list');
  const user_id = userId ?? row.user_id;
  call.store.candidatures.set(row.id, {...row, ...fields, user_id, updated_at: isoNow(call)});
  return noContent({resource: 'user_candidatures', id: row.id, action: 'update'});
}

function index(call: RouteCall): Reply {
  const campus_id = (row: Candidature) => call.store.users.get(row.user_id)?.campus_id ?? null;
  return list(call, {
    table: call.store.candidatures,
    indexed: ['user_id'],
    columns: {...columns, campus_id},
    show: view,
  });
}
