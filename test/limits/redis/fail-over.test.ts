import {once} from 'node:events';
import {createServer, type AddressInfo} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {redisAddress} from '../../../src/limits/redis/redis-address.ts';
import {RedisLink} from '../../../src/limits/redis/redis-link.ts';
import type {SharedState} from '../../../src/limits/redis/shared-state.ts';
import {totalOf} from '../../../src/limits/sent-counts.ts';
import {applied, counts, csv, openStage} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {openRedisPair} from '../../helpers/redis-pair.ts';
import {hasRedis, withRedis} from '../../helpers/redis-server.ts';
import {driveShared} from './drive-shared.ts';
import {apiPerSecond, pace} from './machines.ts';
import {VirtualTime} from './virtual-time.ts';
import {empty} from '../../api/responses.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const perSecond = 20;

/** An API that says its limits and refuses nothing: what is looked at is when requests leave. */
const server = {
  arrive: () =>
    empty(200, {
      'x-hourly-ratelimit-limit': '1500',
      'x-secondly-ratelimit-limit': String(perSecond),
    }),
};

describe.skipIf(!hasRedis)(`a replica takes over, ${withRedis}`, () => {
  it('the primary crashed, and the replica only reads for a while: the run goes on', async () => {
    const {url, primary, replica, follow, hasRefused, promote} = await openRedisPair();
    const stage = await openStage({perSecond: apiPerSecond, perHour: 5000});
    const rows = Array.from({length: 30}, (_, at) => `${1000 + at},64`);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...rows));
    const {ended} = stage.start(['run', 'patronages', 'pairs.csv', ...pace, '--redis', url]);
    await until(() => applied(stage.sandbox).length > 10);
    await primary.kill();
    follow();
    await hasRefused(replica);
    await promote();
    const {code, stderr} = await ended;
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
    expect(stage.summary().counts).toEqual(counts({created: 30}));
    expect(applied(stage.sandbox)).toHaveLength(30);
    expect(stage.sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);
  });

  it.each(['was killed', 'became a replica that keeps its connections'])(
    'without what was given last by the primary, which %s: never more than the limit in any second',
    async (what) => {
      const time = new VirtualTime(start);
      const {url, primary, replica, follow, promote} = await openRedisPair();
      const processes = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => driveShared({redis: url, time, server, name, workers: 40})),
      );
      await time.pass(10_000);
      await promote();
      await time.pass(700);
      if (what === 'was killed') await primary.kill();
      else await primary.client().replicaof('127.0.0.1', String(replica.port));
      follow();
      await time.pass(20_000);
      expect(processes.map(({failure}) => failure).filter(Boolean)).toEqual([]);
      const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
      const spans = sent.slice(perSecond).map((moment, at) => moment - (sent[at] ?? 0));
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(1000);
      expect(sent.filter((moment) => moment > start + 15_000).length).toBeGreaterThan(15 * perSecond * 0.9);
      // What the replica missed of the hour, it was told.
      const client = replica.client();
      const [key = ''] = await client.keys('bulk42:*');
      const {limits} = JSON.parse((await client.get(key)) ?? '') as SharedState;
      expect(totalOf(limits.hour.sent)).toBeGreaterThanOrEqual(sent.length);
    },
  );

  it('without who has the lease: nobody else gets it while the holder may still believe in it', async () => {
    const time = new VirtualTime(start);
    const {url, primary, follow, caughtUp, promote} = await openRedisPair();
    let isCut = false;
    const taken: [name: string, moment: number][] = [];
    const take = async (name: string) => {
      const {store} = await driveShared({
        redis: url,
        time,
        server,
        name,
        requests: 0,
        isCut: () => isCut && name === 'b',
      });
      const {signal} = new AbortController();
      void store
        .lease({job: 'closes', ledger: name, settleMs: 1000}, 0, signal)
        .then(() => taken.push([name, time.wall()]));
      return store;
    };
    const first = await take('a');
    await time.pass(5000);
    await first.close();
    await caughtUp();
    await promote();
    await take('b');
    await time.pass(100);
    await primary.kill();
    isCut = true;
    follow();
    const since = time.wall();
    await take('c');
    await time.pass(10_000);
    expect(taken.map(([name]) => name)).toEqual(['a', 'b', 'c']);
    expect(taken[2]?.[1]).toBeGreaterThanOrEqual(since + 2000);
  });
});

it('a Redis before version 7 that only reads: its connection is dropped, too, and tried again', async () => {
  const refused =
    "-ERR Error running script (call to f_71fe2e7962348b06aa8ce3e244cdb3f774b4f549): @user_script:4: @user_script: 4: -READONLY You can't write against a read only replica. \r\n";
  let connections = 0;
  const old = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    socket.on('data', (asked) => {
      socket.write(/info/i.test(asked.toString()) ? '$21\r\nredis_version:6.2.6\r\n\r\n' : refused);
    });
  }).listen(0, '127.0.0.1');
  await once(old, 'listening');
  onTestFinished(() => void old.close());
  const {port} = old.address() as AddressInfo;
  const link = await RedisLink.to(redisAddress(`redis://127.0.0.1:${port}`), 'return 1');
  await expect(link.run('')).rejects.toMatchObject({name: 'LinkLost', message: 'READONLY'});
  const again = () => link.run('').catch(() => connections);
  await expect.poll(again).toBe(2);
  link.close();
});
