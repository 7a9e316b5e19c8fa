/** Requests by the second in which they were sent: `counts[0]` belongs to the second `from` (since 1970). */
export interface SentCounts {
  from: number;
  counts: readonly number[];
}

export const hourMs = 3_600_000;

export function totalOf({counts}: SentCounts): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

export function addSent({from, counts}: SentCounts, second: number, change: 1 | -1): SentCounts {
  if (second < from || counts.length === 0)
    return change < 0 ? {from, counts} : mergeSent({from, counts}, {from: second, counts: [1]});
  const changed = [...counts];
  while (changed.length <= second - from) changed.push(0);
  changed[second - from] = Math.max(0, (changed[second - from] ?? 0) + change);
  return {from, counts: changed};
}

/** Two accounts of the same requests, each of which may lack some. */
export function mergeSent(one: SentCounts, other: SentCounts): SentCounts {
  if (one.counts.length === 0) return other;
  if (other.counts.length === 0) return one;
  const from = Math.min(one.from, other.from);
  const length = Math.max(one.from + one.counts.length, other.from + other.counts.length) - from;
  const at = (sent: SentCounts, second: number) => sent.counts[second - sent.from] ?? 0;
  const counts = Array.from({length}, (_, n) => Math.max(at(one, from + n), at(other, from + n)));
  return {from, counts};
}

/** The account of requests that were sent at these moments, in any order. */
export function countBySecond(moments: readonly number[]): SentCounts {
  const seconds = moments.map((ms) => Math.floor(ms / 1000)).sort((one, other) => one - other);
  const [from = 0] = seconds;
  const counts = Array.from({length: (seconds.at(-1) ?? from - 1) - from + 1}, () => 0);
  for (const second of seconds) counts[second - from] = (counts[second - from] ?? 0) + 1;
  return {from, counts};
}

/** Without the seconds that ended an hour ago or before. */
export function dropOldSent(sent: SentCounts, now: number): SentCounts {
  const {from, counts} = sent;
  const old = Math.floor((now - hourMs) / 1000) - from;
  let first = 0;
  while (first < counts.length && (first < old || counts[first] === 0)) first++;
  return first === 0 ? sent : {from: from + first, counts: counts.slice(first)};
}

/** When the second ends in which the n-th newest request was sent. */
export function endOfNewest({from, counts}: SentCounts, n: number): number | undefined {
  let newer = 0;
  const at = n < 1 ? -1 : counts.findLastIndex((count) => (newer += count) >= n);
  return at < 0 ? undefined : (from + at + 1) * 1000;
}
