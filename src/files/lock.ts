import {createHash} from 'node:crypto';
import {mkdirSync, rmSync, openSync, closeSync} from 'node:fs';
import {connect, createServer, type Server} from 'node:net';
import {join} from 'node:path';
import type {Clock} from '../clock.ts';
import {Interrupted, LockedError} from '../errors.ts';

export interface Lock {
  /** True until released: the kernel closes a listening socket only when its process dies. */
  readonly held: boolean;
  release(): Promise<void>;
}

export interface LockOptions {
  /** What may have one holder only, in words for the message; two locks with the same name exclude each other. */
  name: string;
  /** Private folder for socket files, on systems without abstract sockets. */
  folder: string;
  clock: Clock;
  /** What to say when it is taken. */
  busy?: string;
  /** How long to wait for the holder to end, in milliseconds. */
  waitMs?: number;
  signal?: AbortSignal;
}

const taken = 'another run of this application is going on, and they would share one budget';

/**
 * One holder at a time on this machine, by a listening socket that the kernel releases when its process dies:
 * no pid file, no heartbeat, so neither a reused pid nor a sleeping laptop can break it. On Linux the socket is
 * abstract (no file is left behind), on Windows a named pipe, elsewhere a socket file.
 *
 * Not across machines, nor across containers with their own network namespace.
 */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  const {clock, waitMs = 0, signal, busy = taken} = options;
  const address = addressOf(options);
  const start = clock.mono();
  for (;;) {
    const server = await listen(address);
    if (server) return hold(server);
    if (signal?.aborted) throw new Interrupted();
    if (clock.mono() - start >= waitMs) {
      throw new LockedError(busy, {
        hint: 'wait for it to end, or let this one wait with --wait-lock <seconds>',
      });
    }
    await clock.sleep(Math.min(500, waitMs), signal);
  }
}

/** Whether a process holds the lock, without taking it: that would turn away one that is about to. */
export function isLocked(lock: Pick<LockOptions, 'name' | 'folder'>): Promise<boolean> {
  return hasListener(addressOf(lock));
}

function addressOf({name, folder}: Pick<LockOptions, 'name' | 'folder'>): string {
  const uid = process.getuid?.() ?? 0;
  const id = createHash('sha256').update(`${uid} ${name}`).digest('hex').slice(0, 16);
  if (process.platform === 'linux') return `\0bulk42-${uid}-${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\bulk42-${id}`;
  mkdirSync(folder, {recursive: true, mode: 0o700});
  return join(folder, `${id}.sock`);
}

async function listen(address: string): Promise<Server | undefined> {
  const server = await tryListen(address);
  if (server || address.startsWith('\0') || process.platform === 'win32') return server;
  return (await hasListener(address)) ? undefined : replaceStale(address);
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      // The process that asks may have ended before the response.
      socket.on('error', () => undefined).end(`${process.pid}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

function hasListener(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A socket file whose process is dead: unlinked and bound anew, under a guard so that only one process does so. */
async function replaceStale(path: string): Promise<Server | undefined> {
  const guard = `${path}.guard`;
  try {
    closeSync(openSync(guard, 'wx', 0o600));
  } catch {
    return undefined;
  }
  try {
    if (await hasListener(path)) return undefined;
    rmSync(path, {force: true});
    return await tryListen(path);
  } finally {
    rmSync(guard, {force: true});
  }
}

function hold(server: Server): Lock {
  server.unref();
  return {
    get held() {
      return server.listening;
    },
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
