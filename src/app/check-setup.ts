import {Session} from '../api/session.ts';
import {systemClock as clock} from '../clock.ts';
import {Bulk42Error, RefusedError} from '../errors.ts';
import {listJobs, loadJob} from '../job/load-jobs.ts';
import type {LimitStore} from '../limits/limit-store.ts';
import {StopSignal} from '../stop-signal.ts';
import {version} from '../version.ts';
import {
  checkApi,
  checkMemory,
  checkNode,
  checkRunsFolder,
  checkSecretFile,
  checkSettings,
  checkSharing,
  type SettingsPlaces,
} from './diagnose.ts';
import type {Finding} from './finding.ts';
import {DisposerStack} from './disposer-stack.ts';
import {openSharing, type SharingSettings} from './sharing.ts';
import {openTarget, type Target, type TargetSettings} from './target.ts';

/** Checks what every run needs. `onFinding` is called as it goes: an API that cannot be reached is tried for half a minute. */
export async function checkSetup(
  settings: TargetSettings & SharingSettings & SettingsPlaces,
  onFinding: (finding: Finding) => void,
): Promise<void> {
  onFinding(checkNode(process.versions.node));
  for (const finding of checkSettings(settings)) onFinding(finding);
  onFinding(await checkRunsFolder(settings.out));
  try {
    await using stack = new DisposerStack();
    const target = await openTarget(settings);
    stack.defer(() => target.close());
    const {stateFolder, secretFile} = target.config;
    onFinding(await checkMemory(stateFolder));
    if (secretFile && !settings.sandbox) checkSecretFile(secretFile).forEach(onFinding);
    const shared = await openSharing(settings, target, () => undefined);
    stack.defer(() => shared?.close());
    const redis = shared && (await checkSharing(shared));
    if (redis) onFinding(redis);
    const isUsable = redis?.status !== 'problem';
    for (const finding of await examine(target, isUsable ? shared : undefined)) onFinding(finding);
  } catch (error) {
    if (!(error instanceof Bulk42Error)) throw error;
    const {message, hint = '', exitCode} = error;
    onFinding({check: 'configuration', status: 'problem', detail: message, fix: hint, exitCode});
  }
}

/** With every scope that a job needs; where the application does not own them all, with those that it has. */
async function examine(target: Target, limitStore: LimitStore | undefined): Promise<Finding[]> {
  const jobs = await Promise.all((await listJobs()).map(loadJob));
  const scopes = [...new Set(['public', ...jobs.flatMap(({definition}) => definition.needs.scopes ?? [])])];
  const check = (owned: string[]) =>
    withSession(target, owned, limitStore, async (session) =>
      (await lacksScope(session)) ? undefined : checkApi(session, jobs, clock.wall()),
    );
  const found = await check(scopes);
  if (found) return found;
  const owned: string[] = [];
  for (const scope of scopes) {
    if (!(await withSession(target, [scope], limitStore, lacksScope))) owned.push(scope);
  }
  return (await check(owned)) ?? [];
}

async function lacksScope({connection}: Session): Promise<boolean> {
  try {
    await connection.token.current();
    return false;
  } catch (error) {
    return error instanceof RefusedError && error.code === 'scope';
  }
}

async function withSession<T>(
  {config, credentials}: Target,
  scopes: string[],
  limitStore: LimitStore | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  await using stack = new DisposerStack();
  const session = new Session({
    config,
    credentials,
    scopes,
    clock,
    stop: new StopSignal(),
    version,
    settings: {timeout: 20},
    onWait: () => undefined,
    limitStore,
  });
  stack.defer(() => session.close());
  return await use(session);
}
