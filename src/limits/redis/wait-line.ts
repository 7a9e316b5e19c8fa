import type {Ask} from './budget-call.ts';

interface Waiting<T> {
  ask: Ask;
  signal: AbortSignal;
  missed: number | undefined;
  done: (given: T | undefined) => void;
  fail: (error: Error) => void;
}

/** The requests of this process that wait for a permission, in the order of their arrival. */
export class WaitLine<T> {
  #waiting: Waiting<T>[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** What they ask for, each thing once. Another slot for what has its intent on the disk goes first. */
  get asks(): Ask[] {
    const asks = this.#waiting.map(({ask}) => ask);
    return [...new Set(asks.includes('again') ? (['again', ...asks] as const) : asks)];
  }

  /** The slot that the first who asks for another one has missed. */
  get missed(): number | undefined {
    return this.#waiting.find(({ask}) => ask === 'again')?.missed;
  }

  /** Resolves with what is given; with undefined when the signal aborts, once that is noticed by `sweep`. */
  join(ask: Ask, signal: AbortSignal, onAbort: () => void, missed?: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', onAbort);
      const leave = () => signal.removeEventListener('abort', onAbort);
      const done = (given: T | undefined) => (leave(), resolve(given));
      const fail = (error: Error) => (leave(), reject(error));
      this.#waiting.push({ask, signal, missed, done, fail});
    });
  }

  /** Gives it to the first who asked for that. False: nobody waits for it any more. */
  give(grant: Ask, given: T): boolean {
    const at = this.#waiting.findIndex(({ask, signal}) => ask === grant && !signal.aborted);
    const [first] = at < 0 ? [] : this.#waiting.splice(at, 1);
    first?.done(given);
    return first !== undefined;
  }

  /** Lets go who was aborted, and with a failure everyone. */
  sweep(failure: Error | undefined): void {
    const over = this.#waiting.filter(({signal}) => failure !== undefined || signal.aborted);
    this.#waiting = this.#waiting.filter((each) => !over.includes(each));
    for (const {signal, done, fail} of over) {
      if (signal.aborted) done(undefined);
      else if (failure) fail(failure);
    }
  }
}
