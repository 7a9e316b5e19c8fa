import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {defaultFailureLimit, isReached, parseLimit} from '../../src/send/failure-limit.ts';

describe('parseLimit', () => {
  it.each([
    ['5', {rows: 5}],
    ['0', {rows: 0}],
    [' 12 ', {rows: 12}],
    ['10%', {percent: 10}],
    ['100%', {percent: 100}],
    ['0%', {percent: 0}],
  ])('reads %j', (text, limit) => {
    expect(parseLimit(text, 'max-failures')).toEqual(limit);
  });

  it.each(['', 'x', '-1', '1.5', '101%', '5 %', '%', '1e3', '12345678', '5%5'])('refuses %j', (text) => {
    const parsing = () => parseLimit(text, 'max-changes');
    expect(parsing).toThrow(UsageError);
    expect(parsing).toThrow(`--max-changes takes a number of rows or a percentage, not "${text}"`);
  });
});

describe('isReached', () => {
  it.each([
    ['9 from the start', defaultFailureLimit, 9, 9, false],
    ['10 from the start', defaultFailureLimit, 10, 10, true],
    ['10 after a success', defaultFailureLimit, 10, 11, false],
    ['a thousand, but one worked', defaultFailureLimit, 1000, 1001, false],
    ['fewer than the rows allowed', {rows: 3}, 2, 500, false],
    ['as many as the rows allowed', {rows: 3}, 3, 500, true],
    ['none where none is allowed', {rows: 0}, 0, 500, false],
    ['one where none is allowed', {rows: 0}, 1, 500, true],
    ['less than the percentage', {percent: 10}, 9, 100, false],
    ['the percentage', {percent: 10}, 10, 100, true],
    ['the percentage of too few rows', {percent: 10}, 19, 19, false],
    ['the percentage of just enough rows', {percent: 10}, 2, 20, true],
    ['none at 0 percent', {percent: 0}, 0, 100, false],
    ['one at 0 percent', {percent: 0}, 1, 100, true],
  ] as const)('%s', (_, limit, refused, settled, reached) => {
    expect(isReached(limit, refused, settled)).toBe(reached);
  });
});
