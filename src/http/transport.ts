import {Pool} from 'undici';

/** A failure below HTTP: no status line came. `sent` is false only where no byte can have left this machine. */
export class TransportError extends Error {
  readonly sent: boolean;
  readonly code: string;
  constructor(sent: boolean, code: string, cause?: unknown) {
    super(code, {cause});
    this.sent = sent;
    this.code = code;
  }
}

export interface TransportOptions {
  /** `https://host[:port]`. */
  origin: string;
  connections: number;
  /** For one request, from the call to the last byte of the answer, in milliseconds. */
  timeoutMs: number;
  /** Aborting it ends every request at once, sent or not. */
  abort: AbortSignal;
}

export interface Transport {
  fetch(request: Request, sending: PlanExecution): Promise<Response>;
  close(): Promise<void>;
}

/** What a request needs beside the Request. */
interface PlanExecution {
  /** Names in lower case. Those of the Request, which knows how its body is encoded, come on top. */
  headers: Readonly<Record<string, string>>;
  /** The body where it is known as text: a Request would make a stream of it first. */
  json: string | undefined;
  /** Asked when the first byte is about to leave. */
  mayLeave: () => boolean;
}

/** Answers larger than this are cut off: the largest list page is well under it. */
const maxResponseBytes = 4 << 20;

/**
 * A lean `fetch` on a connection pool, for the one thing that a fetch cannot tell: whether a failed request was
 * ever sent. The pool calls `onRequestStart` when a connection is up and the first byte is about to be written;
 * a request that failed before that call was surely not sent. It follows no redirect, retries nothing, and
 * decompresses nothing (none is asked for).
 *
 * An idle connection is used for 2 s at most: servers close theirs silently, and a write on a dead connection
 * is a row in doubt.
 */
export function createTransport(options: TransportOptions): Transport {
  // One listener for all requests: there may be many in flight.
  const inFlight = new Set<GiveUp>();
  options.abort.addEventListener('abort', () => inFlight.forEach((giveUp) => giveUp('aborted')));
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    keepAliveTimeout: 2000,
    keepAliveMaxTimeout: 2000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {timeout: Math.min(10_000, options.timeoutMs)},
  });
  return {
    fetch: (request, sending) => exchange(pool, request, sending, options, inFlight),
    close: () => pool.destroy(),
  };
}

type GiveUp = (code: string) => void;

/** Names are in lower case. */
interface Head {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

async function exchange(
  pool: Pool,
  request: Request,
  {headers, json, mayLeave}: PlanExecution,
  options: TransportOptions,
  inFlight: Set<GiveUp>,
): Promise<Response> {
  const body = json ?? (request.body ? new Uint8Array(await request.arrayBuffer()) : null);
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    let abortSending: ((reason: Error) => void) | undefined;
    let sent = false;
    let head: Head | undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    let over = false;

    const end = (code: string | undefined, cause?: unknown) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      inFlight.delete(giveUp);
      if (head) resolve(response(head, chunks, code));
      else reject(new TransportError(sent, code ?? 'no_answer', cause));
    };
    const giveUp: GiveUp = (code) => {
      end(code);
      abortSending?.(new Error(code));
    };
    const timer = setTimeout(() => giveUp('timeout'), options.timeoutMs);
    inFlight.add(giveUp);
    if (options.abort.aborted) return giveUp('aborted');

    pool.dispatch(
      {
        path: url.pathname + url.search,
        method: request.method,
        headers: {...headers, ...Object.fromEntries(request.headers)},
        body,
      },
      {
        onRequestStart(controller) {
          abortSending = (reason) => controller.abort(reason);
          // Given up while the connection was being made: nothing has been written, and nothing will be.
          if (!over && !mayLeave()) end('held_back');
          if (over) controller.abort(new Error('given up'));
          else sent = true;
        },
        onResponseStart(_controller, status, headers) {
          if (status >= 200 && status <= 599) head = {status, headers};
          // The server wants the next try on another connection.
          if (status === 421 || status === 425) giveUp('misdirected');
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > maxResponseBytes) giveUp('answer_too_large');
          else chunks.push(chunk);
        },
        onResponseEnd: () => end(undefined),
        onResponseError: (_controller, error) => end(codeOf(error), error),
      },
    );
  });
}

/**
 * As much of a Response as ky and the client use. A real one would make a stream of the bytes and read it back, which
 * costs more than the request. A body that was cut off fails when it is read, so that the status is known all the same.
 */
function response({status, headers}: Head, chunks: Uint8Array[], cut: string | undefined): Response {
  const lean: Pick<Response, 'ok' | 'status' | 'body' | 'text'> & {headers: Pick<Headers, 'get'>} = {
    ok: status >= 200 && status < 300,
    status,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return (typeof value === 'object' ? value.join(', ') : value) || null;
      },
    },
    body: null,
    text: () =>
      cut === undefined
        ? Promise.resolve(Buffer.concat(chunks).toString())
        : Promise.reject(new TransportError(true, cut)),
  };
  return lean as Response;
}

function codeOf(error: unknown): string {
  const {code, cause} = error as NodeJS.ErrnoException & {cause?: NodeJS.ErrnoException};
  return code ?? cause?.code ?? 'connection_failed';
}
