import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {ApiClient, Call} from '../../src/http/client.ts';
import {Connection} from '../../src/api/connection.ts';
import type {HttpResult} from '../../src/http/http-result.ts';
import type {Purpose} from '../../src/limits/limit-call.ts';
import {Limiter} from '../../src/limits/limiter.ts';
import {MemoryStore} from '../../src/limits/memory-store.ts';
import type {Permit} from '../../src/limits/permit.ts';
import {type Clock, systemClock} from '../../src/clock.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {Journal} from '../../src/journal/journal.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {CircuitBreaker} from '../../src/send/circuit-breaker.ts';
import {withWhole} from '../../src/send/outgoing-row.ts';
import {OwnRecords} from '../../src/send/own-records.ts';
import {sendRow, type SenderTools} from '../../src/send/send-row.ts';
import {html, json} from '../api/responses.ts';
import {until} from '../helpers/until.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {loanJob} from '../plan/small-jobs.ts';

const minute = 60_000;

/** Half a minute passes in 20 ms: long enough for everything else to happen first. */
class HastyClock implements Clock {
  #passed = 0;
  slept = 0;
  wall = () => systemClock.wall() + this.#passed;
  mono = () => systemClock.mono() + this.#passed;
  sleep(ms: number): Promise<void> {
    this.#passed += Math.max(0, ms);
    this.slept += Math.max(0, ms);
    return new Promise((resolve) => setTimeout(resolve, ms > 0 ? 20 : 0));
  }
}

/** Lets one write go when the one before it has its result. */
class SingleFile extends Limiter {
  #line = Promise.resolve();
  #released = 0;
  #given = 0;

