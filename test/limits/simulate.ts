import type {HttpResult} from '../../src/http/http-result.ts';
import type {Purpose, Reply} from '../../src/limits/limit-call.ts';
import {emptyState, type LimitState} from '../../src/limits/limit-state.ts';
import {RoundTrips} from '../../src/limits/round-trips.ts';
import {step} from '../../src/limits/step.ts';
import {toOutcome} from '../../src/limits/to-outcome.ts';

/** An API, which sees only when requests arrive. */
export interface ArrivalServer {
  /** `workMs`: how long after the arrival the response leaves. */
  arrive(now: number): {result: HttpResult; workMs: number};
}

export interface SimulateOptions {
  server: ArrivalServer;
  start: number;
  /** How long it goes on, and how many requests are wanted in all. */
  lengthMs: number;
  requests?: number;
  processes?: number;
  /** Requests of one process in flight. */
  concurrency?: number;
  /** How long a request is on its way, and its response; undefined: that is lost. */
  wayMs?: () => number | undefined;
  backMs?: () => number | undefined;
  /** How much later than its slot a request leaves. */
  lateMs?: () => number;
  canAsk?: boolean;
  perHour?: number;
  random: () => number;
}

const timeoutMs = 60_000;

/** Processes that send as fast as the limits let them: `step` and its round trips, in virtual time and without stores. */
export function simulate(options: SimulateOptions): {state: LimitState; sent: number[][]; end: number} {
  const {server, start, lengthMs, processes = 1, concurrency = 4, canAsk = true, perHour, random} = options;
  const pollMs = processes > 1 ? 500 : 60_000;
  const {wayMs = () => 20, backMs = () => 20, lateMs = () => 0} = options;
  const events: {at: number; run: () => void}[] = [];
  let now = start;
  const later = (ms: number, run: () => void) => {
    const at = now + Math.max(0, ms);
    const place = events.findLastIndex((event) => event.at <= at);
    events.splice(place + 1, 0, {at, run});
  };
  let state = emptyState();
  let wanted = options.requests ?? Infinity;
  const sent = Array.from({length: processes}, (): number[] => []);
  let end = start;

  const openProcess = (at: number) => {
    const caller = {process: `p${at}`, perHour};
    const trips = new RoundTrips();
    let inFlight = 0;
    let turn = 0;
    let names = 0;
    let pausedUntil = 0;
    const tell = (call: Parameters<typeof step>[1]): Reply => {
      const {state: next, reply} = step(state, call, now);
      state = next;
      ({pausedUntil} = reply);
      return reply;
    };
    const ask = (purpose: Purpose): Reply & {id: string} => {
      const id = `${at}-${names++}`;
      const {spreadMs} = trips;
      const reply = tell({
        ...caller,
        kind: 'acquire',
        ids: [id],
        purpose,
        isLate: false,
        leadMs: 0,
        aheadMs: 50,
        spreadMs,
        flightMs: timeoutMs + 30_000,
        reserve: 0,
        canAsk,
      });
      return {...reply, id};
    };
    const send = (id: string, slot: number) => {
      inFlight++;
      const before = pausedUntil;
      later(slot - now + lateMs(), () => {
        if (pausedUntil > before) {
          // A pause has made the slot void.
          inFlight--;
          wanted++;
          tell({...caller, kind: 'complete', id, outcome: {kind: 'unsent', jitterMs: 0}});
          return wake();
        }
        const departed = now;
        sent[at]?.push(now);
        const over = (result: HttpResult) => {
          const excessMs = trips.learn(
            slot,
            departed,
            now,
            'runtimeMs' in result ? result.runtimeMs : undefined,
          );
          inFlight--;
          end = now;
          tell({
            ...caller,
            kind: 'complete',
            id,
            outcome: {...toOutcome(result, random), departed, excessMs},
          });
          wake();
        };
        const lost: HttpResult = {kind: 'noResponse', sent: true, code: 'timeout'};
        const there = wayMs();
        if (there === undefined) return later(timeoutMs, () => over(lost));
        later(there, () => {
          const {result, workMs} = server.arrive(now);
          const back = backMs();
          later(back === undefined ? timeoutMs : workMs + back, () =>
            over(back === undefined ? lost : result),
          );
        });
      });
    };
    const wake = () => work(++turn);
    const work = (mine: number) => {
      if (mine !== turn || inFlight >= concurrency || wanted <= 0) return;
      const {id, slots, waitMs = 0, isToAsk} = ask('write');
      const [slot] = slots;
      if (isToAsk) {
        const probe = ask('probe');
        if (probe.slots[0] !== undefined) send(probe.id, probe.slots[0]);
      }
      if (slot === undefined) return later(Math.max(1, Math.min(waitMs, pollMs)), () => work(mine));
      wanted--;
      send(id, slot);
      work(mine);
    };
    wake();
  };
  for (let at = 0; at < processes; at++) openProcess(at);
  for (let next = events.shift(); next && next.at <= start + lengthMs; next = events.shift()) {
    now = next.at;
    next.run();
  }
  return {state, sent, end};
}
