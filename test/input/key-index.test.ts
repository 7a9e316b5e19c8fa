import fc from 'fast-check';
import {expect, it} from 'vitest';
import {KeyIndex} from '../../src/input/key-index.ts';

/** What the index must answer: the line that had the key first. */
function firstLines(keys: readonly string[]): (number | undefined)[] {
  const lines = new Map<string, number>();
  return keys.map((key, at) => {
    const earlier = lines.get(key);
    if (earlier === undefined) lines.set(key, at + 2);
    return earlier;
  });
}

const answers = (keys: readonly string[], expected = 0) => {
  const index = new KeyIndex(expected);
  return keys.map((key, at) => index.add(key, at + 2));
};

it('tells the line that had a key first, as a map would', () => {
  const key = fc.oneof(fc.string({maxLength: 3}), fc.string({unit: 'binary'}), fc.constantFrom('', 'a', 'b'));
  fc.assert(
    fc.property(fc.array(key, {maxLength: 60}), fc.nat({max: 100_000}), (keys, expected) => {
      expect(answers(keys, expected)).toEqual(firstLines(keys));
    }),
  );
});

it('keeps what it knows while it grows, and takes no two keys of a large file for one', () => {
  // So many that 32 bits of hash would not be enough.
  const keys = Array.from({length: 260_000}, (_, n) => `user_id=${n % 250_000}|godfather_id=${n % 125_000}`);
  const found = answers(keys);
  const expected = firstLines(keys);
  expect(found.findIndex((line, at) => line !== expected[at])).toBe(-1);
  expect(found.filter((line) => line !== undefined)).toHaveLength(10_000);
});

it('does not take a line for its own double when it is seen again', () => {
  const index = new KeyIndex(3);
  expect([index.add('a', 2), index.add('a', 2), index.add('a', 3), index.add('a', 2)]).toEqual([
    undefined,
    undefined,
    2,
    undefined,
  ]);
});

it('does not take keys for one that differ in the order of their characters, or in a NUL', () => {
  const keys = ['a=12|b=21', 'a=21|b=12', '\0', '\0\0', '', 'a=1|b=2', 'a=1|b=2\0'];
  expect(answers(keys)).toEqual(keys.map(() => undefined));
});
