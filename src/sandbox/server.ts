import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {ConfigurationError} from '../errors.ts';
import {createApplication} from './application.ts';
import type {Application, ArrivalCheck, Incoming} from './application.ts';
import {faultReply} from './fault-reply.ts';
import {createFaults} from './faults.ts';
import type {Fault, Faults} from './faults.ts';
import type {LedgerEntry} from './ledger.ts';
import {withDefaults} from './options.ts';
import type {SandboxOptions, Settings} from './options.ts';
import {parseBody} from './parse-body.ts';
import type {ParsedBody} from './parse-body.ts';
import {json} from './reply.ts';
import type {Reply} from './reply.ts';
import {seed} from './seed.ts';
import {cut, send, sendTruncated} from './send.ts';
import {createStore} from './store.ts';
import type {Store} from './store.ts';
import {persistChanges} from './world.ts';

export type {SandboxOptions} from './options.ts';

export interface Sandbox {
  /** http://127.0.0.1:PORT, without a slash at the end. */
  readonly url: string;
  readonly uid: string;
  readonly secret: string;
  /** Every arrival in order; entries change until their request is settled. */
  readonly ledger: readonly LedgerEntry[];
  readonly store: Store;
  addFault: (fault: Fault) => void;
  clearFaults: () => void;
  /** Every token given so far is invalid from now on. */
  revokeTokens: () => void;
  /** Ends all connections, hanging ones too, and cancels effects that are still to come. */
  close: () => Promise<void>;
}

const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Starts a fake of the 42 API on loopback, with records, validation, paging, rate windows and tokens of its own.
 * @throws ConfigurationError if the port cannot be had
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = withDefaults(options);
  const store = createStore();
  seed(store, options.users ?? 2000);
  if (options.changes !== undefined) persistChanges(store, options.changes);
  const ledger: LedgerEntry[] = [];
  const faults = createFaults(options.faults ?? []);
  const timers = createTimers(settings.after);
  let url = '';
  const application = createApplication(store, settings, () => url, timers.later);
  const server = createServer((request, response) => {
    void receive({application, faults, settings, later: timers.later, ledger}, request, response);
  });
  try {
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigurationError(`the sandbox cannot listen on port ${options.port ?? 0}`, {
      cause,
      code: 'port',
      hint: 'choose another one with --port, or leave it out for any free one',
    });
  }
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    uid: settings.uid,
    secret: settings.secret,
    ledger,
    store,
    addFault: faults.add,
    clearFaults: faults.clear,
    revokeTokens: application.revokeTokens,
    close: async () => {
      timers.cancelAll();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What every request is handled with. */
interface Parts {
  application: Application;
  faults: Faults;
  settings: Settings;
  later: (ms: number, run: () => void) => void;
  ledger: LedgerEntry[];
}

/** One request that has arrived whole. */
interface ReceivedRequest {
  incoming: Incoming;
  check: ArrivalCheck;
  entry: LedgerEntry;
  parsed: ParsedBody;
  response: ServerResponse;
  headers: () => Record<string, string>;
}

/** Windows and the ledger count a request when its head arrives; it is acted upon once it is whole. */
async function receive(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {application, settings, ledger} = parts;
  const at = settings.now();
  const [path = '', search = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  const incoming: Incoming = {method: request.method ?? '', path, search, headers: request.headers, at};
  const check = application.checkArrival(incoming);
  const requestId = request.headers['x-request-id'];
  const entry: LedgerEntry = {
    at,
    method: incoming.method,
    path,
    query: decoded(search),
    requestId: typeof requestId === 'string' ? requestId : randomUUID(),
    authorized: check.authorized,
  };
  ledger.push(entry);
  const bytes = await readBody(request);
  // A client that goes away before its request is whole leaves an entry without a status, and nothing else.
  if (bytes === 'incomplete') return;
  const started = process.hrtime.bigint();
  const parsed =
    bytes === 'too large' ? 'unreadable' : await parseBody(bytes, request.headers['content-type'] ?? '');
  if (parsed !== 'unreadable' && parsed.body !== undefined) entry.body = parsed.body;
  const headers = () => ({
    ...check.headers,
    'X-Request-Id': entry.requestId,
    'X-Runtime': (Number(process.hrtime.bigint() - started) / 1e9).toFixed(6),
    Date: new Date(settings.now()).toUTCString(),
  });
  respond(parts, {incoming, check, entry, parsed, response, headers});
}

async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | 'incomplete' | 'too large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
    }
  } catch {
    return 'incomplete';
  }
  return size > maxBodyBytes ? 'too large' : Buffer.concat(chunks);
}

