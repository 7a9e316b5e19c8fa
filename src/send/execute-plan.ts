import PQueue from 'p-queue';
import {buildForm, hasFile} from '../http/form-body.ts';
import type {Call} from '../http/client.ts';
import type {Connection} from '../api/connection.ts';
import type {Reader} from '../api/reader.ts';
import type {ApiRequest} from '../http/request.ts';
import type {Clock, Instant} from '../clock.ts';
import {InputError, Interrupted, LimitError} from '../errors.ts';
import {onlyChanged} from '../job/compare.ts';
import type {Values} from '../job/row.ts';
import {withIds} from '../job/row-users.ts';
import type {Entry} from '../journal/entry.ts';
import type {Journal} from '../journal/journal.ts';
import type {RowStates} from '../journal/row-states.ts';
import type {Plan} from '../plan/assemble-plan.ts';
import type {Breaker} from './circuit-breaker.ts';
import {moreSevere} from '../exit-code.ts';
import {appliedOutcomes} from '../outcome.ts';
import {type FailureLimit, isReached} from './failure-limit.ts';
import type {FileFolder} from '../input/file-folder.ts';
import type {InputRow, InputRows} from '../input/input-rows.ts';
import type {PlannedActions} from '../plan/planned-actions.ts';
import {removalRequests} from '../plan/removal-requests.ts';
import {scrubMessage} from './scrub-message.ts';
import {type OutgoingRequest, sendRow, type SenderTools, toOutgoingRequest} from './send-row.ts';
import {type RowInDoubt, DoubtSettler} from './settle-doubt.ts';
import {maxInFlight} from '../api/session.ts';
import type {StopSignal} from '../stop-signal.ts';

export interface ExecutePlanOptions {
  input: InputRows;
  files: FileFolder;
  plan: Plan;
  journal: Journal;
  states: RowStates;
  connection: Connection;
  reader: Reader;
  breaker: Breaker;
  clock: Clock;
  stop: StopSignal;
  isSender: () => boolean;
  concurrency: number | undefined;
  failureLimit: FailureLimit;
  settleMs: () => number;
  onWait: (rows: number, ms: number) => void;
  /** For a resumed run: when its lock was taken, which is when its last sender was surely dead. */
  resumedAt?: Instant;
}

/**
 * Does what a plan says: journals the rows that need no request, feeds the others to the queue, and settles what is
 * in doubt after them. Returns when nothing is left to do or the stop switch was thrown; throws what ends a run.
 */
export async function executePlan(options: ExecutePlanOptions): Promise<void> {
  const {states, stop, resumedAt} = options;
  const sending = new PlanExecution(options);
  await recordPlan(options);
  if (resumedAt && states.doubts.size > 0) await sending.takeUpDoubts(resumedAt);
  await sending.feed();
  while (!stop.signal.aborted) {
    const again = await sending.settler.settle();
    if (again.length === 0) break;
    await sending.resend(again);
  }
  if (!stop.signal.aborted && states.nameless.size > 0) await sending.nameCreated();
}

/**
 * Rows that the plan settles without a request. Durable before the first row is sent: a resume relies on it. What is
 * wrong with a row may be that it repeats an earlier one, so that one is settled later: a resume that came in between
 * would no longer see the likeness.
 */
async function recordPlan({plan: {actions}, journal, states}: ExecutePlanOptions): Promise<void> {
  let waiting = 0;
  for (const action of ['invalid', 'failed', 'unchanged'] as const) {
    for (const line of actions.lines(action)) {
      if (states.outcome(line) !== 'not_started') continue;
      const entry = entryOf(line, action, actions);
      if (++waiting % 1000 === 0) await journal.append(entry);
      else journal.note(entry);
    }
  }
  await journal.flushed();
}

function entryOf(line: number, action: 'invalid' | 'failed' | 'unchanged', actions: PlannedActions): Entry {
  const {code, message: msg} = actions.words(line);
  if (action === 'invalid') return {k: 'invalid', r: line, code, msg};
  if (action === 'failed') return {k: 'done', r: line, o: 'failed', code, msg};
  const id = actions.id(line);
  return {k: 'unchanged', r: line, ...(id !== undefined && {id})};
}

class PlanExecution {
  readonly settler: DoubtSettler;
  readonly #options: ExecutePlanOptions;
  readonly #queue: PQueue;
  readonly #tools: SenderTools;
  /** Values of the rows on their way, for reading them back and for keeping them out of messages. */
  readonly #inFlight = new Map<number, Values>();
  #refused = 0;
  #settled = 0;
  #failure: Error | undefined;

  constructor(options: ExecutePlanOptions) {
    const {connection, journal, states, clock, breaker, stop, isSender, files} = options;
    this.#options = options;
    this.#queue = new PQueue({concurrency: this.#maxInFlight()});
    this.settler = new DoubtSettler({...options, job: options.input.job, stop: stop.signal});
    this.#tools = {
      connection,
      journal,
      states,
      clock,
      breaker,
      isSender,
      stop: stop.signal,
      unexpectedResponses: {count: 0},
      bodyOf: (request) => bodyOf(request, files),
      scrub: (line, message) => scrubMessage(message, this.#inFlight.get(line) ?? {}),
      putAside: (row, since, {refusal, isRefused, waitMs = 0}) => {
        const values = this.#inFlight.get(row.line) ?? {};
        const message = scrubMessage(refusal?.message ?? '', values);
        this.settler.add({
          row,
          values,
          since,
          waitMs,
          ...(refusal && {refusal: {...refusal, message}}),
          ...(isRefused && {isRefused}),
        });
        this.#keepReserve();
      },
      settled: (_line, refused) => this.#count(refused),
    };
  }

