import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {escapeControlCharacters, toPrintableJson} from '../../../src/cli/print/escape-control-characters.ts';

/** What moves a cursor, sets a title, hides text or turns its direction. A line feed, too: a cell has none of ours. */
const forbidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/** Documents are laid out with line feeds of their own. */
const forbiddenInJson =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const mark = fc.constantFrom(
  '\u001b',
  '\u009b',
  '\u0007',
  '\r',
  '\n',
  '\u202e',
  '\u2066',
  '\u2028',
  '\ufeff',
  '\u0085',
);
const text = fc.string({unit: fc.oneof(mark, fc.string({unit: 'binary', minLength: 1, maxLength: 1}))});

describe('text from elsewhere, as it is shown', () => {
  it.each([
    ['a title', '\u001b]0;root@server\u0007', '\\x1b]0;root@server\\x07'],
    ['a cleared screen', '\u001b[2J\u001b[H', '\\x1b[2J\\x1b[H'],
    ['a link', '\u001b]8;;https://example.org\u001b\\here', '\\x1b]8;;https://example.org\\x1b\\here'],
    ['the clipboard', '\u001b]52;c;cm0gLXJm\u0007', '\\x1b]52;c;cm0gLXJm\\x07'],
    ['a line written over', 'failed\rcreated', 'failed\\x0dcreated'],
    ['a C1 sequence', '\u009b31m', '\\x9b31m'],
    ['a turned direction', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['line separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['nothing of the kind', 'Ünïcödé, 漢字, 👩‍🎓 and \\x1b', 'Ünïcödé, 漢字, 👩‍🎓 and \\x1b'],
  ])('has no power over the terminal: %s', (_what, given, shown) => {
    expect(escapeControlCharacters(given)).toBe(shown);
  });

  it('holds none of these characters, whatever it was', () => {
    fc.assert(
      fc.property(text, (given) => !forbidden.test(escapeControlCharacters(given))),
      {numRuns: 5000},
    );
  });

  it('as JSON holds none either, and is read back as it was', () => {
    fc.assert(
      fc.property(text, (given) => {
        const document = toPrintableJson({[given]: given}, 2);
        expect(JSON.parse(document)).toEqual({[given]: given});
        return !forbiddenInJson.test(document);
      }),
      {numRuns: 1000, examples: [['__proto']]},
    );
  });
});
