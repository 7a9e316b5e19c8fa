import fc from 'fast-check';
import {expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {selectLines} from '../../src/input/select-lines.ts';

it.each([
  ['10-12,15', [10, 11, 12, 15], 15],
  ['7', [7], 7],
  ['5-5', [5], 5],
  [' 9 , 3 - 4 ', [3, 4, 9], 9],
  ['8,2-3,2', [2, 3, 8], 8],
  ['1-3,2-5', [1, 2, 3, 4, 5], 5],
])('%j selects these lines and no other', (text, lines, last) => {
  const selection = selectLines(text);
  const upTo20 = Array.from({length: 20}, (_, at) => at + 1);
  expect(upTo20.filter((line) => selection.has(line))).toEqual(lines);
  expect(upTo20.filter((line) => !selection.isOver(line)).at(-1)).toBe(last);
});

it('selects every line where nothing is said', () => {
  const selection = selectLines(undefined);
  fc.assert(fc.property(fc.nat(), (line) => selection.has(line) && !selection.isOver(line)));
});

it.each([
  ['', ''],
  ['0', '0'],
  ['5-3', '5-3'],
  ['2,,3', ''],
  ['2, x', 'x'],
  ['-4', '-4'],
  ['3-', '3-'],
  ['1.5', '1.5'],
  ['2;3', '2;3'],
  ['1-2-3', '1-2-3'],
  ['1234567890', '1234567890'],
])('refuses %j and names the part that makes no sense', (text, part) => {
  expect(() => selectLines(text)).toThrow(UsageError);
  expect(() => selectLines(text)).toThrow(`--lines cannot read "${part}"`);
});
