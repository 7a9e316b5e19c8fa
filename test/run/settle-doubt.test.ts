import {join} from 'node:path';
import {expect, it} from 'vitest';
import type {Connection} from '../../src/api/connection.ts';
import {Reader} from '../../src/api/reader.ts';
import {instant} from '../../src/clock.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {Journal} from '../../src/journal/journal.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {toOutgoing} from '../../src/run/send-row.ts';
import {DoubtSettler} from '../../src/run/settle-doubt.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {loanJob} from './small-jobs.ts';

/** An API that has applied nothing. */
class EmptyReader extends Reader {
  constructor() {
    super(undefined as unknown as Connection, new FakeClock(), new AbortController().signal);
  }

  override list(): Promise<unknown[]> {
    return Promise.resolve([]);
  }
}

/** Settles rows whose attempts were begun and ended so; `given up` counts those that stay in doubt. */
async function settleRows(endings: readonly ('killed' | 'http_503')[]) {
  const clock = new FakeClock();
  const states = new RowStates(endings.length);
  const path = join(temporaryFolder(), 'journal.ndjson');
  const journal = await Journal.create(path, clock, (entry) => states.fold(entry));
  const settler = new DoubtSettler({
    job: loanJob,
    reader: new EmptyReader(),
    journal,
    states,
    clock,
    stop: new AbortController().signal,
    settleMs: () => 0,
    serverAhead: () => 0,
    onWait: () => undefined,
  });
  const entries = endings.flatMap((why, at): Entry[] => {
    const [r, a] = [at + 2, 1];
    const intent: Entry = {k: 'intent', r, a, q: `q${r}`, fresh: true};
    return why === 'killed' ? [intent] : [intent, {k: 'doubt', r, a, why}];
  });
  await Promise.all(entries.map((entry) => journal.append(entry)));
  for (const line of endings.keys()) {
    const values = {user_id: line, book: 'Emma'};
    settler.add({row: toOutgoing(loanJob, line + 2, values, true), values, since: instant(clock)});
  }
  const again = (await settler.settle()).length;
  await journal.close();
  return {again, 'given up': states.counts.in_doubt};
}

const many = <T>(count: number, ending: T): T[] => Array.from({length: count}, () => ending);

it('sends no more rows again than a tenth and ten when it is the API that lets them fail', async () => {
  expect(await settleRows(many(40, 'http_503'))).toEqual({again: 14, 'given up': 26});
});

it('sends every row again whose sender was killed, however many there are', async () => {
  expect(await settleRows(many(40, 'killed'))).toEqual({again: 40, 'given up': 0});
});

it('does not count the rows of a killed sender among those that the API let fail', async () => {
  const endings = [...many(40, 'killed' as const), ...many(40, 'http_503' as const)];
  expect(await settleRows(endings)).toEqual({again: 58, 'given up': 22});
});
