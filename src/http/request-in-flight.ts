import type {Dispatcher} from 'undici';
import {decodeContent} from './decode-content.ts';
import {TransportError} from './transport-error.ts';

/** Responses larger than this are cut off: the largest page of a list is well under it. */
const maxResponseBytes = 4 << 20;

/** Names are in lower case. */
interface Head {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * One request on a connection of the pool, until its response is whole or it is given up.
 *
 * The pool calls `onRequestStart` when a connection is up and the first byte is about to be written. That is the proof: a
 * request that ended before that call was not sent.
 */
export class RequestInFlight implements Dispatcher.DispatchHandler {
  readonly response: Promise<Response>;
  readonly #mayLeave: () => boolean;
  readonly #timer: NodeJS.Timeout;
  #settle: {resolve: (response: Response) => void; reject: (error: Error) => void} | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #head: Head | undefined;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(timeoutMs: number, mayLeave: () => boolean) {
    this.#mayLeave = mayLeave;
    this.response = new Promise((resolve, reject) => (this.#settle = {resolve, reject}));
    this.#timer = setTimeout(() => this.giveUp('timeout'), timeoutMs);
  }

  giveUp(code: string): void {
    this.#end(code);
    this.#controller?.abort(new Error(code));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settle && !this.#mayLeave()) this.#end('held_back');
    // Given up while the connection was being made: nothing has been written, and nothing will be.
    if (!this.#settle) controller.abort(new Error('given up'));
    else this.#sent = true;
  }

  onResponseStart(_controller: unknown, status: number, headers: Head['headers']): void {
    if (status >= 200 && status <= 599) this.#head = {status, headers};
    // The server wants the next request on another connection.
    if (status === 421 || status === 425) this.giveUp('misdirected');
  }

  onResponseData(_controller: unknown, chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > maxResponseBytes) this.giveUp('response_too_large');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(codeOf(error), error);
  }

  /** `code` says what went wrong; undefined where the response arrived whole. */
  #end(code: string | undefined, cause?: unknown): void {
    const settle = this.#settle;
    if (!settle) return;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    if (this.#head) settle.resolve(this.#toResponse(this.#head, code));
    else settle.reject(new TransportError(this.#sent, code ?? 'no_response', cause));
  }

  /**
   * A Response whose content is in memory already, and read as text only. As its body it would be made a stream of and
   * read back from that, which takes as long as the rest of a request: a run of 50,000 rows would miss 0.6 times the speed
   * of a script by hand. Content that was cut off fails when it is read, so that the status is known all the same.
   */
  #toResponse({status, headers}: Head, code: string | undefined): Response {
    const encoding = String(headers['content-encoding'] ?? '');
    const content =
      code === undefined ? decodeContent(Buffer.concat(this.#chunks), encoding, maxResponseBytes) : undefined;
    const text = () =>
      content
        ? Promise.resolve(content.toString())
        : Promise.reject(new TransportError(true, code ?? 'unreadable_encoding'));
    const response = new Response(null, {status, headers: headers as Record<string, string>});
    return Object.assign(response, {text});
  }
}

function codeOf(error: unknown): string {
  const {code, cause} = error as NodeJS.ErrnoException & {cause?: NodeJS.ErrnoException};
  return code ?? cause?.code ?? 'connection_failed';
}
