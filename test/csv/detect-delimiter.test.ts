import {describe, expect, test} from 'vitest';
import {declaredDelimiter, detectDelimiter, namedDelimiter} from '../../src/csv/detect-delimiter.ts';

describe('detectDelimiter', () => {
  test.each([
    ['login,points\nbob,7\n', ','],
    ['login;points\nbob;7,5\n', ';'],
    ['login\tnote\nbob\ta, b; c\n', '\t'],
    ['login|note\nbob|a,b\n', '|'],
    ['"last, first";note\n"Smith, John";x\n', ';'],
    ['city, country;note\nParis;x\nRome;y\n', ';'],
    ['"a\tb",c\n"1\n2\t3",4\n', ','],
    ['login\nbob\n', ','],
    ['', ','],
    ['a;b;c\n1;"never closed\n', ';'],
    ['a,b;c;d\n1;2;3\n4;5;6', ';'],
    ['a,b;c;d\n1,5;2;3\n4,5;5;6', ';'],
  ])('%j is parted by %j', (sample, delimiter) => {
    expect(detectDelimiter(sample)).toBe(delimiter);
  });

  test('only the first twenty records count', () => {
    const sample = `a;b,c\n${'1;2\n'.repeat(20)}${'1,2\n'.repeat(500)}`;
    expect(detectDelimiter(sample)).toBe(';');
  });
});

test.each([
  ['sep=;\r\na;b', ';'],
  ['SEP=\t\na', '\t'],
  ['sep=|', '|'],
  ['sep=;;\na', undefined],
  ['sep=:\na', undefined],
  ['a\nsep=;\n', undefined],
])('%j declares %j', (text, delimiter) => {
  expect(declaredDelimiter(text)).toBe(delimiter);
});

test.each([
  [';', ';'],
  ['Semicolon', ';'],
  ['comma', ','],
  ['tab', '\t'],
  ['\\t', '\t'],
  ['\t', '\t'],
  ['PIPE', '|'],
])('the option %j is %j', (option, delimiter) => {
  expect(namedDelimiter(option)).toBe(delimiter);
});

test('one column stays one, whatever its last row holds', () => {
  expect(detectDelimiter('status\nhere\nthere\na;b\n')).toBe(',');
});

test('the rows tell below a title of one cell', () => {
  expect(detectDelimiter('Export\n\nid;name\n1;x\n2;y\n')).toBe(';');
});