  /** Rows that an earlier process left in doubt: read at once, settled with the others at the end. */
  async takeUpDoubts(since: Instant): Promise<void> {
    const {input, states} = this.#options;
    for (const outgoing of await this.#outgoingOf(input.pendingRows((line) => states.doubts.has(line)))) {
      this.settler.add({...outgoing, since});
    }
    await this.settler.readAtOnce();
  }

  /** Rows that were created and whose answers were cut off before they told the id. */
  async nameCreated(): Promise<void> {
    const {input, states} = this.#options;
    const rows = await this.#outgoingOf(input.rows((line) => states.nameless.has(line)));
    await this.settler.nameCreated(rows);
  }

  async #outgoingOf(
    rows: AsyncIterable<readonly InputRow[]>,
  ): Promise<{row: OutgoingRequest; values: Values}[]> {
    const outgoing: {row: OutgoingRequest; values: Values}[] = [];
    for await (const batch of rows) outgoing.push(...batch.map((row) => this.#toOutgoingRequest(row)));
    return outgoing;
  }

  /** Every row that the plan wants sent and that has not been, in the order of the file, with back-pressure. */
  async feed(): Promise<void> {
    try {
      if (this.#options.plan.actions.writes > 0) await this.#feedRows();
    } catch (error) {
      this.#fail(error);
    }
    return this.#drained();
  }

  async #feedRows(): Promise<void> {
    const {input, stop} = this.#options;
    for await (const batch of input.pendingRows((line) => this.#isToBeSent(line))) {
      for (const row of batch) {
        this.#queue.concurrency = this.#maxInFlight();
        await this.#queue.onSizeLessThan(this.#queue.concurrency);
        if (stop.signal.aborted) return;
        this.#add(this.#toOutgoingRequest(row));
      }
    }
  }

  #isToBeSent(line: number): boolean {
    const {plan, states} = this.#options;
    const action = plan.actions.action(line);
    return action !== undefined && action in appliedOutcomes && states.outcome(line) === 'not_started';
  }

  /** Part of the hour stays free for reading rows in doubt back; never so much of a small one that others starve. */
  #keepReserve(): void {
    const {limiter} = this.#options.connection;
    limiter.reserve(Math.min(20, 2 * this.settler.size, Math.floor(limiter.limits.perHour / 10)));
  }

  async resend(rows: readonly RowInDoubt[]): Promise<void> {
    this.#keepReserve();
    for (const {row, values} of rows) this.#add({row, values});
    return this.#drained();
  }

  /** Twice what a second allows keeps the limiter busy while answers are slow. */
  #maxInFlight(): number {
    const {concurrency, connection} = this.#options;
    return (
      concurrency ?? Math.max(1, Math.min(maxInFlight, Math.ceil(2 * connection.limiter.limits.perSecond)))
    );
  }

  #toOutgoingRequest(row: InputRow): {row: OutgoingRequest; values: Values} {
    return this.#options.plan.actions.action(row.line) === 'remove' ? this.#removal(row) : this.#write(row);
  }

  #removal(row: InputRow): {row: OutgoingRequest; values: Values} {
    const {input, plan, clock} = this.#options;
    const {line, parsed} = row;
    const id = plan.actions.id(line) as number;
    const requests = removalRequests(input.job, id, row, new Date(clock.wall()));
    const values = 'values' in parsed ? parsed.values : {};
    return {row: {line, requests, action: 'remove', isIdempotent: true, knownAbsent: false}, values};
  }

  #write(row: InputRow): {row: OutgoingRequest; values: Values} {
    const {input, plan} = this.#options;
    const {job} = input;
    const bound = 'values' in row.parsed ? withIds(job, row.parsed.values, plan.ids) : undefined;
    if (!bound || !('values' in bound)) {
      throw new InputError(`line ${row.line} is no longer what was checked`, {
        code: 'input_changed',
        hint: 'put the file back as it was, then resume the run',
      });
    }
    const columns = plan.actions.columns(row.line);
    const whole = {...bound.values, ...plan.actions.nested(row.line)};
    const values = columns ? onlyChanged(job, whole, columns) : whole;
    return {row: toOutgoingRequest(job, row.line, values, plan.actions.isKnownAbsent(row.line)), values};
  }

  #add({row, values}: {row: OutgoingRequest; values: Values}): void {
    this.#inFlight.set(row.line, values);
    void this.#queue.add(async () => {
      try {
        await sendRow(row, this.#tools);
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#inFlight.delete(row.line);
      }
    });
  }

  /**
   * The first failure ends the run: nothing new is sent, what is on its way is waited for. If that fails too, the run
   * tells the moreSevere of the two.
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
    // A good row counts too: it can be the one that makes a percentage telling.
    if (this.#refused === 0 || !isReached(this.#options.failureLimit, this.#refused, this.#settled)) return;
    const error = new LimitError(
      `the API refused ${this.#refused} of ${this.#settled} rows, so the run stopped`,
      {
        code: 'max_failures',
        hint: 'see the report for the reasons; --max-failures sets how many are too many',
      },
    );
    this.#fail(error);
  }

  /** Nothing is on its way any more, and what came of it is on the disk. */
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