function respond(parts: Parts, arrival: ReceivedRequest): void {
  const {check, entry, incoming, response, headers, parsed} = arrival;
  const reply = (what: Reply) => {
    if (send(response, what, headers())) entry.status = what.status;
  };
  if (check.refusal !== undefined) {
    reply(check.refusal);
    return;
  }
  const body = parsed === 'unreadable' ? undefined : parsed.body;
  const fault = parts.faults.choose({method: incoming.method, path: incoming.path, body});
  if (fault !== undefined) {
    entry.fault = fault.answer;
    applyFault(parts, arrival, fault);
  } else if (parts.settings.latencyMs === 0) {
    reply(perform(parts, arrival));
  } else {
    parts.later(parts.settings.latencyMs, () => reply(perform(parts, arrival)));
  }
}

function perform({application, settings}: Parts, {incoming, check, entry, parsed}: ReceivedRequest): Reply {
  const reply = application.perform(incoming, check.token, parsed);
  if (reply.effect !== undefined) entry.applied = {...reply.effect, at: settings.now()};
  if (application.isTokenEndpoint(incoming.path)) entry.authorized = reply.status === 200;
  return reply;
}

function applyFault(parts: Parts, arrival: ReceivedRequest, fault: Fault): void {
  const {incoming} = arrival;
  const {effect, answer: kind, lateMs = 0, delayMs = 0} = fault;
  if (kind === 'slow') {
    // The effect is at once (before), after lateMs (late) or with the response (none); the response waits for it.
    const effectMs = effect === 'before' ? 0 : effect === 'late' ? lateMs : delayMs;
    parts.later(effectMs, () => {
      const normal = perform(parts, arrival);
      parts.later(delayMs - effectMs, () => sendFault(arrival, fault, normal));
    });
    return;
  }
  const refuses = kind === '401' || kind === '429';
  const isWrite = incoming.method !== 'GET' && !parts.application.isTokenEndpoint(incoming.path);
  const applies = !isWrite || (effect === 'before' && !refuses);
  if (effect === 'late' && isWrite && !refuses) parts.later(lateMs, () => perform(parts, arrival));
  sendFault(arrival, fault, applies ? perform(parts, arrival) : standIn(incoming.method));
}

/** What a success would look like, for faults that cut or break a response whose write is not applied. */
function standIn(method: string): Reply {
  return method === 'POST' ? json(201, {id: 0, created_at: null}) : {status: 204, headers: {}, body: ''};
}

function sendFault({response, headers, entry}: ReceivedRequest, fault: Fault, normal: Reply): void {
  const what = faultReply(fault, normal);
  if (what === 'reset' || what === 'fin') {
    cut(response, what);
  } else if (what === 'truncated') {
    if (sendTruncated(response, normal, headers())) entry.status = normal.status;
  } else if (what !== 'hang') {
    const {Date: date = ''} = headers();
    if (send(response, what.reply, what.origin === 'proxy' ? {Date: date} : headers())) {
      entry.status = what.reply.status;
    }
  }
}

function decoded(search: string): string {
  try {
    return decodeURIComponent(search);
  } catch {
    return search;
  }
}

function createTimers(after: Settings['after']): {later: Parts['later']; cancelAll: () => void} {
  const pending = new Set<() => void>();
  return {
    later: (ms, run) => {
      if (ms <= 0) {
        run();
        return;
      }
      const cancel = after(ms, () => {
        pending.delete(cancel);
        run();
      });
      pending.add(cancel);
    },
    cancelAll: () => {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
