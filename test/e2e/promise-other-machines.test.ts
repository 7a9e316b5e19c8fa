import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {holdEffects} from '../helpers/harness/held-effects.ts';
import {hasRedis, openRedis, type RedisServer, withRedis} from '../helpers/redis-server.ts';
import {until} from '../helpers/until.ts';
import {type Machine, openMachines} from '../limits/redis/machines.ts';
import {passTime} from '../limits/redis/pass-time.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';
import {afterFirst, counts, errorOf, writes} from './stage.ts';

const hourMs = 3_600_000;
const on = {method: 'POST', path: 'patronages'};
const settle = (seconds: number) => ['--settle', String(seconds)];
const run = (file: string, seconds: number) => [
  'run',
  'patronages',
  file,
  '--yes',
  '--per-second',
  '1000',
  ...settle(seconds),
];

async function openTwo(options: Parameters<typeof openSandbox>[0] = {}) {
  const redis = await openRedis();
  const {sandbox} = await openSandbox(options);
  const [one, other] = openMachines(2, sandbox, redis.url);
  if (!one || !other) throw new Error('two machines were asked for');
  /** The pairs of the API, sorted, each as often as it exists. */
  const pairs = () =>
    [...sandbox.store.patronages.values()]
      .map(({user_id, godfather_id}) => `${user_id}-${godfather_id}`)
      .sort();
  return {redis, sandbox, one, other, pairs};
}

const existing = (count: number) => Array.from({length: count}, (_, at) => `${1000 + at}-64`);

/** The first machine's process is killed while the server has two of its rows, which take effect when the test says so. */
async function openKilled(redisForgets: boolean) {
  const effects = holdEffects();
  const late: Fault = {on: {...on, body: afterFirst(1)}, effect: 'late', lateMs: 1, answer: 'hang', times: 2};
  const two = await openTwo({...effects.options, faults: [late]});
  const before = two.pairs();
  two.one.pairs('pairs.csv', 1000, 5);
  two.other.pairs('pairs.csv', 1000, 5);
  await settleRedis(two.redis, two.one);
  const first = two.one.start([...run('pairs.csv', 3600), '--concurrency', '2']);
  await until(() => effects.waiting === 2);
  first.child.kill('SIGKILL');
  await first.ended;
  if (redisForgets) await two.redis.client().flushall();
  else await passTime(two.redis, 35_000);
  return {...two, effects, before};
}

/** A Redis that is new to the application knows nothing of what was written just before. */
async function settleRedis(redis: RedisServer, machine: Machine): Promise<void> {
  expect(await machine.cli(['doctor'])).toMatchObject({code: 0});
  await passTime(redis, 2 * hourMs);
}

/** Whether the process tells that it waits for what another machine wrote; it is ended then. */
async function waitsForOthers({child, ended}: ReturnType<Machine['start']>): Promise<boolean> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const isWaiting = () => stderr.includes('another machine may have written');
  await until(() => isWaiting() || child.exitCode !== null);
  child.kill('SIGKILL');
  await ended;
  return isWaiting();
}

describe.skipIf(!hasRedis)(`12: a machine dies while it writes, another runs the file, ${withRedis}`, () => {
  it.each([
    ['the lease has run out', false],
    ['Redis has forgotten', true],
  ])(
    '%s: it waits until what the dead one sent can be seen, and no row is there twice',
    async (_, forgets) => {
      const {redis, sandbox, one, other, effects, pairs, before} = await openKilled(forgets);
      const sent = writes(sandbox).length;
      expect(await waitsForOthers(other.start(run('pairs.csv', forgets ? 3600 : 0.3)))).toBe(true);
      expect(writes(sandbox)).toHaveLength(sent);
      effects.open();
      await passTime(redis, 2 * hourMs);
      expect(await other.cli(run('pairs.csv', 0.3))).toMatchObject({code: 0});
      expect(pairs()).toEqual([...before, ...existing(5)].sort());
      expect(other.summary().counts).toEqual(counts({created: 2, unchanged: 3}));
      expect(one.intents()).toHaveLength(3);
    },
  );
});

describe.skipIf(!hasRedis)(`13: two files share rows, on two machines, ${withRedis}`, () => {
  it('one sends at a time; the next one waits until a reading shows what the first wrote, and who wrote it does not', async () => {
    const {redis, sandbox, one, other, pairs} = await openTwo({readLagMs: hourMs});
    const before = pairs();
    one.pairs('pairs.csv', 1000, 40);
    one.pairs('more.csv', 1000, 41);
    other.pairs('others.csv', 1030, 40);
    await settleRedis(redis, one);
    const first = one.start([...run('pairs.csv', 3600), '--concurrency', '1', '--per-second', '20']);
    await until(() => writes(sandbox).length > 5);
    const beside = await other.cli([...run('others.csv', 0.3), '--json']);
    expect(beside.code).toBe(23);
    expect(errorOf(beside)).toMatchObject({code: 'locked_elsewhere'});
    expect(await first.ended).toMatchObject({code: 0});
    expect(await waitsForOthers(other.start(run('others.csv', 0.3)))).toBe(true);
    expect(writes(sandbox)).toHaveLength(40);
    await passTime(redis, 35_000);
    expect(await one.cli(run('more.csv', 3600))).toMatchObject({code: 0});
    expect(one.summary().counts).toEqual(counts({created: 1, unchanged: 40}));
    expect(pairs()).toEqual([...before, ...existing(41)].sort());
  });
});
