import type {Call, Reply} from './limit-call.ts';

/** Where the state of the limits is, and calls are applied to it one after the other. */
export interface LimitStore {
  /** Names this process among those that share. */
  readonly process: string;
  /** Changes when the store has lost its memory: slots of before are void. */
  readonly epoch: string;
  /** So many permits are asked for at once where as many requests wait. */
  readonly maxBatch: number;
  /** A process that waits asks again after this time at the latest. */
  readonly maxSleepMs: number;
  /** The reply to a call arrives so long after the moment for which it is given. */
  readonly leadMs: number;
  /** By how much a moment of the store's clock may be wrong on ours, in either direction. */
  readonly blurMs: number;
  /** Adds what earlier processes of this machine sent in the last hour (wall times). `stop` ends the wait for a store. */
  open(recent: readonly number[], stop: AbortSignal): void;
  /** @throws what ends a run: a store that stays away, rows that another machine has taken over */
  apply(call: Call): Promise<Reply>;
  /** A moment of the store's clock on our monotonic one, and back. */
  toMono(storeMs: number): number;
  toStore(monoMs: number): number;
  /** Whether what was granted can be used at a moment of our monotonic clock. */
  isProven(monoMs: number): boolean;
  /** Whether a request that was ready before may still be sent. */
  readonly mayStillSend: boolean;
}