  override async acquire(purpose: Purpose, signal: AbortSignal): Promise<Permit> {
    if (purpose === 'write') await (this.#line = this.#line.then(() => this.#next()));
    const permit = await super.acquire(purpose, signal);
    const cancel = permit.cancel.bind(permit);
    permit.cancel = () => {
      this.#released++;
      cancel();
    };
    return permit;
  }

  async #next(): Promise<void> {
    const results = () => entries.filter(({k}) => k !== 'intent').length + this.#released;
    await until(() => results() === this.#given);
    this.#given++;
  }
}

let clock: HastyClock;
let stop: AbortController;
/** What the API answers to a write. */
let answer: (call: Call) => HttpResult;
/** Writes that were sent, by the user of their row. */
let sent: number[];
/** What was waited for before each of them, in whole minutes. */
let sleptAtWrites: number[];
let entries: Entry[];
let tools: SenderTools;

beforeEach(async () => {
  clock = new HastyClock();
  stop = new AbortController();
  sent = [];
  sleptAtWrites = [];
  entries = [];
  let tokens = 0;
  const send = (call: Call): Promise<HttpResult> => {
    if (call.path === 'oauth/token')
      return Promise.resolve(
        json(200, {access_token: `t${++tokens}`, token_type: 'bearer', expires_in: 7200}),
      );
    if (call.method === 'GET') return Promise.resolve(json(200, []));
    sent.push(userOf(call));
    sleptAtWrites.push(Math.round(clock.slept / minute) * minute);
    return Promise.resolve(answer(call));
  };
  const connection = new Connection({
    clock,
    client: {send} as unknown as ApiClient,
    limiter: new SingleFile({clock, store: new MemoryStore(clock), timeoutMs: minute, perSecond: 1e6}),
    credentials: {uid: 'u', secret: 's'},
    scopes: ['public'],
    stop: stop.signal,
    onSpent: () => undefined,
  });
  const states = new RowStates(20);
  const journal = await Journal.create(join(temporaryFolder(), 'journal.ndjson'), clock, (entry) => {
    entries.push(entry);
    states.fold(entry);
  });
  tools = {
    connection,
    journal,
    states,
    clock,
    breaker: new CircuitBreaker({
      clock,
      stop: stop.signal,
      isAlive: () => Promise.resolve(true),
      onPause: () => undefined,
    }),
    maySend: () => true,
    stop: stop.signal,
    bodyOf: ({body}) => Promise.resolve({json: body}),
    putAside: () => undefined,
    onSettled: () => undefined,
    unexpectedResponses: {count: 0},
    hashes: {request: ({body}) => Promise.resolve(`hash of ${JSON.stringify(body)}`)},
    own: new OwnRecords(loanJob),
  };
});

afterEach(() => tools.journal.close());

const userOf = ({body}: Call) => (body as {json: {loan: {remark: number}}}).json.loan.remark;
/** Each record has a higher id than those before it. */
const created = () => json(201, {id: 4711 + sent.length});
/** Sends the row of this line; its request holds the line. */
const row = (line: number, knownAbsent = true) => {
  const bound = {user_id: line, book: 'Emma', remark: line};
  return sendRow(withWhole(loanJob, {line, knownAbsent, bound, facts: {}}, bound), tools);
};
const kinds = () => entries.map(({k}) => k);

describe('a firewall in front of the API', () => {
  it('is left alone by all rows for a minute, those included that waited for their permission', async () => {
    answer = () => (sent.length === 1 ? html(403) : created());
    await Promise.all([row(2), row(3), row(4)]);
    await tools.journal.flushed();
    expect(sleptAtWrites).toEqual([0, minute, minute, minute]);
    expect(tools.states.counts.created).toBe(3);
  });

  it('ends the run by its third page in a row, and the row was not applied', async () => {
    answer = () => html(403);
    await expect(row(2)).rejects.toMatchObject({code: 'firewall', exitCode: 77});
    expect(kinds()).toEqual(['intent', 'refused', 'intent', 'refused', 'intent', 'refused']);
    expect(tools.states.outcome(2)).toBe('not_started');
    expect(sleptAtWrites).toEqual([0, minute, 2 * minute]);
  });
});

it('a row that no token can send ends the run, though the API takes others', async () => {
  answer = (call) => (userOf(call) === 2 ? json(401, {error: 'no'}) : created());
  const others = async () => {
    for (let line = 3; line < 20; line++) await row(line);
  };
  // What was read before the first write has shown that the token is good.
  await tools.connection.read({path: ['loans']});
  const [refused] = await Promise.allSettled([row(2), others()]);
  expect(refused).toMatchObject({reason: {code: 'unauthorized', exitCode: 77}});
  expect(sent.filter((line) => line === 2)).toHaveLength(3);
  expect(tools.states.outcome(2)).toBe('not_started');
});

it('an outage holds back the writes that wait for their permission', async () => {
  answer = () => (sent.length <= 5 ? json(502, {}) : created());
  await Promise.all([2, 3, 4, 5, 6, 7, 8, 9].map((line) => row(line)));
  await tools.journal.flushed();
  expect(sleptAtWrites).toEqual([0, 0, 0, 0, 0, minute, minute, minute]);
  expect(tools.states.counts).toMatchObject({created: 3, in_doubt: 5});
});

it('an intent notes the highest id that was seen by then, and what is sent', async () => {
  answer = () => json(201, {id: 4711});
  await row(2);
  await row(3, false);
  const [first, second] = entries.filter(({k}) => k === 'intent');
  expect(first).toMatchObject({r: 2, fresh: true, body: 'hash of {"loan":{"remark":2}}'});
  expect(first).not.toHaveProperty('top');
  expect(second).toMatchObject({r: 3, top: 4711});
  expect(second).not.toHaveProperty('fresh');
});

it('a response that names another target than the row puts it in doubt', async () => {
  answer = () => json(201, {id: 4711, user_id: 9, book: 'Emma'});
  await row(2);
  await tools.journal.flushed();
  expect(entries.at(-1)).toMatchObject({k: 'doubt', r: 2, why: 'other_record', st: 201});
});

it.each([1, 2])(
  'nothing is sent where the time is over at the check number %d behind the intent',
  async (nth) => {
    answer = created;
    let checks = 0;
    tools.maySend = () => {
      if (++checks === nth) stop.abort();
      return true;
    };
    await row(2);
    expect(sent).toEqual([]);
    expect(kinds()).toEqual(['intent', 'unsent']);
  },
);
