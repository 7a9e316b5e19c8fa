import {createHash} from 'node:crypto';
import {systemClock} from '../../../src/clock.ts';
import {LinkLost} from '../../../src/limits/redis/redis-link.ts';
import type {RedisStoreOptions} from '../../../src/limits/redis/redis-store.ts';

/** What the compare-and-set script does, in the memory of a test and by the clock that its timers have. */
export class FakeRedis {
  /** Another one after a restart. */
  server = 'first';
  text = '';
  exchanges = 0;
  /** Redis' clock minus the true one. */
  aheadMs = 0;
  /** How long a message is on its way, in each direction. */
  wayMs = () => 0;
  /** What happens to an exchange: undefined, or lost before it was done, or after. */
  loses: () => 'asked' | 'reply' | undefined = () => undefined;

  /** A process' connection to it. */
  link(): RedisStoreOptions['link'] {
    const server = () => this.server;
    return {
      run: (_key, digest = '', text = '') => this.#run(digest, text),
      close: () => undefined,
      shown: 'fake:6379',
      version: '7.9.9',
      get server() {
        return server();
      },
    };
  }

  async #run(digest: string, text: string): Promise<unknown> {
    this.exchanges++;
    const lost = this.loses();
    await systemClock.sleep(this.wayMs());
    if (lost === 'asked') throw new LinkLost('cut');
    const isSet = text !== '' && createHash('sha1').update(this.text).digest('hex') === digest;
    if (isSet) this.text = text;
    const now = Date.now() + this.aheadMs;
    const reply = [
      isSet ? 1 : 0,
      String(Math.floor(now / 1000)),
      String((now % 1000) * 1000),
      isSet ? '' : this.text,
    ];
    await systemClock.sleep(this.wayMs());
    if (lost === 'reply') throw new LinkLost('cut');
    return reply;
  }
}
