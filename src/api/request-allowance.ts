import {EventEmitter, once} from 'node:events';
import {Interrupted} from '../errors.ts';
import type {Purpose} from '../limits/limit-call.ts';
import type {Permit} from '../limits/permit.ts';

/** A number of requests that may be sent in all. A permit that is cancelled is given back. */
export class RequestAllowance {
  readonly #requests: number;
  readonly #onUsedUp: () => void;
  /** Permits that were given and not cancelled, and those of them whose request has not ended. */
  #used = 0;
  #open = 0;
  readonly #endings = new EventEmitter().setMaxListeners(0);

  constructor({requests, onUsedUp}: {requests: number; onUsedUp: () => void}) {
    this.#requests = requests;
    this.#onUsedUp = onUsedUp;
  }

  /**
   * A write too many waits for the requests that have their permit, since the end of the run would hold them back. What
   * those may need themselves, a token or a probe, must not wait for them.
   *
   * @throws Interrupted when no request is left, or the signal aborted first
   */
  async acquire(purpose: Purpose, stop: AbortSignal, acquire: () => Promise<Permit>): Promise<Permit> {
    while (this.#isUsedUp && purpose === 'write' && this.#open > 0 && !stop.aborted)
      await once(this.#endings, 'ending', {signal: stop}).catch(() => undefined);
    if (this.#isUsedUp) {
      this.#onUsedUp();
      throw new Interrupted();
    }
    this.#used++;
    this.#open++;
    try {
      return this.#counted(await acquire());
    } catch (error) {
      this.#end(true);
      throw error;
    }
  }

  get #isUsedUp(): boolean {
    return this.#used >= this.#requests;
  }

  #end(isUnused: boolean): void {
    if (isUnused) this.#used--;
    this.#open--;
    this.#endings.emit('ending');
  }

  #counted(permit: Permit): Permit {
    let isOpen = true;
    const end = (isUnused: boolean) => {
      if (isOpen) this.#end(isUnused);
      isOpen = false;
    };
    return {
      ready: async () => {
        const isReady = await permit.ready();
        if (!isReady) end(true);
        return isReady;
      },
      mayLeave: () => permit.mayLeave(),
      complete: (result) => {
        permit.complete(result);
        end(false);
      },
      cancel: () => {
        permit.cancel();
        end(true);
      },
    };
  }
}
