import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Connection} from '../../src/api/connection.ts';
import {type Item, Reader} from '../../src/api/reader.ts';
import {instant} from '../../src/clock.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {Journal} from '../../src/journal/journal.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {type OutgoingRow, withWhole} from '../../src/send/outgoing-row.ts';
import {DoubtSettler} from '../../src/send/settle-doubt.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {loanJob} from '../plan/small-jobs.ts';

/** An API whose lists show this. */
class FixedReader extends Reader {
  readonly #shown: Item[];

  constructor(shown: Item[]) {
    super(undefined as unknown as Connection, new FakeClock(), new AbortController().signal);
    this.#shown = shown;
  }

  override list(): Promise<Item[]> {
    return Promise.resolve(this.#shown);
  }
}

const valuesOf = (line: number) => ({user_id: line, book: 'Emma'});

/** Settles the rows of these entries, once for each line that they name. */
async function settle(
  clock: FakeClock,
  shown: Item[],
  entries: readonly Entry[],
  meanwhile: () => void = () => undefined,
  more: Partial<OutgoingRow> = {},
  doubt: {isRefused?: true} = {},
) {
  const lines = new Set(entries.flatMap((entry) => ('r' in entry ? [entry.r] : [])));
  const states = new RowStates(lines.size);
  const path = join(temporaryFolder(), 'journal.ndjson');
  const journal = await Journal.create(path, clock, (entry) => states.fold(entry));
  await Promise.all(entries.map((entry) => journal.append(entry)));
  meanwhile();
  const settler = new DoubtSettler({
    job: loanJob,
    reader: new FixedReader(shown),
    journal,
    states,
    clock,
    stop: new AbortController().signal,
    settleMs: () => 0,
    existing: 'skip',
    onWait: () => undefined,
  });
  for (const line of lines) {
    const bound = valuesOf(line);
    const row = {...withWhole(loanJob, {line, knownAbsent: true, bound, facts: {}}, bound), ...more};
    settler.add({row, since: instant(clock), ...doubt});
  }
  const again = (await settler.settle()).length;
  await journal.close();
  const {in_doubt: givenUp, created, removed} = states.counts;
  return {again, 'given up': givenUp, found: created + removed};
}

/** Rows that the API has not applied, whose attempts ended so. */
function settleAbsent(endings: readonly ('killed' | 'http_503')[]) {
  const entries = endings.flatMap((why, at): Entry[] => {
    const [r, a] = [at + 2, 1];
    const intent: Entry = {k: 'intent', r, a, q: `q${r}`, fresh: true};
    return why === 'killed' ? [intent] : [intent, {k: 'doubt', r, a, why}];
  });
  return settle(new FakeClock(), [], entries);
}

const many = <T>(count: number, ending: T): T[] => Array.from({length: count}, () => ending);

it('sends no more rows again than a tenth and ten when it is the API that lets them fail', async () => {
  expect(await settleAbsent(many(40, 'http_503'))).toEqual({again: 14, 'given up': 26, found: 0});
});

it('sends every row again whose sender was killed, however many there are', async () => {
  expect(await settleAbsent(many(40, 'killed'))).toEqual({again: 40, 'given up': 0, found: 0});
});

it('does not count the rows of a killed sender among those that the API let fail', async () => {
  const endings = [...many(40, 'killed' as const), ...many(40, 'http_503' as const)];
  expect(await settleAbsent(endings)).toEqual({again: 58, 'given up': 22, found: 0});
});

describe('a removal in doubt', () => {
  const intent: Entry = {k: 'intent', r: 2, a: 1, q: 'q2', id: 9};
  const removal = {action: 'remove', facts: {id: 9}, isIdempotent: true} as const;
  const again = {again: 1, 'given up': 0, found: 0};
  const removed = {again: 0, 'given up': 0, found: 1};

  it.each([
    ['is sent again while its record is shown', [{id: 9, ...valuesOf(2)}], again],
    ['is applied where nothing is shown', [], removed],
    ['is applied where another record has the key', [{id: 11, ...valuesOf(2)}], removed],
    ['is sent again where the records that are shown have no id', [valuesOf(2)], again],
  ])('%s', async (_, shown, expected) => {
    expect(await settle(new FakeClock(), shown, [intent], undefined, removal)).toEqual(expected);
  });

  it('is sent again where the API does not know it and no reading can be made of the row', async () => {
    const unread = {...removal, values: {}};
    expect(await settle(new FakeClock(), [], [intent], undefined, unread, {isRefused: true})).toEqual(again);
  });
});

it.each([
  [
    'is the row’s own where its id is higher than any that was seen before',
    10,
    {again: 0, 'given up': 0, found: 1},
  ],
  ['is another client’s where it was there before', 9, {again: 1, 'given up': 0, found: 0}],
])('a record of which no reading was made before %s', async (_, id, expected) => {
  const intent: Entry = {k: 'intent', r: 2, a: 1, q: 'q2', top: 9};
  const shown = [{id, ...valuesOf(2)}];
  const settled = await settle(new FakeClock(), shown, [intent], undefined, {knownAbsent: false});
  expect(settled).toEqual(expected);
});

it('a record that another client made after the reading is left alone, and the row unchanged', async () => {
  const intent: Entry = {k: 'intent', r: 2, a: 1, q: 'q2', fresh: true, top: 9};
  const shown = [{id: 9, ...valuesOf(2)}];
  const settled = await settle(new FakeClock(), shown, [intent]);
  expect(settled).toEqual({again: 0, 'given up': 0, found: 0});
});
