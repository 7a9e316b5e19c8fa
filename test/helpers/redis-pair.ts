import {once} from 'node:events';
import {connect, createServer, type Socket} from 'node:net';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {until} from './until.ts';
import {openRedis, type RedisServer} from './redis-server.ts';

export interface RedisPair {
  /** What a name or proxy that follows the primary would be. */
  url: string;
  primary: RedisServer;
  replica: RedisServer;
  /** New connections reach the replica; those that are open stay. */
  follow: () => void;
  /** Resolves once the replica has what the primary has now. */
  caughtUp: () => Promise<void>;
  /** Ends the replication, as who fails over does. */
  promote: () => Promise<void>;
  /** Resolves once a client tried to write to a server that only reads. */
  hasRefused: (server: RedisServer) => Promise<void>;
}

/** A primary with a replica that has caught up with it, behind one address. */
export async function openRedisPair(): Promise<RedisPair> {
  const primary = await openRedis(['--repl-diskless-sync-delay', '0']);
  const replica = await openRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
  await untilSaid(replica, 'replication', /master_link_status:up/);
  let target = primary.port;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => open.delete(one))
        .pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    primary,
    replica,
    follow: () => (target = replica.port),
    caughtUp: async () => {
      const facts = await primary.client().info('replication');
      const offset = /^master_repl_offset:\d+/m.exec(facts)?.[0] ?? '';
      await untilSaid(replica, 'replication', new RegExp(`^${offset}\r?$`, 'm'));
    },
    promote: async () => void (await replica.client().replicaof('NO', 'ONE')),
    hasRefused: (refusing) => untilSaid(refusing, 'errorstats', /errorstat_READONLY/),
  };
}

async function untilSaid(server: RedisServer, section: string, what: RegExp): Promise<void> {
  const client = server.client();
  let said = '';
  const ask = () => void client.info(section).then((facts) => (said = facts));
  await until(() => (ask(), what.test(said)));
}
