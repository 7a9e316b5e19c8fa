import type {Effect} from './reply.ts';

/** One arrival, whatever became of it. Times are wall clock in ms. */
export interface LedgerEntry {
  at: number;
  method: string;
  path: string;
  /** The query with its brackets decoded, '' without one. */
  query: string;
  /** X-Request-Id: the client's own, or the one that the sandbox made. */
  requestId: string;
  /** Whether it carried a valid token (on the token endpoint: valid credentials). */
  authorized: boolean;
  /** The status of the response; undefined as long as there is none, and where the connection was cut instead. */
  status?: number;
  /** The `answer` of the fault that applied. */
  fault?: string;
  /** Set at the moment of the effect, which may be long after the response. */
  applied?: Effect & {at: number};
  /** Parsed JSON, form or multipart fields; undefined if there was none or it could not be read. */
  body?: unknown;
}
