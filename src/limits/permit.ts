import type {HttpResult} from '../http/http-result.ts';

/** The permission to send one request. It ends with `complete` or `cancel`, or by `ready` giving false. */
export interface Permit {
  /** Waits until the request may leave. False: it may not be sent after all, and the permit is cancelled. */
  ready(): Promise<boolean>;
  /**
   * Whether the request may still be sent, when its connection is up and its first byte is about to leave: connecting
   * may have taken long, and a machine may sleep meanwhile.
   */
  mayLeave(): boolean;
  /** What came of the request: its headers set the limits, a refusal pauses all requests. */
  complete(result: HttpResult): void;
  /** The request is not sent. Has no effect on a permit that has ended. */
  cancel(): void;
}
