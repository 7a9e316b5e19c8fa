import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';
import {onTestFinished} from 'vitest';

/** Whether the tests that need a real Redis can run here; .ci/run installs it. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** For the names of tests, so that those that are skipped say why. */
export const withRedis = hasRedis
  ? 'with a real Redis'
  : 'SKIPPED: needs redis-server (apt-get install redis-server)';

if (!hasRedis) console.warn(withRedis);

export interface RedisServer {
  url: string;
  port: number;
  /** For looking into it. */
  client: () => Redis;
  /** Ends it at once, as a crash does; without a snapshot its memory is gone. */
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** It hangs, or goes on. */
  signal: (signal: NodeJS.Signals) => void;
}

/** A Redis of its own for one test, without anything on the disk unless the settings say so. */
export async function openRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bulk42-redis-'));
  const port = await freePort();
  const clients: Redis[] = [];
  let child: ChildProcess | undefined;
  const kill = async () => {
    const dying = child;
    child = undefined;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
    const gone = once(dying, 'exit');
    dying.kill('SIGKILL');
    await gone;
  };
  const start = async () => {
    const own = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    child = spawn('redis-server', [...own, ...settings], {stdio: 'ignore'});
    while (!(await listens(port))) await sleep(10);
  };
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    await kill();
    rmSync(folder, {recursive: true, force: true});
  });
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    signal: (signal) => child?.kill(signal),
    client: () => {
      const client = new Redis({port, host: '127.0.0.1', lazyConnect: true});
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.unref();
    socket.once('connect', () => socket.destroy());
  });
}
