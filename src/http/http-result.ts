/** What came of sending one request once. Never an exception: the caller decides what it means for the row. */
export type HttpResult = HttpResponse | NoResponse;

/** A status line arrived. */
export interface HttpResponse {
  kind: 'answered';
  status: number;
  headers: Pick<Headers, 'get'>;
  body: string;
  /** The body arrived whole (false: cut off, too large, or timed out half-way). */
  whole: boolean;
}

/** No status line arrived. */
interface NoResponse {
  kind: 'lost';
  /** Whether a byte of the request may have left this machine. False is a proof. */
  sent: boolean;
  /** A short code: the system's or the HTTP client's error code, or `timeout`, `aborted`. */
  code: string;
}

/** No answer of the API nests so deep, and whoever walks through one that does runs out of stack. */
const deepest = 64;

/** The body as JSON, or undefined where it is none. Content type first: a proxy's page is never parsed. */
export function jsonOf(answer: HttpResponse): unknown {
  if (!answer.whole || !/\bjson\b/i.test(answer.headers.get('content-type') ?? '')) return undefined;
  try {
    const json: unknown = JSON.parse(answer.body);
    return isDeeper(json, deepest) ? undefined : json;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
