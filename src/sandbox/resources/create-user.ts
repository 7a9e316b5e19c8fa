import {isoNow} from '../call.ts';
import type {RouteCall} from '../call.ts';
import {assertValid, oneOf, permit, present, required, root, text} from '../permit.ts';
import type {Params} from '../permit.ts';
import {created} from '../reply.ts';
import type {Reply} from '../reply.ts';
import {freeLogin} from '../seed.ts';
import {campusAlias} from '../store.ts';
import type {User} from '../store.ts';
import {accountFields, accountProblems, nestedParts} from './update-user.ts';

const fields = {
  ...accountFields,
  email: required(text),
  first_name: required(text),
  last_name: required(text),
  kind: required(oneOf('admin', 'student', 'external')),
  campus_id: required(accountFields.campus_id),
  usual_first_name: present(text),
};

/** Where an account begins that names no cursus. */
const piscineC = 4;

/**
 * POST /v2/users. The login is generated where none is given, and the response holds three fields. The e-mail goes to the
 * candidature: what the account shows from then on is an alias, so the same e-mail may come a second time.
 */
export function createUser(call: RouteCall): Reply {
  const {store, settings} = call;
  const raw = root(call.params, 'user');
  const {values, problems} = permit(fields, raw);
  problems.push(...accountProblems(call, values, undefined));
  assertValid(problems, 'list');
  const at = isoNow(call);
  const login = values.login || freeLogin(store, values.first_name, values.last_name);
  const {email} = values;
  const build = (id: number): User => ({
    usual_first_name: null,
    pool_month: null,
    pool_year: null,
    status: null,
    password: null,
    image: null,
    ...values,
    id,
    login,
    email: settings.movesEmail ? campusAlias({login}) : email,
    email_stop: values.email_stop ?? false,
    created_at: at,
    updated_at: at,
  });
  // What is wrong with nested records is known before anything is stored.
  const parts = nestedParts(call, build(0), raw);
  assertValid(
    parts.flatMap((part) => part.problems),
    'list',
  );
  const user = store.users.insert(build);
  for (const part of nestedParts(call, user, withCursus(raw, at))) part.apply();
  const [candidature] = store.candidatures.by('user_id', user.id);
  const own = {user_id: user.id, created_at: at, updated_at: at, ...candidature};
  const moved = settings.movesEmail ? {...own, email} : own;
  if (candidature) store.candidatures.set(candidature.id, {...moved, id: candidature.id});
  else store.candidatures.insert((id) => ({...moved, id}));
  const url = `https://api.intra.42.fr/v2/users/${login}`;
  return created('users', user.id, {id: user.id, login, url});
}

function withCursus(raw: Params, at: string): Params {
  const named = raw['cursus_users_attributes'];
  if (Array.isArray(named) && named.length > 0) return raw;
  const cursus_id = raw['cursus_id'] ?? piscineC;
  return {...raw, cursus_users_attributes: [{cursus_id, begin_at: at}]};
}
