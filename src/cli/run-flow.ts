import {systemClock as clock} from '../clock.ts';
import {Interrupted, TemporaryError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {acquireLock, type Lock} from '../files/lock.ts';
import {type LogFacts, type Logger, openLog} from '../logger.ts';
import {executeRun} from '../app/execute-run.ts';
import {lockRun} from '../runs/lock-run.ts';
import {applicationOf, clientOf, Session} from '../api/session.ts';
import {shutDownOnSignals} from '../app/shutdown.ts';
import {StopSignal} from '../stop-signal.ts';
import {version} from '../version.ts';
import type {CommandResult} from './command-result.ts';
import {conclude} from './print/finish-run.ts';
import {confirmPlan} from './print/confirm-plan.ts';
import {ExampleRows} from './print/example-rows.ts';
import type {Flow} from '../app/flow.ts';
import {Progress} from './print/progress.ts';
import {type RunArguments, runSettings} from '../app/run-settings.ts';
import {openSharing} from '../app/sharing.ts';
import type {Target} from '../app/target.ts';
import type {Terminal} from './terminal.ts';
import {escapeControlCharacters} from './print/escape-control-characters.ts';

/**
 * Locks, plans, shows, asks, sends, reports. `findFlow` is called under the lock: until then another process may be
 * adding to the very journal that says what is left to do.
 *
 * @returns the exit code, or the signal that ended the run
 */
export async function runFlow(
  {job, sha256}: {job: Job; sha256: string},
  findFlow: () => Promise<Flow>,
  args: RunArguments,
  target: Target,
  terminal: Terminal,
): Promise<CommandResult> {
  const settings = runSettings(args);
  const {config, credentials} = target;
  const stop = new StopSignal();
  let progress: Progress | undefined;
  const shutdown = shutDownOnSignals(stop, clock, (signal) => {
    const notice = `${signal}: waiting for what is on its way; once more to end at once`;
    progress?.above(() => terminal.error(notice));
  });
  const locks: Lock[] = [];
  const shared = await openSharing(args, target, (ms) => progress?.waiting('redis', ms));
  const session = new Session({
    config,
    credentials,
    scopes: ['public', ...(job.definition.needs.scopes ?? [])],
    clock,
    stop,
    version,
    ...settings,
    onWait: (reason, ms) => progress?.waiting(reason, ms),
    makeLimiter: shared?.limiter,
  });
  progress = new Progress({
    terminal,
    silent: args.json || args.quiet || args.noProgress,
    limits: () => session.connection.limiter.limits,
    now: () => clock.wall(),
  });
  const examples = new ExampleRows({all: false});
  const endOfWindow = stopAt(settings.until, stop);
  try {
    const lock = await acquireLock({
      name: applicationOf(config.baseUrl, clientOf(credentials.uid)),
      folder: config.stateFolder,
      clock,
      waitMs: settings.waitLockMs,
      signal: stop.signal,
    });
    locks.push(lock);
    // One sender of these rows on all machines, whatever its run is called there.
    const fence = await shared?.lease(`${job.name} ${sha256}`, settings.waitLockMs, stop.signal);
    const flow = await findFlow();
    const conducted = await executeRun({
      ...settings,
      prepared: flow.prepared,
      session,
      clock,
      stop,
      lock: {
        ...lock,
        get held() {
          return lock.held && (shared?.isHeld ?? true);
        },
      },
      fence,
      lockRun: async (directory) => void locks.push(await lockRun(directory, config.stateFolder, clock)),
      reporter: progress,
      openLog: (path) =>
        args.verbose
          ? echo(openLog(path, 'debug'), (line) => progress?.above(() => terminal.error(line)))
          : openLog(path, 'info'),
      start: flow.start,
      onRow: (action, describe) => examples.offer(action, describe),
      isSame: flow.isSame,
      removals: flow.removals,
      confirm: (plan) => {
        progress.clear();
        const {rows} = examples;
        return confirmPlan({
          plan,
          rows,
          flow,
          args,
          settings,
          session,
          target,
          terminal,
          stop: stop.signal,
        });
      },
    });
    progress.clear();
    return await conclude(conducted, flow, args, terminal, shutdown.signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (shutdown.signal) return {exitCode: 0, signal: shutdown.signal};
    throw new TemporaryError('stopped while planning, before anything was sent', {
      code: stop.reason ?? 'stopped',
      hint: 'allow more requests or more time',
    });
  } finally {
    progress.clear();
    endOfWindow.abort();
    shutdown.dispose();
    await session.close();
    await shared?.close();
    // The run's own first: whoever waits for the application's is about to take it.
    for (const lock of locks.toReversed()) await lock.release();
  }
}

/** With --verbose the run's log is on the screen too. */
function echo(log: Logger, print: (line: string) => void): Logger {
  const say = (facts: LogFacts) => {
    const words = Object.entries(facts).filter(([, value]) => value !== undefined);
    print(
      words
        .map(([name, value]) =>
          name === 'event'
            ? escapeControlCharacters(String(value))
            : `${name}=${escapeControlCharacters(String(value))}`,
        )
        .join(' '),
    );
  };
  return {
    debug: (facts) => {
      log.debug(facts);
      say(facts);
    },
    info: (facts) => {
      log.info(facts);
      say(facts);
    },
  };
}

/** Throws the stop switch at the next `minutes` since midnight, unless the run has ended by then. */
function stopAt(minutes: number | undefined, stop: StopSignal): AbortController {
  const ended = new AbortController();
  if (minutes === undefined) return ended;
  const now = new Date(clock.wall());
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, minutes);
  if (end <= now) end.setDate(end.getDate() + 1);
  void clock.sleep(end.getTime() - now.getTime(), ended.signal).then(() => {
    if (!ended.signal.aborted) stop.request('until');
  });
  return ended;
}
