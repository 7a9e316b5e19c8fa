import {describe, expect, test} from 'vitest';
import {detectEncoding} from '../../src/csv/detect-encoding.ts';

const text = Buffer.from('login,points\n');

describe('detectEncoding', () => {
  test.each([
    ['utf8', 'utf-8'],
    ['UTF-8', 'utf-8'],
    ['utf_16le', 'utf-16le'],
    ['UTF-16BE', 'utf-16be'],
    ['utf-16', 'utf-16le'],
    ['Windows-1252', 'windows-1252'],
    ['cp1252', 'windows-1252'],
    ['latin1', 'windows-1252'],
    ['ISO-8859-1', 'windows-1252'],
  ])('the option %s is %s', (option, encoding) => {
    expect(detectEncoding(text, option)).toBe(encoding);
  });

  test('utf-16 leaves the order of bytes to the file', () => {
    expect(detectEncoding(Buffer.from([0xfe, 0xff, 0, 97]), 'utf-16')).toBe('utf-16be');
    expect(detectEncoding(Buffer.from([0, 97, 0, 98]), 'utf-16')).toBe('utf-16be');
  });

  test('without an option or a mark, the first character beyond ASCII decides', () => {
    expect(detectEncoding(text, undefined)).toBeUndefined();
  });

  test('NUL bytes on both sides are no UTF-16', () => {
    expect(detectEncoding(Buffer.alloc(200), undefined)).toBeUndefined();
  });
});
