import PQueue from 'p-queue';
import {buildForm, hasFile} from '../http/form-body.ts';
import type {Call} from '../http/client.ts';
import type {Connection} from '../api/connection.ts';
import type {Reader} from '../api/reader.ts';
import type {ApiRequest} from '../http/request.ts';
import type {Clock, Instant} from '../clock.ts';
import {Interrupted, LimitError} from '../errors.ts';
import type {Entry, SentFacts} from '../journal/entry.ts';
import type {Journal} from '../journal/journal.ts';
import type {Doubt, RowStates} from '../journal/row-states.ts';
import type {Plan} from '../plan/assemble-plan.ts';
import type {CircuitBreaker} from './circuit-breaker.ts';
import {moreSevere} from '../exit-code.ts';
import {appliedOutcomes} from '../outcome.ts';
import {defaultFailureLimit, type FailureLimit, isReached} from './failure-limit.ts';
import type {FileFolder} from '../input/file-folder.ts';
import type {InputRow, InputRows} from '../input/input-rows.ts';
import type {RowHashes} from '../input/row-hashes.ts';
import type {Existing} from '../plan/decide-row.ts';
import {readAnswerFields} from './read-answer-fields.ts';
import {recordPlan} from './record-plan.ts';
import {scrubMessage} from './scrub-message.ts';
import {type OutgoingRow, rebuildRow, toOutgoingRow} from './outgoing-row.ts';
import {OwnRecords} from './own-records.ts';
import {sendRow, type SenderTools} from './send-row.ts';
import {SettleTime} from './settle-time.ts';
import {type RowInDoubt, DoubtSettler} from './settle-doubt.ts';
import {maxInFlight} from '../api/session.ts';
import type {StopSignal} from '../stop-signal.ts';

/** How rows are sent, as the user sets it. */
export interface SendSettings {
  /** Requests in flight; undefined: twice the limit of a second, as it is known by then. */
  concurrency?: number | undefined;
  maxFailures?: FailureLimit | undefined;
  /** Seconds in which a server may still apply a request whose response was lost. */
  settle: number;
}

export interface ExecutePlanOptions {
  input: InputRows;
  files: FileFolder;
  plan: Plan;
  journal: Journal;
  states: RowStates;
  connection: Connection;
  reader: Reader;
  breaker: CircuitBreaker;
  clock: Clock;
  stop: StopSignal;
  maySend: () => boolean;
  settings: SendSettings;
  hashes: RowHashes;
  /** What is done with a record that exists. */
  existing: Existing;
  /** For an undo: keyed hashes of the keys of its rows, by line, as the undone run noted them. */
  removalKeys?: ReadonlyMap<number, string> | undefined;
  /** The longest settle time by the options and by what earlier processes of this run noted, in milliseconds. */
  minSettleMs: number;
  /** The API works for longer than it was known to: the settle time that is in force from now on. */
  onSettleTime: (ms: number) => void;
  onWait: (rows: number, ms: number) => void;
  /** For a resumed run: when its lock was taken, which is when its last sender was known to be dead. */
  resumedAt?: Instant;
}

/**
 * Does what a plan says: journals the rows that need no request, feeds the others to the queue, and settles what is
 * in doubt after them. Returns when nothing is left to do or the stop switch was thrown; throws what ends a run.
 */
export async function executePlan(options: ExecutePlanOptions): Promise<void> {
  const {states, stop, resumedAt} = options;
  const sending = new PlanExecution(options);
  await recordPlan(options.plan.actions, options.journal, states);
  if (resumedAt && states.doubts.size > 0) await sending.takeUpDoubts(resumedAt);
  await sending.feed();
  while (!stop.signal.aborted) {
    const again = await sending.settler.settle();
    if (again.length === 0) break;
    await sending.resend(again);
  }
  // Where responses hold no id, reading one for each row would double the requests for nothing.
  const hasIds = !options.input.job.definition.response?.isEmpty;
  if (hasIds && !stop.signal.aborted && states.createdWithoutId.size > 0) await sending.nameCreated();
  const {input, reader, journal} = options;
  if (!stop.signal.aborted) await readAnswerFields(input.job, reader, journal, states);
}

