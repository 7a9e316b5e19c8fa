import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {scrubMessage} from '../../src/send/scrub-message.ts';

describe('scrubMessage', () => {
  it.each<[string, string, Values, string]>([
    [
      'words of the API alone',
      'pool_year has already been taken',
      {login: 'jeanne'},
      'pool_year has already been taken',
    ],
    ['a cell', 'login jeanne is taken, jeanne!', {login: 'jeanne'}, 'login … is taken, …!'],
    [
      'a cell that holds another',
      '5 Rue Verte is no address',
      {city: 'Verte', street: '5 Rue Verte'},
      '… is no address',
    ],
    ['cells that overlap', 'no "Rue Verte Lyon" here', {a: 'Rue Verte', b: 'Verte Lyon'}, 'no "…" here'],
    ['nested cells', 'Oak and Tulip are wrong', {a: {b: 'Tulip'}, c: [{d: 'Oak and'}]}, '… … are wrong'],
    ['an address', 'jeanne@example.org is not valid', {}, '… is not valid'],
    ['an address of another person', 'taken by <Jo.Do+x@mail.example.org>', {}, 'taken by <…>'],
    [
      'a cell that holds an address',
      'no: write to jo@example.org at home',
      {r: 'write to jo@example.org at home'},
      'no: …',
    ],
    ['an address that holds a cell', 'x.martin@example.org is bad', {login: 'martin'}, '… is bad'],
    ['a cell of several lines', 'remark Dear\nJeanne refused', {remark: 'Dear\nJeanne'}, 'remark … refused'],
    [
      'a cell whose lines the API joins',
      'remark Dear Jeanne refused',
      {remark: 'Dear\r\nJeanne'},
      'remark … refused',
    ],
    ['a cell that would be a pattern', 'a.*(b) and axx(b)', {remark: 'a.*(b)'}, '… and axx(b)'],
    [
      'the path of a file, which is no personal data',
      'photo.png refused',
      {photo: {file: 'photo.png'}},
      'photo.png refused',
    ],
    [
      'cells too short to identify anything',
      'the end of it',
      {a: 'the', b: 5, c: null, d: true},
      'the end of it',
    ],
    [
      'a long cell again and again',
      `no: ${'ab'.repeat(30_000).repeat(20)}!`,
      {remark: 'ab'.repeat(30_000)},
      'no: …!',
    ],
    ['control characters', 'one\u001b[31m\n\n two\u2028three\u0085', {}, 'one [31m  two three '],
  ])('%s', (_, message, values, scrubbed) => {
    expect(scrubMessage(message, values)).toBe(scrubbed);
  });

  it('is cut at 300 characters, and leaves no half of a cell there', () => {
    const scrubbed = scrubMessage(`${'-'.repeat(295)}Jeanne-Marie`, {name: 'Jeanne-Marie'});
    expect(scrubbed).toBe(`${'-'.repeat(295)}…`);
    expect(scrubMessage('-'.repeat(5000), {})).toHaveLength(300);
  });

  it('lets no cell and no e-mail address through, whatever stands around them', () => {
    const cell = fc.oneof(
      fc.string({minLength: 4, maxLength: 20, unit: 'grapheme-ascii'}),
      fc.string({
        minLength: 4,
        maxLength: 12,
        unit: fc.constantFrom('a', 'b', ' ', '\n', '@', '.', '\\', '$&'),
      }),
    );
    const name = fc.stringMatching(/^[a-z0-9._+-]{1,12}$/);
    const address = fc.tuple(name, name).map(([user, host]) => `${user}@${host}.org`);
    const inputs = fc.record({
      cells: fc.array(cell, {minLength: 1, maxLength: 5}),
      addresses: fc.array(address, {maxLength: 2}),
    });
    fc.assert(
      fc.property(inputs, fc.array(fc.nat({max: 20}), {maxLength: 12}), ({cells, addresses}, order) => {
        const pieces = [...cells, ...addresses, ' ', ': ', 'is taken', '\n'];
        const message = order.map((at) => pieces[at % pieces.length]).join('');
        const [first = '', ...others] = cells;
        const scrubbed = scrubMessage(message, {first, nested: {others: others.map((text) => ({text}))}});
        for (const text of cells) expect(scrubbed).not.toContain(text);
        expect(scrubbed).not.toMatch(/[a-z0-9._+-]@[a-z0-9]/);
      }),
      {numRuns: 300},
    );
  });
});
