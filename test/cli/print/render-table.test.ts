import stringWidth from 'fast-string-width';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {renderTable} from '../../../src/cli/print/render-table.ts';

const header = ['column', 'type', 'about'];
const rows = [
  ['user_id', 'a user: id or login', 'The user to enrol'],
  ['has_coalition', 'true or false', ''],
];

describe('a table', () => {
  it('is one line a row where nothing limits it', () => {
    expect(renderTable(header, rows).split('\n')).toEqual([
      'column         type                 about',
      'user_id        a user: id or login  The user to enrol',
      'has_coalition  true or false',
    ]);
  });

  it('folds cells between words, and leaves the names whole', () => {
    expect(renderTable(header, rows, 45).split('\n')).toEqual([
      'column         type            about',
      'user_id        a user: id or   The user to',
      '               login           enrol',
      'has_coalition  true or false',
    ]);
  });

  it('is a list of rows where columns would be too narrow to read', () => {
    expect(renderTable(header, rows, 30).split('\n')).toEqual([
      'user_id',
      '  type: a user: id or login',
      '  about: The user to enrol',
      'has_coalition',
      '  type: true or false',
    ]);
  });

  it('breaks a word that is longer than its column', () => {
    expect(renderTable(['run', 'rows'], [['r', 'abcdefghijklmnopqrstuvwxyz']], 17).split('\n')).toEqual([
      'run  rows',
      'r    abcdefghijkl',
      '     mnopqrstuvwx',
      '     yz',
    ]);
  });

  it('is never wider than it may be, and loses no letter', () => {
    const cell = fc.stringMatching(/^[a-z宽 ]{0,60}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('name'), cell, cell), {maxLength: 5}), (table) => {
        const shown = renderTable(['a', 'b', 'c'], table, 40).split('\n');
        expect(shown.every((line) => stringWidth(line) <= 40)).toBe(true);
        const letters = (text: string) => Array.from(text.replaceAll(' ', '')).sort().join('');
        expect(letters(shown.slice(1).join(''))).toBe(letters(table.flat().join('')));
      }),
    );
  });
});
