import {describe, expect, it} from 'vitest';
import type {Column} from '../../../src/job/columns/column.ts';
import {
  boolean,
  countryCode,
  date,
  dateTime,
  email,
  file,
  flag,
  id,
  integer,
  month,
  oneOf,
  secretText,
  text,
  user,
  year,
} from '../../../src/job/columns/columns.ts';
import {isProblem, type Problem} from '../../../src/job/row.ts';
import {now} from '../read-csv.ts';

const columns = {
  user: user('u'),
  integer: integer('i'),
  bounded: integer('i', {min: -2, max: 40}),
  id: id('i'),
  text: text('t'),
  name: text('n', {maxLength: 5}),
  secret: secretText('s'),
  boolean: boolean('b'),
  flag: flag('f'),
  born: date('d', {min: 13, max: 99}),
  duration: oneOf('o', [7200, 14_400]),
  kind: oneOf('o', ['admin', 'student']),
  country: countryCode('c'),
  email: email('e'),
  month: month('m'),
  year: year('y'),
  file: file('f', {minBytes: 5, maxBytes: 9, types: ['image/png']}),
};
type Name = keyof typeof columns;

const parse = (name: Name, cell: string) => columns[name].kind.parse(cell, {now}, name);
const problemOf = (name: Name, cell: string): Problem => {
  const parsed = parse(name, cell);
  if (!isProblem(parsed)) throw new Error(`${name} takes ${cell.slice(0, 50)} as ${JSON.stringify(parsed)}`);
  return parsed;
};

const accepted: [Name, string, unknown][] = [
  ['user', '1042', 1042],
  ['user', '007', 7],
  ['user', 'ShePalpa', 'shepalpa'],
  ['user', 'jean-luc.p_2', 'jean-luc.p_2'],
  ['user', '3b3-a1', '3b3-a1'],
  ['integer', '-12', -12],
  ['integer', '9007199254740991', Number.MAX_SAFE_INTEGER],
  ['bounded', '-2', -2],
  ['bounded', '40', 40],
  ['id', '1', 1],
  ['text', 'a "quoted",\nbroken\tline 🍠', 'a "quoted",\nbroken\tline 🍠'],
  ['text', '=1+1', '=1+1'],
  ['name', 'Ana🌊🌊', 'Ana🌊🌊'],
  ['secret', ' spaces count ', ' spaces count '],
  ['boolean', 'TRUE', true],
  ['boolean', 'Yes', true],
  ['boolean', '1', true],
  ['boolean', 'false', false],
  ['boolean', 'nO', false],
  ['boolean', '0', false],
  ['boolean', 'Oui', true],
  ['boolean', 'NON', false],
  ['boolean', 'vrai', true],
  ['boolean', 'FAUX', false],
  ['boolean', 'ja', true],
  ['boolean', 'Nein', false],
  ['boolean', 'WAHR', true],
  ['boolean', 'falsch', false],
  ['boolean', 'Sí', true],
  ['boolean', 'verdadero', true],
  ['boolean', 'falso', false],
  ['boolean', 'sì', true],
  ['boolean', 'vero', true],
  ['boolean', 'sim', true],
  ['boolean', 'NÃO', false],
  ['flag', 'Yes', 'true'],
  ['flag', 'VRAI', 'true'],
  ['flag', '0', 'false'],
  ['duration', '14400', 14_400],
  ['kind', 'student', 'student'],
  ['country', 'AN', 'AN'],
  ['country', 'XK', 'XK'],
  ['email', 'o.neil+pool@mail.example.co.uk', 'o.neil+pool@mail.example.co.uk'],
  ['email', 'zoé@exämple.org', 'zoé@exämple.org'],
  ['month', 'september', 'september'],
  ['month', 'September', 'september'],
  ['year', '2017', '2017'],
  ['file', 'photos/jeanne.png', {file: 'photos/jeanne.png'}],
  ['file', '/home/x/a:b.png', {file: '/home/x/a:b.png'}],
  // Thirteen and ninety-nine years before the clock of the tests, to the day.
  ['born', '2013-11-23', '2013-11-23'],
  ['born', '1927-11-23', '1927-11-23'],
];

it.each(accepted)('%s takes %j', (name, cell, value) => {
  expect(parse(name, cell)).toEqual(value);
});

