import type {Redis} from 'ioredis';
import {describe, expect, it} from 'vitest';
import {generator} from '../helpers/harness/random-kills.ts';
import {hasRedis, openRedis, withRedis} from '../helpers/redis-server.ts';
import {driveShared, type DrivenProcess} from '../limits/redis/drive-shared.ts';
import {VirtualTime} from '../limits/redis/virtual-time.ts';
import {empty} from '../api/responses.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const [perSecond, perHour] = [20, 50_000];
const minutes = 30;

/** An API that says its limits and refuses nothing: what is looked at is when requests leave. */
const server = {
  arrive: () =>
    empty(200, {
      'x-hourly-ratelimit-limit': String(perHour),
      'x-secondly-ratelimit-limit': String(perSecond),
    }),
};

describe.skipIf(!hasRedis)(`half a virtual hour, ${withRedis}`, () => {
  it('of machines that come, hold a lease, and go or die: the limits hold, and Redis keeps what it has to', async () => {
    const random = generator(4242);
    const redis = await openRedis();
    const client = redis.client();
    const time = new VirtualTime(start);
    const working: {machine: DrivenProcess; die: () => void}[] = [];
    const all: DrivenProcess[] = [];
    const come = async () => {
      let isDead = false;
      const name = `machine ${all.length}`;
      const machine = await driveShared({
        redis: redis.url,
        time,
        server,
        name,
        workers: 40,
        isCut: () => isDead,
      });
      const work = {job: `job ${all.length}`, ledger: name, settleMs: 60_000};
      const {signal} = new AbortController();
      void machine.store.lease(work, 0, signal).then(() => machine.store.beginWriting(0, signal));
      all.push(machine);
      working.push({machine, die: () => (isDead = true)});
    };
    for (let at = 0; at < 4; at++) await come();
    const memory: number[] = [];
    for (let at = 0; at < 3 * minutes; at++) {
      await time.pass(20_000);
      const [gone] = working.splice(Math.floor(random() * working.length), 1);
      if (random() < 0.5) gone?.die();
      gone?.machine.stop();
      await gone?.machine.store.close();
      await come();
      if (at % 30 === 20) await client.flushall();
      memory.push(Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]));
    }

    const sent = all.flatMap((each) => each.sent).sort((one, other) => one - other);
    const spans = sent.slice(perSecond).map((moment, at) => moment - (sent[at] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(1000);
    const use = sent.length / (minutes * 60 * perSecond);
    expect(use).toBeGreaterThan(0.9);
    const keys = await client.keys('*');
    for (const key of keys) expect(await client.pttl(key), key).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.includes(':lease:')).length).toBeLessThanOrEqual(5);
    expect(await longest(client, keys)).toBeLessThanOrEqual(sent.length + 200);
    // A name and a time for each request of the hour, and a lease for each job.
    const kept = (memory.at(-1) ?? Infinity) - (memory[0] ?? 0);
    expect(kept).toBeLessThan(200 * sent.length + 1_000_000);
    process.stdout.write(
      `${all.length} machines, ${sent.length} requests (${(100 * use).toFixed(1)} %), ${keys.length} keys, ${Math.round(kept / 1024)} KiB more than after 20 s, at most ${Math.round(Math.max(...memory) / 1024)} KiB in all\n`,
    );
  });
});

async function longest(client: Redis, keys: readonly string[]): Promise<number> {
  const lengths = keys.map(async (key) => ((await client.type(key)) === 'zset' ? client.zcard(key) : 0));
  return Math.max(...(await Promise.all(lengths)));
}
