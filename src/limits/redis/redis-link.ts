import {isIP} from 'node:net';
import type {Redis} from 'ioredis';
import {isCertificateError} from '../../http/certificate-error.ts';
import {ConfigurationError, RefusedError} from '../../errors.ts';
import type {RedisAddress} from './redis-address.ts';

/** Redis did not do it, or nobody knows whether it did; it may later. Never leaves this folder. */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';
}

/** A Redis that takes longer than this for one small script is as good as gone. In milliseconds. */
export const slowest = 750;
const connectTimeout = 2000;
const minVersion = 5;

/** ioredis sends the script once on each connection, and its SHA-1 from then on. */
type ScriptedRedis = Redis & {runScript: (key: string, ...args: readonly string[]) => Promise<unknown>};

/**
 * One connection to Redis, made anew for the call after one that failed. It runs one script, and sorts what can go
 * wrong into what time mends (LinkLost) and what somebody has to mend (RefusedError, ConfigurationError).
 */
export class RedisLink {
  readonly #redis: ScriptedRedis;
  readonly #address: RedisAddress;
  #connecting: Promise<void> | undefined;
  /** What the connection itself said last: its promises only say that it is closed. */
  #cause: Error | undefined;
  /** As Redis gives it; undefined until a connection, or where it does not tell. */
  version: string | undefined;
  /** Which process of Redis answers here; '' where it is unknown. */
  server = '';

  private constructor(redis: ScriptedRedis, address: RedisAddress) {
    this.#redis = redis;
    this.#address = address;
    redis.on('error', (error: Error) => (this.#cause = error));
  }

  /** ioredis is loaded only now: most commands do without. */
  static async to(address: RedisAddress, script: string): Promise<RedisLink> {
    const {Redis} = await import('ioredis');
    const {host, port, tls, username, password, db} = address;
    const redis = new Redis({
      host,
      port,
      db,
      ...(username !== undefined && {username}),
      ...(password !== undefined && {password}),
      // Only a name can be asked for by SNI; an address is compared with the certificate all the same.
      ...(tls && {tls: isIP(host) ? {} : {servername: host}}),
      lazyConnect: true,
      connectTimeout,
      commandTimeout: slowest,
      // A command that is repeated or kept for later would be a slot that nobody uses. We ask anew ourselves.
      retryStrategy: () => null,
      enableOfflineQueue: false,
      maxRetriesPerRequest: null,
      autoResendUnfulfilledCommands: false,
      enableReadyCheck: false,
      disableClientInfo: true,
      disconnectTimeout: 100,
      protocol: 2,
      scripts: {runScript: {lua: script, numberOfKeys: 1}},
    }) as ScriptedRedis;
    return new RedisLink(redis, address);
  }

  get shown(): string {
    return this.#address.shown;
  }

  /**
   * Runs the script once.
   *
   * @throws LinkLost, RefusedError (exit 77), ConfigurationError (exit 78)
   */
  async run(key: string, ...args: readonly string[]): Promise<unknown> {
    try {
      await this.#connected();
      return await this.#redis.runScript(key, ...args);
    } catch (error) {
      // What is stuck in this connection is of no use any more.
      const isStuck = !isReply(error) || reasonOf(error).startsWith('READONLY');
      // Closing what is closed would make ioredis keep the next error to itself.
      if (isStuck && this.#redis.status !== 'end') this.close();
      throw this.#sorted(error);
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #connected(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    await this.#connecting;
  }

  async #connect(): Promise<void> {
    this.#cause = undefined;
    try {
      await this.#redis.connect();
    } catch (error) {
      throw this.#cause ?? error;
    }
    // ioredis only warns of a database that could not be chosen; the commands would go to another one.
    if (this.#cause) throw this.#cause as Error;
    const facts = await this.#redis.info().catch((error: unknown) => {
      if (isReply(error) && error.message.startsWith('NOPERM')) return '';
      throw error;
    });
    this.server = /^run_id:(\w+)/m.exec(facts)?.[1] ?? '';
    this.version = /^redis_version:(\S+)/m.exec(facts)?.[1];
    if (this.version !== undefined && Number.parseInt(this.version) < minVersion) {
      throw new ConfigurationError(`Redis at ${this.shown} is version ${this.version}`, {
        code: 'redis_version',
        hint: `it has to be Redis ${minVersion} or later, or Valkey`,
      });
    }
    // A lease or an hour that was thrown away would be there for others to take once more.
    const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction' && /^maxmemory:[1-9]/m.test(facts)) {
      throw new ConfigurationError(
        `Redis at ${this.shown} throws keys away when its memory is full (${policy})`,
        {
          code: 'redis_eviction',
          hint: 'set its maxmemory-policy to noeviction',
        },
      );
    }
  }

  /** No error of ioredis is passed on: it knows the commands that it sent, the one with the password too. */
  #sorted(error: unknown): Error {
    if (error instanceof ConfigurationError) return error;
    const {code} = error as NodeJS.ErrnoException;
    const message = reasonOf(error as Error);
    const where = `Redis at ${this.shown}`;
    if (code !== undefined && isCertificateError(code)) {
      return new RefusedError(`the certificate of ${where} is not valid (${code})`, {
        code: 'redis_certificate',
        hint: 'NODE_EXTRA_CA_CERTS names a file with a CA of your own; the check is never turned off',
      });
    }
    if (/^(WRONGPASS|NOAUTH|NOPERM)|^ERR (AUTH|invalid password)/.test(message)) {
      return new RefusedError(`${where} does not let bulk42 in (${message.split(' ')[0]})`, {
        code: 'redis_refused',
        hint: 'check user and password in BULK42_REDIS_URL, and what the user may do: docs/many-machines.md',
      });
    }
    if (/RESP type|Protocol error/.test(message)) {
      return new ConfigurationError(`what answers at ${this.shown} is no Redis`, {
        code: 'redis_url',
        hint: 'check host and port of --redis or BULK42_REDIS_URL, and whether it is rediss://',
      });
    }
    const waits =
      /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS|NOSCRIPT)\b/;
    if (isReply(error) && !waits.test(message)) {
      return new ConfigurationError(`${where} cannot be used: ${message.slice(0, 100)}`, {
        code: 'redis_unsupported',
        hint: 'it has to be one primary that runs Lua scripts, no node of a cluster: docs/many-machines.md',
      });
    }
    return new LinkLost(
      code ?? waits.exec(message)?.[0] ?? (/timed out/.test(message) ? 'ETIMEDOUT' : 'closed'),
    );
  }
}

/** An answer of Redis itself, and not of the way to it. */
function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Before version 7, Redis tells where in the script it was before it tells what was wrong. */
function reasonOf({message}: Error): string {
  return message.replace(/^ERR Error running script .*? -(?=[A-Z]+ )/, '');
}