class PlanExecution {
  readonly settler: DoubtSettler;
  readonly #options: ExecutePlanOptions;
  readonly #queue: PQueue;
  readonly #tools: SenderTools;
  readonly #settleTime: SettleTime;
  #refused = 0;
  #settled = 0;
  #failure: Error | undefined;

  constructor(options: ExecutePlanOptions) {
    const {connection, journal, states, clock, breaker, stop, maySend, files} = options;
    this.#options = options;
    this.#settleTime = new SettleTime(options.minSettleMs, options);
    this.#queue = new PQueue({concurrency: this.#maxInFlight()});
    this.settler = new DoubtSettler({
      ...options,
      job: options.input.job,
      stop: stop.signal,
      settleMs: () => this.#settleTime.ms,
    });
    this.#tools = {
      connection,
      journal,
      states,
      clock,
      breaker,
      maySend,
      stop: stop.signal,
      unexpectedResponses: {count: 0},
      hashes: options.hashes,
      own: new OwnRecords(options.input.job),
      bodyOf: (request) => bodyOf(request, files),
      putAside: (row, since, {refusal, isRefused, waitMs = 0}) => {
        const message = scrubMessage(refusal?.message ?? '', row.values);
        this.settler.add({
          row,
          since,
          waitMs,
          ...(refusal && {refusal: {...refusal, message}}),
          ...(isRefused && {isRefused}),
        });
        this.#keepReserve();
        this.#settleTime.note();
      },
      onSettled: (wasRejected) => {
        this.#settleTime.note();
        this.#count(wasRejected);
      },
    };
  }

  /** Rows that an earlier process left in doubt: read at once, settled with the others at the end. */
  async takeUpDoubts(since: Instant): Promise<void> {
    const {input, states, journal} = this.#options;
    for await (const batch of input.pendingRows((line) => states.doubts.has(line))) {
      for (const row of batch) {
        const rebuilt = await this.#rebuild(row, states.doubts);
        if (rebuilt) this.settler.add({row: rebuilt, since});
        else await journal.append(rebuiltDiffers(row.line, states));
      }
    }
    await this.settler.readAtOnce();
  }

  /** Rows that were created and whose responses were cut off before the id. */
  async nameCreated(): Promise<void> {
    const {input, states} = this.#options;
    const rows: OutgoingRow[] = [];
    for await (const batch of input.rows((line) => states.createdWithoutId.has(line))) {
      for (const row of batch) {
        const rebuilt = await this.#rebuild(row, states.createdWithoutId);
        if (rebuilt) rows.push(rebuilt);
      }
    }
    await this.settler.nameCreated(rows);
  }

  /** A row as it was sent; a removal as an undo plans it, or of the record that its intent names. */
  async #rebuild(row: InputRow, attempts: ReadonlyMap<number, Doubt>): Promise<OutgoingRow | undefined> {
    const {input, hashes, plan, existing} = this.#options;
    const attempt = attempts.get(row.line);
    const isRemoval = existing === 'remove' || plan.actions.get(row.line)?.action === 'remove';
    if (!attempt || isRemoval) return this.#toOutgoingRow(row, attempt?.sent);
    return rebuildRow(row, attempt, {job: input.job, hashes});
  }

  /** Every row that the plan wants sent and that has not been, in the order of the file, with back-pressure. */
  async feed(): Promise<void> {
    try {
      const {plan, reader} = this.#options;
      if (plan.actions.counts.create > 0) await this.#tools.own.readNewest(reader);
      if (plan.actions.writes > 0) await this.#feedRows();
    } catch (error) {
      this.#fail(error);
    }
    return this.#drained();
  }

  async #feedRows(): Promise<void> {
    const {input, stop, states} = this.#options;
    for await (const batch of input.pendingRows((line) => this.#isToBeSent(line))) {
      for (const row of batch) {
        this.#queue.concurrency = this.#maxInFlight();
        await this.#queue.onSizeLessThan(this.#queue.concurrency);
        if (stop.signal.aborted) return;
        this.#add(await this.#toOutgoingRow(row, states.sentBefore(row.line)));
      }
    }
  }

  #isToBeSent(line: number): boolean {
    const {plan, states} = this.#options;
    const planned = plan.actions.get(line);
    return (
      planned !== undefined && planned.action in appliedOutcomes && states.outcome(line) === 'not_started'
    );
  }

  /** Part of the hour stays free for reading rows in doubt back; never so much of a small one that others starve. */
  #keepReserve(): void {
    const {limiter} = this.#options.connection;
    limiter.reserve(Math.min(20, 2 * this.settler.size, Math.floor(limiter.limits.perHour / 10)));
  }

  async resend(rows: readonly RowInDoubt[]): Promise<void> {
    this.#keepReserve();
    for (const {row} of rows) this.#add(row);
    return this.#drained();
  }

  /**
   * Twice what a second allows keeps the limiter busy while responses are slow. The first write goes alone, and each one
   * that was accepted lets one more go: what every row would meet, such as a missing role, costs one request at a time.
   */
  #maxInFlight(): number {
    const {settings, connection} = this.#options;
    const max =
      settings.concurrency ?? Math.min(maxInFlight, Math.ceil(2 * connection.limiter.limits.perSecond));
    return Math.max(1, Math.min(max, 1 + this.#settled - this.#refused));
  }

  #toOutgoingRow(row: InputRow, sentBefore: SentFacts | undefined): Promise<OutgoingRow> {
    const {input, plan, clock, hashes, removalKeys} = this.#options;
    const now = new Date(clock.wall());
    const facts = {job: input.job, plan, now, hashes, removalKeys, sentBefore};
    return toOutgoingRow(row, plan.actions.get(row.line), facts);
  }

  #add(row: OutgoingRow): void {
    void this.#queue.add(async () => {
      try {
        await sendRow(row, this.#tools);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /**
   * The first failure ends the run: nothing new is sent, what is in flight is waited for. If that fails too, the run
   * reports the more severe of the two.
   */
  #fail(error: unknown): void {
    if (!(error instanceof Interrupted))
      this.#failure = moreSevere(
        this.#failure,
        error instanceof Error ? error : new Error('something was thrown that is no error'),
      );
    this.#options.stop.request();
  }

  #count(refused: boolean): void {
    this.#settled++;
    if (refused) this.#refused++;
    this.#queue.concurrency = this.#maxInFlight();
    // A good row counts too: it can be the one that makes a percentage telling.
    const {maxFailures: limit = defaultFailureLimit} = this.#options.settings;
    if (this.#refused === 0 || !isReached(limit, this.#refused, this.#settled)) return;
    const error = new LimitError(
      `the API refused ${this.#refused} of ${this.#settled} rows, so the run stopped`,
      {
        code: 'max_failures',
        hint: 'see the report for the reasons; --max-failures sets how many are too many',
      },
    );
    this.#fail(error);
  }

  /** Resolves when nothing is in flight any more, and its results are on the disk. */
  async #drained(): Promise<void> {
    await this.#queue.onIdle();
    await this.#options.journal.flushed().catch((error: unknown) => this.#fail(error));
    if (this.#failure) throw this.#failure;
  }
}

async function bodyOf(request: ApiRequest, files: FileFolder): Promise<Call['body'] | undefined> {
  const {body} = request;
  if (body === undefined) return undefined;
  return hasFile(body) ? {form: await buildForm(body, (ref) => files.read(ref))} : {json: body};
}

function rebuiltDiffers(r: number, states: RowStates): Entry {
  const msg = 'its file or the program is another one by now, so that the same request cannot be made again';
  return {k: 'doubt', r, a: states.row(r).attempts, why: 'rebuilt_differs', msg};
}
