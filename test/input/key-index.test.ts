import {expect, it} from 'vitest';
import {KeyIndex} from '../../src/input/key-index.ts';

it('tells the line that had a key first', () => {
  const index = new KeyIndex();
  const keys = ['a=12|b=21', 'a=21|b=12', '\0', '', 'a=12|b=21', '\0', '\0\0', 'a=12|b=21'];
  expect(keys.map((key, at) => index.add(key, at + 2))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    2,
    4,
    undefined,
    2,
  ]);
});

it('does not take a line for its own duplicate when it is seen again', () => {
  const index = new KeyIndex();
  expect([index.add('a', 2), index.add('a', 2), index.add('a', 3), index.add('a', 2)]).toEqual([
    undefined,
    undefined,
    2,
    undefined,
  ]);
});
