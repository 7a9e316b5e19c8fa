import {localTime} from '../local-time.ts';

/** When so many requests will have been sent. */
export interface Schedule {
  /** ISO 8601, UTC. */
  finishesAt: string;
  seconds: number;
  /** Requests in this hour's budget, and how many hours are needed after it. */
  thisHour: number;
  furtherHours: number;
  text: string;
}

const hourMs = 3_600_000;

/**
 * How long `requests` take at the limits, from `now` (ms since 1970). Pure. The hour's budget counts, not the average
 * so far: what does not fit in what is left of this hour waits for the next one, which is taken to begin at the full
 * hour (the API's true window may begin elsewhere; then the run waits for that one). The text has its times in the zone
 * of `--timezone`.
 */
export function scheduleOf(
  requests: number,
  limits: {perSecond: number; perHour: number; left: number},
  now: number,
  timezone?: string,
): Schedule {
  const msPerRequest = 1000 / limits.perSecond;
  const left = Math.max(0, limits.left);
  // At a full hour exactly, the hour that begins is meant where requests are left, and the one that ends elsewhere.
  const nextHour = (left > 0 ? Math.floor(now / hourMs) + 1 : Math.ceil(now / hourMs)) * hourMs;
  const untilNextHour = Math.ceil((nextHour - now) / msPerRequest);
  const thisHour = Math.min(requests, left, untilNextHour);
  const rest = requests - thisHour;
  const perHour = Math.min(limits.perHour, hourMs / msPerRequest);
  const furtherHours = rest > 0 ? Math.ceil(rest / perHour) : 0;
  const inLastHour = rest - (furtherHours - 1) * perHour;
  const end =
    rest > 0
      ? nextHour + (furtherHours - 1) * hourMs + inLastHour * msPerRequest
      : now + thisHour * msPerRequest;
  // Where the budget outlasts the hour, writing goes on into the next one, and pauses there if at all.
  const goesOn = thisHour === untilNextHour;
  const beforePause = goesOn ? thisHour + perHour : thisHour;
  const pausesAt = goesOn ? nextHour + perHour * msPerRequest : now + thisHour * msPerRequest;
  const resumesAt = goesOn ? nextHour + hourMs : nextHour;
  const timeOf = (wall: number) => localTime(wall, {timezone, now});
  const about = `${requests} request${requests === 1 ? '' : 's'}`;
  const text =
    requests > beforePause && pausesAt < resumesAt
      ? `${about}: the first ${beforePause} until ${timeOf(pausesAt)}, the rest from ${timeOf(resumesAt)}; done about ${timeOf(end)}`
      : `${about}, done about ${timeOf(end)}`;
  return {
    finishesAt: new Date(end).toISOString(),
    seconds: Math.ceil((end - now) / 1000),
    thisHour,
    furtherHours,
    text,
  };
}
