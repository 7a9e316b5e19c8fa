import {expect, it} from 'vitest';
import type {Replayed} from '../../src/journal/replay.ts';
import {stopSentence} from '../../src/report/stop-sentence.ts';

const header = {shape: {timezone: 'Europe/Paris'}} as Replayed['header'];
const t = Date.parse('2026-11-23T05:30:01Z');
const stopped = (why: string, code: number) => stopSentence({state: 'stopped', left: {t, code, why}, header});

it.each([
  ['max_requests', 75, /--max-requests/],
  ['until', 75, /at 06:30 \(05:30 UTC\), the time of --until/],
  ['unreachable', 75, /could not be reached/],
  ['outage', 22, /API kept failing/],
  ['unexpected_answers', 22, /another server/],
  ['max_failures', 22, /too many rows/],
  ['rate_limited', 75, /limits/],
  ['disk_full', 74, /disk/],
  ['SIGINT', 130, /Ctrl-C/],
])('%s (exit code %i) has a sentence of its own', (why, code, says) => {
  expect(stopped(why, code)).toMatch(says);
});

it('is nothing for a run that came to its end, and says of one without an end that it may be killed', () => {
  expect(stopSentence({state: 'finished', left: {t, code: 20}, header})).toBe('');
  expect(stopSentence({state: 'running', left: undefined, header})).toMatch(/killed/);
});
