import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {applied, counts, writes} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {hasRedis, openRedis, withRedis} from '../../helpers/redis-server.ts';
import {openSandbox} from '../../sandbox/open-sandbox.ts';
import {endLease} from './end-lease.ts';
import {copyRuns, openMachines, pace} from './machines.ts';

/** Of this test run alone. */
const hostName = `bulk42-${process.pid}`;
const network = `10.${64 + (process.pid % 128)}`;
const canSplit = process.platform === 'linux' && spawnSync('ip', ['netns', 'add', hostName]).status === 0;
if (canSplit) spawnSync('ip', ['netns', 'del', hostName]);
if (!canSplit) console.warn('SKIPPED: two hosts with a link that is cut need root and iproute2 (ip netns)');

const preload = fileURLToPath(new URL('../../helpers/in-namespace.mjs', import.meta.url));

function ip(...args: string[]): void {
  const {status, stderr} = spawnSync('ip', args);
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.toString()}`);
}

/** A second host, with one cable for Redis and one for the API. */
function openHost(name: string): {cut: () => void; mend: () => void} {
  ip('netns', 'add', name);
  onTestFinished(() => void spawnSync('ip', ['netns', 'del', name]));
  for (const [cable, net] of [
    ['r', `${network}.1`],
    ['a', `${network}.2`],
  ]) {
    ip(
      'link',
      'add',
      `b42${cable}${process.pid}`,
      'type',
      'veth',
      'peer',
      'name',
      `b42${cable}`,
      'netns',
      name,
    );
    ip('addr', 'add', `${net}.1/24`, 'dev', `b42${cable}${process.pid}`);
    ip('link', 'set', `b42${cable}${process.pid}`, 'up');
    ip('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', `b42${cable}`);
    ip('-n', name, 'link', 'set', `b42${cable}`, 'up');
  }
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return {
    cut: () => ip('link', 'set', `b42r${process.pid}`, 'down'),
    mend: () => ip('link', 'set', `b42r${process.pid}`, 'up'),
  };
}

/** A way from the other host's cable to a server on this one's loopback. */
async function relay(address: string, port: number): Promise<void> {
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy()).pipe(other);
    }
  });
  server.listen(port, address);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect((server.address() as AddressInfo).port).toBe(port);
}

describe.skipIf(!hasRedis || !canSplit)(`two hosts, ${withRedis}`, () => {
  it('the one that cannot reach Redis any more sends nothing, and the other one goes on with its run', async () => {
    const host = openHost(hostName);
    const redis = await openRedis();
    const {sandbox} = await openSandbox({users: 1000, perSecond: 20, perHour: 5000});
    const apiPort = Number(new URL(sandbox.url).port);
    await relay(`${network}.1.1`, redis.port);
    await relay(`${network}.2.1`, apiPort);
    const [far, near] = openMachines(2, sandbox, redis.url);
    if (!far || !near) throw new Error('two machines were asked for');
    far.pairs('pairs.csv', 1000, 60);
    const first = far.start(
      ['run', 'patronages', 'pairs.csv', ...pace, '--redis', `redis://${network}.1.1:${redis.port}`],
      {
        under: ['ip', 'netns', 'exec', hostName],
        node: ['--import', preload],
        env: {API_ADDRESS: `${network}.2.1`, API_PORT: String(apiPort)},
      },
    );
    const told = new Promise<void>((resolve) => {
      first.child.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Redis does not answer')) resolve();
      });
    });
    await until(() => applied(sandbox).length > 10);
    host.cut();
    await told;

    copyRuns(far, near);
    await endLease(redis);
    const before = writes(sandbox).length;
    expect(await near.cli(['resume', 'last', ...pace])).toMatchObject({code: 0});
    const after = writes(sandbox).slice(before);
    const own = new Set(near.intents().filter((name) => !far.intents().includes(name)));
    expect(after.filter(({requestId}) => !own.has(requestId))).toEqual([]);
    host.mend();
    const {code, stderr} = await first.ended;
    expect(code).toBe(23);
    expect(stderr).toContain('error: another machine has gone on with this run');

    expect(applied(sandbox)).toHaveLength(60);
    expect(writes(sandbox)).toHaveLength(before + after.length);
    expect(near.summary().counts).toEqual(counts({created: 60}));
  });
});
