import type {StampedEntry} from '../journal/entry.ts';
import type {Logger} from '../logger.ts';

/** Logs a journal entry: failures always, successes only with --verbose. */
export function logEntry(log: Logger, entry: StampedEntry): void {
  switch (entry.k) {
    case 'header':
    case 'spent':
    case 'limits':
      return;
    case 'open':
      if (entry.cut !== undefined) log.info({event: 'torn_end_cut_off', bytes: entry.cut});
      return;
    case 'intent':
      return log.debug({event: 'sending', line: entry.r, attempt: entry.a, request: entry.q});
    case 'step':
      return log.debug({event: 'step_done', line: entry.r, attempt: entry.a, status: entry.st});
    case 'unchanged':
      return log.debug({event: 'unchanged', line: entry.r});
    case 'invalid':
      return log.info({event: 'invalid', line: entry.r, code: entry.code});
    case 'unsent':
      return log.info({event: 'unsent', line: entry.r, attempt: entry.a, why: entry.why});
    case 'refused':
      return log.info({event: 'turned_away', line: entry.r, attempt: entry.a, status: entry.st});
    case 'doubt':
      return log.info({event: 'in_doubt', line: entry.r, attempt: entry.a, why: entry.why, status: entry.st});
    case 'check':
      return log.info({event: 'read_back', line: entry.r, reading: entry.n, result: entry.res});
    case 'not_applied':
      return log.info({event: 'not_applied', line: entry.r, attempt: entry.a});
    case 'done': {
      const facts = {
        event: entry.o,
        line: entry.r,
        attempt: entry.a,
        status: entry.st,
        via: entry.via,
        code: entry.code,
      };
      return entry.o === 'failed' ? log.info(facts) : log.debug(facts);
    }
    case 'named':
      return log.debug({event: 'id_read', line: entry.r});
    case 'pause':
      return log.info({event: 'pause', why: entry.why, ms: entry.ms});
    case 'stop':
      return log.info({event: 'run_stopped', why: entry.why, code: entry.code, ...entry.n});
    case 'complete':
      return log.info({event: 'run_finished', code: entry.code, ...entry.n});
  }
}
