import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {describe, it} from 'vitest';
import {until} from '../helpers/until.ts';
import {hasRedis, openRedis, type RedisServer, withRedis} from '../helpers/redis-server.ts';

/** Why the machines' limiter is not bottleneck's clustering: what becomes of it when Redis forgets. */
const jobs = 40;
const child = fileURLToPath(new URL('children/clustered.mjs', import.meta.url));

describe.skipIf(!hasRedis)(`two processes that share a limiter of bottleneck, ${withRedis}`, () => {
  // oxlint-disable-next-line vitest/expect-expect -- it measures; the page about machines has the figures
  it.each([
    ['nothing', () => Promise.resolve()],
    ['Redis killed and started', async (redis: RedisServer) => (await redis.kill(), await redis.start())],
    ['FLUSHALL', async (redis: RedisServer) => void (await redis.client().flushall())],
  ])('%s', async (what, disturb) => {
    const redis = await openRedis();
    const sent: number[] = [];
    const errors: string[] = [];
    const ended = [0, 1].map(() => {
      const process = spawn('node', [child, String(redis.port), String(jobs)]);
      createInterface({input: process.stdout}).on('line', (line) => {
        if (line.startsWith('sent ')) sent.push(Number(line.slice(5)));
        else errors.push(line.slice(6));
      });
      return once(process, 'exit');
    });
    await until(() => sent.length > 15);
    await disturb(redis);
    await Promise.all(ended);
    sent.sort((one, other) => one - other);
    const gaps = sent.slice(1).map((moment, at) => moment - (sent[at] ?? 0));
    process.stdout.write(
      `${what}\t${sent.length} of ${2 * jobs} done, smallest distance ${Math.min(...gaps).toFixed(0)} ms\t${[...new Set(errors)].join(', ')}\n`,
    );
  });
});
