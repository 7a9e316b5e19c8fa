import {InputError} from '../errors.ts';
import {isHash} from './permit.ts';

const answers = [
  '500', // JSON error of the application
  '500-html',
  '502', // HTML of a proxy, as 504
  '503', // HTML of a proxy, with `retryAfter` if given
  '504',
  '408', // empty body
  '409', // JSON error of the application
  '422-html',
  '403-html', // a firewall's page
  '403-empty',
  '403-role', // JSON: the application lacks a role
  '404-empty-object',
  '404-html',
  '401', // invalid token, with WWW-Authenticate
  '429', // plain text; Retry-After is `retryAfter` verbatim, none if null, 1 if not given
  'reset', // RST instead of a response
  'fin', // the connection is closed cleanly instead of a response
  'hang', // no response, the connection stays open
  'truncated', // right status and full Content-Length, half of the body, then the connection is cut
  'html-200',
  'empty-201',
  'bad-json', // right status and content type, broken JSON
  'redirect', // `status` (302) and `location` (/)
  'slow', // the normal response after `delayMs`
  'status', // `status` (500), `contentType` (text/plain) and `body` ('') verbatim
] as const;

const effects = ['none', 'before', 'late'] as const;

type FaultAnswer = (typeof answers)[number];

/**
 * Something that goes wrong with requests that came within the limits and carried a valid token (requests to the token
 * endpoint: all). `nth`, `every`, `times` and `chance` may be combined; all that are given must agree.
 */
export interface Fault {
  /** Which requests match; without it all but those to the token endpoint. `path` is whole segments from the start of the path below /v2
   * ('patronages', 'users/46'), or '/oauth/token'. */
  on?: {method?: string; path?: string; body?: (parsed: unknown) => boolean};
  /** Only the n-th matching request, from 1. */
  nth?: number;
  /** Each n-th matching request. */
  every?: number;
  /** At most so many times. */
  times?: number;
  /** Probability, 0 to 1, drawn from `seed` (1). */
  chance?: number;
  seed?: number;
  /**
   * What becomes of the write. none: it is not applied; before: it is applied, then the faulty response is sent; late: it is
   * applied `lateMs` after the arrival, even when the client is gone by then. Answers 401 and 429 never apply it.
   */
  effect: (typeof effects)[number];
  lateMs?: number;
  answer: FaultAnswer;
  status?: number;
  location?: string;
  retryAfter?: string | null;
  delayMs?: number;
  contentType?: string;
  body?: string;
}

interface Arrival {
  method: string;
  /** '/v2/patronages', '/oauth/token' */
  path: string;
  body: unknown;
}

export interface Faults {
  add: (fault: Fault) => void;
  clear: () => void;
  /** The first fault that is due for this arrival. Every matching fault counts it. */
  choose: (arrival: Arrival) => Fault | undefined;
}

export function createFaults(initial: readonly Fault[]): Faults {
  interface Armed {
    fault: Fault;
    matched: number;
    used: number;
    random: () => number;
  }
  let armed: Armed[] = [];
  const add = (fault: Fault) => armed.push({fault, matched: 0, used: 0, random: mulberry32(fault.seed ?? 1)});
  initial.forEach(add);

  function isDue(entry: Armed): boolean {
    const {nth, every, times, chance} = entry.fault;
    const drawn = chance === undefined || entry.random() < chance;
    return (
      drawn &&
      (nth === undefined || entry.matched === nth) &&
      (every === undefined || entry.matched % every === 0) &&
      (times === undefined || entry.used < times)
    );
  }

  return {
    add,
    clear: () => (armed = []),
    choose: (arrival) => {
      let chosen: Fault | undefined;
      for (const entry of armed) {
        if (!matches(entry.fault, arrival)) continue;
        entry.matched++;
        if (!isDue(entry) || chosen !== undefined) continue;
        entry.used++;
        chosen = entry.fault;
      }
      return chosen;
    },
  };
}

function matches({on = {}}: Fault, {method, path, body}: Arrival): boolean {
  if (on.method !== undefined && on.method.toUpperCase() !== method) return false;
  const actual = path.replace(/^\/(v2\/)?/, '');
  // Without a path no request to the token endpoint matches: it fails only when it is named.
  const wanted = on.path?.replace(/^\/+/, '').replace(/^v2\//, '');
  if (wanted === undefined && actual.startsWith('oauth/')) return false;
  if (wanted !== undefined && actual !== wanted && !actual.startsWith(`${wanted}/`)) return false;
  return on.body === undefined || on.body(body);
}

/** Small seeded generator of numbers in [0, 1): the same seed gives the same faults. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const fieldKinds: Record<string, 'number' | 'string' | 'on' | 'string or null'> = {
  on: 'on',
  nth: 'number',
  every: 'number',
  times: 'number',
  chance: 'number',
  seed: 'number',
  effect: 'string',
  lateMs: 'number',
  answer: 'string',
  status: 'number',
  location: 'string',
  retryAfter: 'string or null',
  delayMs: 'number',
  contentType: 'string',
  body: 'string',
};

const example =
  'as in: [{"on": {"method": "POST", "path": "patronages"}, "times": 1, "effect": "before", "answer": "504"}]';

/**
 * Reads faults from the text of a JSON file: an array of faults, without `on.body`.
 * @throws InputError that names the first entry and field that do not fit
 */
export function parseFaults(json: string): Fault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new InputError('The faults are not valid JSON.', {cause, hint: example});
  }
  if (!Array.isArray(parsed)) throw new InputError('The faults must be a JSON array.', {hint: example});
  return parsed.map((entry: unknown, index) => {
    const problem = problemOf(entry);
    if (problem !== undefined) throw new InputError(`Fault ${index + 1}: ${problem}.`, {hint: example});
    return entry as Fault;
  });
}

function problemOf(entry: unknown): string | undefined {
  if (!isHash(entry)) return 'not an object';
  for (const [name, value] of Object.entries(entry)) {
    const kind = Object.hasOwn(fieldKinds, name) ? fieldKinds[name] : undefined;
    if (kind === undefined) return `unknown field ${name}`;
    if (kind === 'on') {
      if (!isHash(value)) return '"on" is not an object';
      const wrong = Object.keys(value).find(
        (key) => !['method', 'path'].includes(key) || typeof value[key] !== 'string',
      );
      if (wrong !== undefined) return `"on" cannot have ${wrong} so; it takes "method" and "path", both text`;
    } else if (typeof value !== kind.split(' ')[0] && !(kind === 'string or null' && value === null)) {
      return `${name} must be a ${kind}`;
    }
  }
  if (!answers.includes(entry['answer'] as FaultAnswer)) return `answer must be one of ${answers.join(', ')}`;
  if (!effects.includes(entry['effect'] as Fault['effect']))
    return `effect must be one of ${effects.join(', ')}`;
  return undefined;
}