const refused: [Name, string, code: string, hint: RegExp][] = [
  ['user', '0', 'out_of_range', /1 or more/],
  ['user', '9007199254740993', 'out_of_range', /digits/],
  ['user', '9'.repeat(40), 'out_of_range', /digits/],
  ['user', '+12', 'invalid_user', /write 12/],
  ['user', '-12', 'invalid_user', /positive/],
  ['user', '12.0', 'invalid_user', /write 12,/],
  ['user', '12,13', 'invalid_user', /one user/],
  ['user', 'jeanne calment', 'invalid_user', /one user/],
  ['user', 'jeanne;andre', 'invalid_user', /one user/],
  ['user', 'jeanne@student.42.fr', 'invalid_user', /login/],
  ['user', '..', 'invalid_user', /letters/],
  ['user', '../users', 'invalid_user', /letters/],
  ['user', 'a?x=1', 'invalid_user', /letters/],
  ['user', '%2e%2e', 'invalid_user', /letters/],
  ['user', 'jeanné', 'invalid_user', /letters/],
  ['user', 'a\u0000b', 'invalid_user', /letters/],
  ['user', 'a'.repeat(65), 'invalid_user', /one login/],
  ['integer', '12.0', 'invalid_integer', /write 12,/],
  ['integer', '1e5', 'invalid_integer', /spreadsheet/],
  ['integer', '1.2E+5', 'invalid_integer', /spreadsheet/],
  ['integer', '0x10', 'invalid_integer', /digits/],
  ['integer', '1 234', 'invalid_integer', /write 1234,/],
  ['integer', '1\u202F234\u202F567', 'invalid_integer', /write 1234567,/],
  ['integer', '1,234', 'invalid_integer', /write 1234,/],
  ['integer', '１２', 'invalid_integer', /digits/],
  ['integer', 'twelve', 'invalid_integer', /digits/],
  ['integer', '-9007199254740992', 'out_of_range', /digits/],
  ['bounded', '41', 'out_of_range', /40 or less/],
  ['bounded', '-3', 'out_of_range', /-2 or more/],
  ['id', '0', 'out_of_range', /1 or more/],
  ['text', 'a\u0000b', 'invalid_text', /not visible/],
  ['text', '\u001B[31m', 'invalid_text', /not visible/],
  ['name', 'Ana🌊🌊x', 'too_long', /shorten/],
  ['boolean', 'x', 'invalid_boolean', /true or false/],
  ['boolean', 'on', 'invalid_boolean', /true or false/],
  ['boolean', '2', 'invalid_boolean', /true or false/],
  ['boolean', '__proto__', 'invalid_boolean', /true or false/],
  ['flag', 'on', 'invalid_boolean', /true or false/],
  ['duration', '7200.0', 'invalid_choice', /7200, 14400/],
  ['duration', '28800', 'invalid_choice', /7200, 14400/],
  ['kind', 'Student', 'invalid_choice', /write it as student/],
  ['kind', 'constructor', 'invalid_choice', /admin, student/],
  ['country', 'fr', 'invalid_choice', /write it as FR/],
  ['country', '+33', 'invalid_choice', /country codes/],
  ['country', 'UK', 'invalid_choice', /country codes/],
  ['email', 'ana', 'invalid_email', /name@example/],
  ['email', 'ana@example', 'invalid_email', /name@example/],
  ['email', 'ana@@example.org', 'invalid_email', /name@example/],
  ['email', 'ana@example.org@example.com', 'invalid_email', /name@example/],
  ['email', 'ana@example..org', 'invalid_email', /name@example/],
  ['email', '.ana@example.org', 'invalid_email', /name@example/],
  ['email', 'ana@-example.org', 'invalid_email', /name@example/],
  ['email', 'ana lima@example.org', 'invalid_email', /name@example/],
  ['email', 'a@b.org,c@d.org', 'invalid_email', /name@example/],
  ['email', 'Ana <a@b.org>', 'invalid_email', /name@example/],
  ['email', 'a@b.org\r\nBcc: c@d.org', 'invalid_email', /name@example/],
  ['email', `${'a'.repeat(250)}@b.org`, 'invalid_email', /name@example/],
  ['month', 'septembre', 'invalid_month', /english/i],
  ['month', '09', 'invalid_month', /english/i],
  ['year', '17', 'invalid_year', /four digits/],
  ['year', '2017/2018', 'invalid_year', /four digits/],
  ['file', 'http://169.254.169.254/latest', 'invalid_file', /path/],
  ['file', 'file:///etc/passwd', 'invalid_file', /path/],
  ['file', 'data:image/png;base64,AAAA', 'invalid_file', /path/],
  ['file', '\\\\host\\share\\a.png', 'invalid_file', /path/],
  ['file', '//host/a.png', 'invalid_file', /path/],
  ['file', 'a.png\u0000.txt', 'invalid_file', /path/],
  ['born', '2013-11-24', 'out_of_range', /year/],
  ['born', '1927-11-22', 'out_of_range', /year/],
  ['born', '2003-02-29', 'invalid_date', /28 days/],
];

it.each(refused)('%s refuses %j', (name, cell, code, hint) => {
  const problem = problemOf(name, cell);
  expect(problem.code).toBe(code);
  expect(problem.hint).toMatch(hint);
});

it('all 251 country codes of the endpoint documents are known', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  expect(pairs.filter((pair) => parse('country', pair) === pair)).toHaveLength(251);
});

it('a corrected month is told, a right one is not', () => {
  expect(columns.month.kind.note?.('September', 'september', {now}, 'month')).toMatch(/lower case/);
  expect(columns.month.kind.note?.('september', 'september', {now}, 'month')).toBeUndefined();
});

describe('comparing what is wanted with what the API shows', () => {
  const cases: [string, Column, wanted: string | number | boolean | null, shown: unknown, same: boolean][] = [
    ['an instant in two zones', dateTime('d'), '2026-11-23T08:00:00.000Z', '2026-11-23T09:00:00+01:00', true],
    ['another instant', dateTime('d'), '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:01Z', false],
    ['an unreadable instant', dateTime('d'), '2026-11-23T08:00:00.000Z', 'soon', false],
    ['a day shown as a moment', date('d'), '2017-01-06', '2017-01-06T00:00:00.000Z', true],
    ['another day', date('d'), '2017-01-06', '2017-01-07', false],
    ['a number as text', integer('i'), 12, '12', true],
    ['zero and nothing', integer('i'), 0, '', false],
    ['zero and null', integer('i'), 0, null, false],
    ['one and true', integer('i'), 1, true, false],
    ['a user by id', user('u'), 64, 64, true],
    ['text, exactly', text('t'), 'Café', 'café', false],
    ['a year as a number', year('y'), '2017', 2017, true],
    ['a boolean as text', boolean('b'), true, 'true', true],
    ['null and null', text('t'), null, null, true],
    ['null and empty text', text('t'), null, '', true],
    ['null and text', text('t'), null, 'x', false],
    ['text and an object', text('t'), '[object Object]', {}, false],
  ];
  it.each(cases)('%s', (_, column, wanted, shown, same) => {
    expect(column.same(wanted, shown as null)).toBe(same);
  });
});
