import {describe, expect, it} from 'vitest';
import {cleanCell, findMisleading, foldText} from '../../../src/job/columns/characters.ts';
import {date, email, text, user} from '../../../src/job/columns/columns.ts';
import {keyOf} from '../../../src/job/natural-key.ts';
import {createJob} from '../../../src/job/job.ts';
import {defineJob} from '../../../src/job/define-job.ts';
import {matchHeader} from '../../../src/job/header/match-header.ts';
import {issuesOf, readRow, valuesOf} from '../read-csv.ts';

const job = createJob(
  'warnings',
  defineJob({
    summary: 'Warn',
    needs: {roles: []},
    columns: {
      user_id: user('Whom').required(),
      reason: text('Why').required(),
      mail: email('Where'),
      day: date('When'),
      login: text('A new login', {isIdentifier: true}),
    },
    keys: [['user_id', 'reason']],
    request: (row) => ({method: 'POST', path: ['warnings'], body: {warning: row}}),
    readBack: [],
  }),
);

const alike: [string, string, string][] = [
  ['a letter and its accent', 'Absent \u00e0 l\u2019\u00e9t\u00e9', 'Absent a\u0300 l\u2019e\u0301te\u0301'],
  ['a no-break space', 'too late', 'too\u00a0late'],
  ['a narrow no-break space', 'late !', 'late\u202f!'],
  ['an ideographic space', 'too late', 'too\u3000late'],
  ['a zero-width space at the end', 'late', 'late\u200b'],
  ['a byte order mark at the beginning', 'late', '\ufefflate'],
  ['a soft hyphen inside', 'community', 'commu\u00adnity'],
  ['a word joiner inside', 'late', 'la\u2060te'],
  ['a mark of direction', 'late', 'late\u200e'],
];

describe('texts that look alike', () => {
  it.each(alike)('are one key, with %s', (_, plain, other) => {
    const keys = [plain, other].map((reason) => keyOf(job, valuesOf(readRow(job, {user_id: '7', reason}))));
    expect(keys[0]).toBe(keys[1]);
  });

  it.each(alike)('are what exists already, with %s', (_, plain, other) => {
    const {column} = job.columns.find(({name}) => name === 'reason') ?? {};
    expect(column?.same(plain, other)).toBe(true);
    expect(column?.same(other, plain)).toBe(true);
  });

  it.each([
    ['another case', 'late', 'Late'],
    ['another accent', '\u00e9t\u00e9', 'ete'],
    ['another letter', 'late', 'l\u0430te'],
    ['a space less', 'too late', 'toolate'],
  ])('are not those with %s', (_, one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });
});

describe('what is sent', () => {
  it.each([
    ['Ame\u0301lie', 'Am\u00e9lie'],
    ['late\u200b', 'late'],
    ['\ufeff\u00a0late \u2060', 'late'],
    ['a\u200bb', 'a\u200bb'],
    ['I \u2764\ufe0f', 'I \u2764\ufe0f'],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
    ['\u200b', ''],
  ])('of %j is %j', (cell, sent) => {
    expect(cleanCell(cell)).toBe(sent);
  });

  it('of a cell of nothing visible is nothing', () => {
    expect(valuesOf(readRow(job, {user_id: '7', reason: 'x', day: '\u200b\u00a0'}))).not.toHaveProperty(
      'day',
    );
    expect(issuesOf(readRow(job, {user_id: '7', reason: '\ufeff\u2060'}))[0]?.code).toBe('required');
  });

  it('of a date is the date, without what cannot be seen around it', () => {
    expect(valuesOf(readRow(job, {user_id: '7', reason: 'x', day: '2026-11-23\u200e'}))['day']).toBe(
      '2026-11-23',
    );
  });
});

describe('a character that misleads', () => {
  it.each([
    ['cadet00003\u200b', '11th character is U+200B'],
    ['\ufeffcadet3', '1st character is U+FEFF'],
    ['ca\u00addet3', '3rd character is U+00AD'],
    ['cadet\u20603', '6th character is U+2060'],
    ['cadet\u180e3', '6th character is U+180E'],
    ['cadet\u200d3', '6th character is U+200D'],
    ['cadet\u00853', '6th character is U+0085'],
    ['b\u0430rnard', '2nd letter is U+0430, not a Latin a'],
    ['\u0441\u043e\u0440\u0430', '1st letter is U+0441, not a Latin c'],
    ['j\u03bfan', '2nd letter is U+03BF, not a Latin o'],
    ['\uff4aoan', '1st letter is U+FF4A, not a Latin j'],
    ['joan\u20117', '5th character is U+2011, not a hyphen'],
    ['joan\uff17', '5th character is U+FF17, not the digit 7'],
  ])('is named in the login %j', (cell, named) => {
    for (const column of ['user_id', 'login']) {
      const [issue] = issuesOf(readRow(job, {user_id: '7', reason: 'x', [column]: cell}));
      expect(issue).toMatchObject({column, code: 'misleading_character'});
      expect(issue?.message).toContain(named);
    }
  });

  it.each([
    ['jo\u0430n@example.org', 'U+0430'],
    ['joan@ex\u200bample.org', 'U+200B'],
    ['joan@\u0435xample.org', 'U+0435'],
    ['joan@example\uff0eorg', 'U+FF0E'],
  ])('is named in the e-mail address %j', (mail, named) => {
    expect(issuesOf(readRow(job, {user_id: '7', reason: 'x', mail}))[0]?.message).toContain(named);
  });

  it.each([
    ['\u200buser_id', '1st character is U+200B'],
    ['user_id\ufeff', '8th character is U+FEFF'],
    ['us\u00ader_id', '3rd character is U+00AD'],
    ['us\u0435r_id', '3rd letter is U+0435, not a Latin e'],
    ['shoe\u2060 size', '5th character is U+2060'],
  ])('is named in the header %j, be unknown columns ignored or not', (name, named) => {
    for (const ignoreUnknown of [true, false]) {
      const matched = matchHeader(job, [name, 'reason'], {map: {}, set: {}, ignoreUnknown});
      const problems = 'problems' in matched ? matched.problems : [];
      const found = problems.filter(({column}) => column === name);
      expect(found.map(({code}) => code)).toEqual(['misleading_character']);
      expect(found[0]?.message).toContain(named);
    }
  });

  it.each([
    '\u0438\u0432\u0430\u043d@\u043f\u043e\u0447\u0442\u0430.\u0440\u0444',
    'zo\u00e9@example.org',
    'joan@m\u00fcller.de',
  ])('is not in %j, which is written in one script', (address) => {
    expect(findMisleading(address)).toBeUndefined();
  });
});
