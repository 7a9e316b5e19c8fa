import type {Replayed} from '../journal/replay.ts';
import {isRehearsal} from '../journal/rehearsal.ts';
import {runTitle} from '../journal/run-title.ts';
import {attentionOutcomes, type Counts} from '../outcome.ts';
import {formatVersion} from '../version.ts';

/** `summary.json`: a run in numbers, for programs. */
export interface Summary {
  formatVersion: typeof formatVersion;
  /** Of the program that wrote the journal. */
  version: string;
  run: string;
  job: string;
  input: {path: string; sha256: string; rows: number};
  baseUrl: string;
  /** It went to the embedded API of `--sandbox`. */
  rehearsal: boolean;
  /** Who began it, where the journal says so. */
  who: {user: string; host: string} | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string | null;
  state: 'running' | 'stopped' | 'finished';
  /** A word for why it stopped with rows left: a signal, an option or the code of an error. */
  stopReason: string | null;
  exitCode: number | null;
  counts: Counts;
  requests: {total: number; writes: number; reads: number; refused: number};
  /** Refusals and doubts by code, the most frequent first. */
  errors: {code: string; count: number; example: string}[];
}

/** Pure: the journal alone decides, so that the same journal gives the same summary anywhere, at any time. */
export function summarize({header, states, state, left}: Replayed): Summary {
  const {path, sha256, rows} = header.input;
  return {
    formatVersion,
    version: header.tool,
    run: header.run,
    job: runTitle(header),
    input: {path, sha256, rows},
    baseUrl: header.baseUrl,
    rehearsal: isRehearsal(header),
    who: header.who ?? null,
    startedAt: new Date(header.t).toISOString(),
    finishedAt: left ? new Date(left.t).toISOString() : null,
    state,
    stopReason: left?.why ?? null,
    exitCode: left?.code ?? null,
    counts: {...states.counts},
    requests: {...states.requests},
    errors: errorsOf(states),
  };
}

function errorsOf(states: Replayed['states']): Summary['errors'] {
  const byCode = new Map<string, {code: string; count: number; example: string}>();
  for (const [, {code, message}] of states.rowsWith(attentionOutcomes)) {
    if (code === '' && message === '') continue;
    const error = byCode.get(code) ?? {code, count: 0, example: message};
    error.count++;
    byCode.set(code, error);
  }
  return [...byCode.values()].sort(
    (one, other) => other.count - one.count || (one.code < other.code ? -1 : 1),
  );
}
