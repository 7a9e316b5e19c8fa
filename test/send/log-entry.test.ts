import {expect, it} from 'vitest';
import type {Entry, HeaderEntry} from '../../src/journal/entry.ts';
import type {LogFacts} from '../../src/logger.ts';
import {noCounts} from '../../src/outcome.ts';
import {logEntry} from '../../src/send/log-entry.ts';

/** What the API said about a person: it stays in the journal. */
const msg = 'Jeanne is taken';
const n = {...noCounts(), created: 3, not_started: 1};
const header = {k: 'header', run: 'r', job: 'loans', input: {path: '/home/jeanne/rows.csv'}} as HeaderEntry;

const cases: [entry: Entry, level: 'debug' | 'info' | undefined, facts: object | undefined][] = [
  [header, undefined, undefined],
  [{k: 'open', pid: 77}, undefined, undefined],
  [{k: 'open', pid: 77, cut: 42}, 'info', {event: 'torn_end_cut_off', bytes: 42}],
  [{k: 'spent', n: 3, x: 0}, undefined, undefined],
  [{k: 'limits', perSecond: 8, perHour: 5000}, undefined, undefined],
  [
    {k: 'intent', r: 4, a: 2, q: 'POST /v2/loans'},
    'debug',
    {event: 'sending', line: 4, attempt: 2, request: 'POST /v2/loans'},
  ],
  [{k: 'step', r: 4, a: 2, st: 204}, 'debug', {event: 'step_done', line: 4, attempt: 2, status: 204}],
  [{k: 'unchanged', r: 5, id: 9}, 'debug', {event: 'unchanged', line: 5}],
  [{k: 'invalid', r: 6, code: 'required', msg}, 'info', {event: 'invalid', line: 6, code: 'required'}],
  [{k: 'unsent', r: 7, a: 1, why: 'dns'}, 'info', {event: 'unsent', line: 7, attempt: 1, why: 'dns'}],
  [{k: 'refused', r: 7, a: 1, st: 429}, 'info', {event: 'turned_away', line: 7, attempt: 1, status: 429}],
  [
    {k: 'doubt', r: 8, a: 3, why: 'timeout', st: 504, msg},
    'info',
    {event: 'in_doubt', line: 8, attempt: 3, why: 'timeout', status: 504},
  ],
  [
    {k: 'check', r: 8, a: 3, n: 2, res: 'absent'},
    'info',
    {event: 'read_back', line: 8, reading: 2, result: 'absent'},
  ],
  [{k: 'not_applied', r: 8, a: 3}, 'info', {event: 'not_applied', line: 8, attempt: 3}],
  [
    {k: 'done', r: 9, a: 1, o: 'created', st: 201, id: 5, via: 'answer'},
    'debug',
    {event: 'created', line: 9, attempt: 1, status: 201, via: 'answer'},
  ],
  [
    {k: 'done', r: 9, a: 1, o: 'failed', st: 422, code: 'taken', msg},
    'info',
    {event: 'failed', line: 9, attempt: 1, status: 422, code: 'taken'},
  ],
  [{k: 'pause', why: 'outage', ms: 60_000}, 'info', {event: 'pause', why: 'outage', ms: 60_000}],
  [{k: 'stop', why: 'SIGINT', code: 130, n}, 'info', {event: 'run_stopped', why: 'SIGINT', code: 130, ...n}],
  [{k: 'complete', code: 20, n}, 'info', {event: 'run_finished', code: 20, ...n}],
];

it.each(cases.map(([entry, level, facts]) => [entry.k, level, entry, facts] as const))(
  'logs %s (%s) and never what the API said',
  (_, level, entry, facts) => {
    const logged: [string, LogFacts][] = [];
    const log = {
      debug: (facts: LogFacts) => void logged.push(['debug', facts]),
      info: (facts: LogFacts) => void logged.push(['info', facts]),
    };
    logEntry(log, {...entry, s: 1, b: 1, t: 1_700_000_000_000});
    expect(logged).toEqual(facts ? [[level, facts]] : []);
    expect(JSON.stringify(logged)).not.toMatch(/jeanne/i);
  },
);
