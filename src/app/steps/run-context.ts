import {applicationOf, clientOf, Session} from '../../api/session.ts';
import {type Clock, instant, type Instant, systemClock} from '../../clock.ts';
import {acquireLock} from '../../files/lock.ts';
import type {CheckedInput} from '../../input/prepare-input.ts';
import {RowHashes} from '../../input/row-hashes.ts';
import type {Job} from '../../job/job.ts';
import {ApplicationLedger} from '../../runs/application-ledger.ts';
import type {StopSignal} from '../../stop-signal.ts';
import {version} from '../../version.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {OpenedRun} from '../open/opened-run.ts';
import type {RunIo} from '../run-io.ts';
import type {RunSettings, RunSpec} from '../run-spec.ts';
import type {TakenLease} from '../../limits/redis/lease.ts';
import type {RedisStore} from '../../limits/redis/redis-store.ts';
import {openSharing} from '../sharing.ts';
import {stopAt} from './stop-at.ts';
import type {Target} from '../target.ts';

/** What all steps of one run share. The stack that it was opened with releases it. */
export interface RunContext {
  readonly io: RunIo;
  readonly stop: StopSignal;
  readonly settings: RunSettings;
  readonly clock: Clock;
  readonly job: Job;
  readonly prepared: CheckedInput;
  readonly target: Target;
  readonly session: Session;
  readonly ledger: ApplicationLedger;
  readonly hashes: RowHashes;
  /** Nothing will be sent. */
  readonly isReadOnly: boolean;
  /** Releases what is opened later. */
  readonly stack: DisposerStack;
  /** What is shared with other machines, and the lease on the job that this process has there. */
  readonly shared: RedisStore | undefined;
  readonly lease: TakenLease | undefined;
  /** When the lock was taken: whatever sent before is dead from then on, and not from when it wrote its intents. */
  readonly heldSince: Instant;
  /** Whether this process is still the one that may send, and within the time that the user gave it. */
  readonly maySend: () => boolean;
}

/** Takes the lock of the application and, where machines share, the lease of the job; a dry run takes neither. */
export async function openContext(
  {settings, sending}: RunSpec,
  {job, prepared, openTarget}: OpenedRun,
  io: RunIo,
  stop: StopSignal,
  stack: DisposerStack,
): Promise<RunContext> {
  const clock = systemClock;
  stack.defer(io.listenForStop(stop));
  const deadline = stopAt(settings, stop, clock);
  stack.defer(deadline.cancel);
  const target = await openTarget();
  stack.defer(() => target.close());
  const {config, credentials} = target;
  const waitMs = (sending?.waitLock ?? 0) * 1000;
  const name = applicationOf(config.baseUrl, clientOf(credentials.uid));
  const folder = config.stateFolder;
  const lock = sending && (await acquireLock({name, folder, clock, waitMs, signal: stop.signal}));
  if (lock) stack.defer(() => lock.release());
  const settleMs = (sending?.settle ?? 0) * 1000;
  const isReadOnly = sending === undefined;
  const application = {stateFolder: folder, application: name, out: settings.out};
  const ledger = await ApplicationLedger.open({...application, settleMs, clock, isReadOnly});
  const shared = await openSharing(settings, target, (ms) => io.waiting('redis', ms));
  stack.defer(() => shared?.close());
  const work = {job: job.name, ledger: ledger.hashKey.id, settleMs};
  const lease = sending && (await shared?.lease(work, waitMs, stop.signal));
  const session = new Session({
    config,
    credentials,
    scopes: ['public', ...(job.definition.needs.scopes ?? [])],
    clock,
    stop,
    version,
    settings,
    onWait: (reason, ms) => io.waiting(reason, ms),
    limitStore: shared,
  });
  stack.defer(() => session.close());
  return {
    io,
    stop,
    settings,
    clock,
    job,
    prepared,
    target,
    session,
    ledger,
    hashes: new RowHashes(job, ledger.hashKey, prepared.files),
    isReadOnly,
    stack,
    shared,
    lease,
    heldSince: instant(clock),
    maySend: () => {
      deadline.check();
      return !stop.signal.aborted && (lock?.held ?? false) && (shared?.isHeld ?? true);
    },
  };
}
