import fc from 'fast-check';
import {expect, it} from 'vitest';
import {findOccurrences, type Text} from '../../src/send/find-occurrences.ts';

it.each([
  ['once', 'to Lyon now', 'Lyon', [[3, 7]]],
  ['nowhere', 'to Nice now', 'Lyon', []],
  [
    'several times',
    'Lyon, Lyon',
    'Lyon',
    [
      [0, 4],
      [6, 10],
    ],
  ],
  ['overlapping', 'nananas', 'nana', [[0, 6]]],
  ['one behind the other', 'LyonLyon', 'Lyon', [[0, 8]]],
  ['after a false start', 'LyLyon', 'Lyon', [[2, 6]]],
])('%s', (_what, line, text, spans) => {
  expect(findOccurrences(line, text).map(({from, to}) => [from, to])).toEqual(spans);
});

it('finds what a search from each place finds, whatever the texts are', () => {
  const letters = fc.string({unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 30});
  fc.assert(
    fc.property(
      letters,
      fc.string({unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 5}),
      (line, text) => {
        const covered = new Set<number>();
        for (let from = 0; from < line.length; from++)
          if (line.startsWith(text, from)) for (let at = from; at < from + text.length; at++) covered.add(at);
        const found = findOccurrences(line, text).flatMap(({from, to}) =>
          Array.from({length: to - from}, (_, n) => from + n),
        );
        expect(found).toEqual([...covered]);
      },
    ),
    {numRuns: 1000},
  );
});

it.each([
  ['one letter again and again', 'a'.repeat(60_000), 'a'.repeat(1_000_000)],
  ['a cell that nearly repeats itself', `${'a'.repeat(59_999)}b`, 'a'.repeat(1_000_000)],
  ['a cell many times', `${'ab'.repeat(29_999)}c`, `${'ab'.repeat(29_999)}c`.repeat(16)],
])('reads a line and a cell of 60,000 characters a few times: %s', (_what, cell, line) => {
  let reads = 0;
  const counted = (text: string): Text => ({
    length: text.length,
    charCodeAt(at) {
      reads++;
      return text.charCodeAt(at);
    },
  });
  findOccurrences(counted(line), counted(cell));
  expect(reads).toBeLessThanOrEqual(5 * (line.length + cell.length));
});
