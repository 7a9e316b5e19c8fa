import {once} from 'node:events';
import {createServer, type AddressInfo} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {applied, counts, csv, errorOf, openStage} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {hasRedis, openRedis, type RedisServer, withRedis} from '../../helpers/redis-server.ts';
import {openSlowLink} from '../../helpers/slow-link.ts';
import {apiPerSecond, pace} from './machines.ts';

const run = ['run', 'patronages', 'pairs.csv', ...pace];

async function openPairs(pairs = 40) {
  const stage = await openStage({perSecond: apiPerSecond, perHour: 5000});
  const rows = Array.from({length: pairs}, (_, at) => `${1000 + at},64`);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...rows));
  const expectKept = () => {
    expect(stage.summary().counts).toEqual(counts({created: pairs}));
    expect(applied(stage.sandbox)).toHaveLength(pairs);
    expect(stage.sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);
  };
  return {stage, expectKept};
}

const config = (name: string, value: string) => async (redis: RedisServer) =>
  void (await redis.client().config('SET', name, value));

describe.skipIf(!hasRedis)(`a run whose Redis takes nothing for a while, ${withRedis}`, () => {
  it.each([
    ['its memory is full', config('maxmemory', '1'), config('maxmemory', '0')],
    ['it has too few replicas', config('min-replicas-to-write', '1'), config('min-replicas-to-write', '0')],
    [
      'it hangs',
      async (redis: RedisServer) => redis.signal('SIGSTOP'),
      async (redis: RedisServer) => redis.signal('SIGCONT'),
    ],
  ])('%s: it pauses, says so, sends nothing, and goes on', async (_what, begin, end) => {
    const redis = await openRedis();
    const {stage, expectKept} = await openPairs();
    const {child, ended} = stage.start([...run, '--redis', redis.url]);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => applied(stage.sandbox).length > 15);
    await begin(redis);
    await until(() => said.includes('Redis does not answer, nothing is sent'));
    // What was proven before it may still leave for two seconds, and then nothing.
    const quiet = Date.now() + 2500;
    await until(() => Date.now() > quiet);
    const before = stage.sandbox.ledger.length;
    const later = Date.now() + 1500;
    await until(() => Date.now() > later);
    expect(stage.sandbox.ledger).toHaveLength(before);
    await end(redis);
    expect(await ended).toMatchObject({code: 0});
    expectKept();
  });

  it('is far away, by a way of varying length: goes on within the limits', async () => {
    const redis = await openRedis();
    const {stage, expectKept} = await openPairs(20);
    let turn = 0;
    const port = await openSlowLink(redis.port, () => 20 + ((turn++ * 619) % 100));
    expect(await stage.cli([...run, '--redis', `redis://127.0.0.1:${port}`])).toMatchObject({code: 0});
    expectKept();
    const doctor = await stage.cli(['doctor', '--redis', `redis://127.0.0.1:${port}`]);
    expect(doctor.stdout).toMatch(/sharing: Redis \S+, at 127\.0\.0\.1:\d+, \d{2,3} ms away/);
  });
});

describe.skipIf(!hasRedis)(`a Redis that is not for this, ${withRedis}`, () => {
  it('throws keys away when its memory is full', async () => {
    const {stage} = await openPairs(1);
    const redis = await openRedis(['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru']);
    const result = await stage.cli([...run, '--json', '--redis', redis.url]);
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({
      code: 'redis_eviction',
      message: expect.stringContaining('throws keys away when its memory is full (volatile-lru)'),
    });
    expect(applied(stage.sandbox)).toEqual([]);
    // Without a limit on its memory it throws nothing away.
    await redis.client().config('SET', 'maxmemory', '0');
    expect(await stage.cli([...run, '--redis', redis.url])).toMatchObject({code: 0});
  });

  it('is a node of a cluster', async () => {
    const node = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (asked) =>
        socket.write(/info/i.test(asked.toString()) ? '$-1\r\n' : '-MOVED 3999 10.0.0.6:6381\r\n'),
      );
    }).listen(0, '127.0.0.1');
    await once(node, 'listening');
    onTestFinished(() => void node.close());
    const {stage} = await openPairs(1);
    const {port} = node.address() as AddressInfo;
    const result = await stage.cli([...run, '--json', '--redis', `redis://127.0.0.1:${port}`]);
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({
      code: 'redis_unsupported',
      hint: expect.stringContaining('no node of a cluster'),
    });
  });
});
