import {isRecord} from '../http/parse-json.ts';
import type {Job} from '../job/job.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

/** Whether the token has the scopes that jobs need. `info` is what the API says of it. */
export function checkScopes(info: unknown, jobs: readonly Job[]): Finding[] {
  if (!isRecord(info)) return [warning('scopes', 'the API does not say which scopes the token has', '')];
  const held = new Set((Array.isArray(info['scopes']) ? info['scopes'] : []).map(String));
  const lacking = byNeed(jobs, ({definition}) =>
    (definition.needs.scopes ?? []).filter((scope) => !held.has(scope)),
  );
  const fix = 'add it to the application in its settings on the intra';
  const findings = [...lacking].map(([scope, names]) =>
    warning('scopes', `${names.join(', ')} ${names.length === 1 ? 'needs' : 'need'} the scope ${scope}`, fix),
  );
  if (findings.length === 0) findings.push(ok('scopes', [...held].join(', ')));
  if (info['resource_owner_id'] != null) {
    const detail = 'it belongs to a person and not to an application alone';
    findings.push(warning('token', detail, 'use client credentials'));
  }
  return findings;
}

/** Which jobs the application's roles allow, and which of those it cannot read back. */
export function checkRoles(roles: string | undefined, jobs: readonly Job[]): Finding[] {
  if (roles === undefined)
    return [warning('roles', 'the API does not say which roles the application has', '')];
  const lacked = new Map(jobs.map((job) => [job, lackedRoles(roles, job)]));
  const [able, unable] = [true, false].map((wanted) =>
    jobs.filter((job) => (lacked.get(job)?.write === undefined) === wanted),
  ) as [Job[], Job[]];
  const fix = 'ask the intra team for the roles of the jobs that you need';
  const which = listed(byNeed(unable, (job) => [lacked.get(job)?.write ?? '']));
  if (able.length === 0) return [problem('roles', `no job can run: ${which}`, fix, 77)];
  const blind = byNeed(able, (job) => lacked.get(job)?.read ?? []);
  const findings = [unable.length === 0 ? ok('roles', roles) : warning('roles', `cannot run: ${which}`, fix)];
  if (blind.size > 0) {
    const detail = `cannot read back: ${listed(blind)}`;
    findings.push(warning('reading', detail, `${fix}, or a lost response leaves its row in doubt`));
  }
  return findings;
}

/** For the plan of a job: what the application's roles do not allow. Nothing where the API does not tell them. */
export function tellLackedRoles(roles: string | undefined, job: Job): string[] {
  if (roles === undefined) return [];
  const {write, read} = lackedRoles(roles, job);
  return [
    ...(write === undefined
      ? []
      : [`the API will refuse these requests: the application lacks the role ${write}`]),
    ...read.map((role) => `not all that exists can be read: the application lacks the role ${role}`),
  ];
}

/** Alternatives are joined by "or". */
function lackedRoles(roles: string, {definition}: Job): {write?: string; read: string[]} {
  // Whole names: who has the role "Advanced tutor" has not the role "Tutor".
  const held = new Set(roles.split(',').map((role) => role.trim().toLowerCase()));
  const isHeld = (needed: readonly string[]) => needed.some((role) => held.has(role.toLowerCase()));
  const {needs, readBack} = definition;
  return {
    ...(!isHeld(needs.roles) && {write: needs.roles.join(' or ')}),
    read: readBack.flatMap(({roles: needed}) => (needed && !isHeld(needed) ? [needed.join(' or ')] : [])),
  };
}

/** Names of jobs by what each of them needs. */
function byNeed(jobs: readonly Job[], needsOf: (job: Job) => readonly string[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const job of jobs) {
    for (const need of new Set(needsOf(job))) names.set(need, [...(names.get(need) ?? []), job.name]);
  }
  return names;
}

function listed(names: ReadonlyMap<string, readonly string[]>): string {
  return [...names].map(([need, each]) => `${each.join(', ')} (${need})`).join('; ');
}
