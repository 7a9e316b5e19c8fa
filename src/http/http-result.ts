/** What came of sending one request once. Never an exception: the caller decides what it means for the row. */
export type HttpResult = HttpResponse | NoResponse;

/** A status line arrived. Headers and body are parsed once, by `parseResponse`. */
export interface HttpResponse {
  kind: 'response';
  status: number;
  /** The body arrived whole (false: cut off, too large, or timed out half-way). */
  isComplete: boolean;
  /** The body as JSON; undefined where it is none. */
  json: unknown;
  /** The body is an HTML page: a proxy's, a firewall's or a web server's. */
  isPage: boolean;
  rateLimits: RateLimits;
  retryAfterMs: number | undefined;
  /** The server's clock (`Date`), milliseconds since 1970. */
  dateMs: number | undefined;
  /** How long the API worked on the request (`X-Runtime`). */
  runtimeMs: number | undefined;
  /** How many items a full page of the list has (`X-Per-Page`). */
  pageSize: number | undefined;
  /** How many items the whole list has (`X-Total`). */
  total: number | undefined;
  /** What the application is called (`X-Application-Name`). */
  application: string | undefined;
  /** The roles of the application (`X-Application-Roles`). */
  roles: string | undefined;
  /** Where a redirect leads to. */
  location: string | undefined;
  /** What is missing, in the words of OAuth (`WWW-Authenticate`). */
  authenticate: string;
}

/** What a response tells about the limits. What is missing or no plain number is undefined. */
export interface RateLimits {
  perSecond: number | undefined;
  perHour: number | undefined;
  /** Requests of the hour that are left after this one. */
  remaining: number | undefined;
}

/** No status line arrived. */
export interface NoResponse {
  kind: 'noResponse';
  /** Whether a byte of the request may have left this machine. False is a proof. */
  sent: boolean;
  /** A short code: the system's or the HTTP client's error code, or `timeout`, `aborted`. */
  code: string;
}
