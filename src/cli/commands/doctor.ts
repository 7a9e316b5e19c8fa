import type {MakeLimiter} from '../../limits/limiter.ts';
import {systemClock as clock} from '../../clock.ts';
import {Bulk42Error, RefusedError} from '../../errors.ts';
import {listJobs, loadJob} from '../../job/load-jobs.ts';
import {
  checkApi,
  checkMemory,
  checkNode,
  checkRunsFolder,
  checkSharing,
  type Finding,
} from '../../app/diagnose.ts';
import {Session} from '../../api/session.ts';
import {StopSignal} from '../../stop-signal.ts';
import {version} from '../../version.ts';
import type {ArgumentsOf, doctorOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {pluralize} from '../print/pluralize.ts';
import {openSharing} from '../../app/sharing.ts';
import {openTarget, type Target} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters, toPrintableJson} from '../print/escape-control-characters.ts';

type DoctorArguments = ArgumentsOf<typeof doctorOptions>;

/** Checks what every run needs, and says what to fix. Reads only. */
export async function doctor(args: DoctorArguments, terminal: Terminal): Promise<CommandResult> {
  const findings: Finding[] = [];
  // As they come: an API that cannot be reached is tried for half a minute.
  const tell = (...found: Finding[]) => {
    findings.push(...found);
    if (!args.json) for (const finding of found) terminal.result(render(finding, terminal));
  };
  tell(checkNode(process.versions.node), await checkRunsFolder(args.out));
  let target: Target | undefined;
  try {
    target = await openTarget(args);
    tell(await checkMemory(target.config.stateFolder));
    const shared = await openSharing(args, target, () => undefined);
    try {
      const redis = shared && (await checkSharing(shared));
      if (redis) tell(redis);
      tell(...(await examine(target, redis?.status === 'problem' ? undefined : shared?.limiter)));
    } finally {
      await shared?.close();
    }
  } catch (error) {
    if (!(error instanceof Bulk42Error)) throw error;
    const {message, hint = '', exitCode} = error;
    tell({check: 'configuration', status: 'problem', detail: message, fix: hint, exitCode});
  } finally {
    await target?.close();
  }
  const exitCode = Math.max(0, ...findings.map((finding) => finding.exitCode));
  if (args.json) terminal.result(toPrintableJson({ok: exitCode === 0, exitCode, findings}, 2));
  else terminal.result(verdictOn(findings, terminal));
  return {exitCode};
}

/** With every scope that a job needs; where the application does not own them all, with those that it has. */
async function examine(target: Target, makeLimiter: MakeLimiter | undefined): Promise<Finding[]> {
  const jobs = await Promise.all((await listJobs()).map(loadJob));
  const wanted = [...new Set(['public', ...jobs.flatMap(({definition}) => definition.needs.scopes ?? [])])];
  const first = await withSession(target, wanted, makeLimiter, async (session) => {
    try {
      await session.connection.token.current();
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'scope') return undefined;
    }
    return checkApi(session, jobs, clock.wall());
  });
  return (
    first ?? withSession(target, ['public'], makeLimiter, (session) => checkApi(session, jobs, clock.wall()))
  );
}

async function withSession<T>(
  target: Target,
  scopes: string[],
  makeLimiter: MakeLimiter | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const {config, credentials} = target;
  const session = new Session({
    config,
    credentials,
    scopes,
    clock,
    stop: new StopSignal(),
    version,
    timeoutMs: 20_000,
    onWait: () => undefined,
    makeLimiter,
  });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

function verdictOn(findings: readonly Finding[], {colors: {bold}}: Terminal): string {
  const having = (status: Finding['status']) =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [having('problem'), having('warning')];
  if (problems > 0) return bold(`not ready: ${pluralize(problems, 'problem')} to mend before a run`);
  return bold(
    warnings > 0 ? `ready, with ${pluralize(warnings, 'warning')}` : 'ready: everything is in place',
  );
}

function render({check, status, detail, fix}: Finding, {colors}: Terminal): string {
  const {green, yellow, red, dim} = colors;
  const mark = {ok: green('ok      '), warning: yellow('warning '), problem: red('problem ')}[status];
  return `${mark} ${check}: ${escapeControlCharacters(detail)}${fix ? `\n         ${dim('→')} ${escapeControlCharacters(fix)}` : ''}`;
}
