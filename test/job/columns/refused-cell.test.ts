import {describe, expect, it} from 'vitest';
import {refusedCell} from '../../../src/job/columns/refused-cell.ts';
import {pairingJob} from '../sample-job.ts';
import {issuesOf, readRow} from '../read-csv.ts';

describe('an error of a spreadsheet', () => {
  it.each([
    '#N/A',
    '#REF!',
    '#VALUE!',
    '#NAME?',
    '#DIV/0!',
    '#NUM!',
    '#NULL!',
    '#SPILL!',
    '#CALC!',
    '#NOM?',
    '#VALEUR!',
    '#NOMBRE!',
    '#NUL!',
    '#NV',
    '#WERT!',
    '#BEZUG!',
    '#ZAHL!',
    'Err:508',
    '#FIELD!',
    '#BLOCKED!',
    '#UNKNOWN!',
    '#CONNECT!',
    '#BUSY!',
    '#GETTING_DATA',
    '#PYTHON!',
    '#EXTERNAL!',
    '#ERROR!',
    '#¡VALOR!',
    '#¡REF!',
    '#¿NOMBRE?',
    '#¡DIV/0!',
    '#N/D',
    '#RIF!',
    '#VALORE!',
    '#NOME?',
    '#WAARDE!',
    '#VERW!',
    '#NAAM?',
    '#NB',
    '#ADR!',
    '#ARG!',
    '#ÜBERLAUF!',
    '#KENMIYOR!',
    '#ЗНАЧ!',
    '#ССЫЛКА!',
    '#Н/Д',
    '#ИМЯ?',
    'Err:502',
    'err:522',
    'Erreur :508',
    'Fehler:508',
    'Error: 504',
    '#n/a',
    '#Ref!',
    '########',
  ])('%s is refused', (cell) => {
    expect(refusedCell(cell)?.code).toBe('spreadsheet_error');
  });

  it.each(['remark', 'mentor_id', 'active', 'pass'])('is refused in the column %s', (column) => {
    const row = readRow(pairingJob, {mentor_id: '5', pupil_id: '6', [column]: ' #NOM? '});
    expect(issuesOf(row)[0]).toMatchObject({column, code: 'spreadsheet_error'});
  });

  it.each([
    '#1',
    '#42!',
    '#hashtag',
    '# N/A',
    'see #REF!',
    '#',
    '##',
    'Err: late',
    'error 508',
    'N/A',
    '#late!',
  ])('%s is none', (cell) => {
    expect(refusedCell(cell)).toBeUndefined();
  });
});

describe('a text that lost letters', () => {
  it.each([
    'Zo\ufffd',
    '\ufffd',
    'a\ufffdb\ufffd',
    '#\ufffd',
    // UTF-8 that was read as windows-1252, Mac Roman or DOS, and saved.
    'ZoÃ©',
    'FranÃ§oise',
    'lâ€™Ã©tÃ©',
    'cÅ“ur',
    'voilÃ ',
    'Â«non',
    'Ã‰tienne',
    'ðŸ˜€',
    'Zo√©',
    'Zo├®',
  ])('%j is refused', (cell) => {
    expect(refusedCell(cell)?.code).toBe('damaged_text');
    const [issue] = issuesOf(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', pass: cell}));
    expect(issue).toMatchObject({column: 'pass', value: '', code: 'damaged_text'});
    expect(issue?.message).toContain('damaged by an earlier conversion');
  });
});

it.each(['SÃO PAULO', 'IRMÃ', 'Ângela', 'pâté', 'Åsa', 'RÅ', '√2', 'Ãe'])(
  '%j has all its letters',
  (cell) => {
    expect(refusedCell(cell)).toBeUndefined();
  },
);

describe('a number that a spreadsheet shortened', () => {
  it.each(['3.36E+10', '3,36E+10', '1E+05', '-1.5e+7', '+3.36012E+11'])('%s is refused', (cell) => {
    const [issue] = issuesOf(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell}));
    expect(issue).toMatchObject({column: 'remark', code: 'shortened_number'});
  });

  it.each(['1e5', '3E10', 'E+10', '2E+x', '12E+05', '+33601020304', '-5'])('%s is none', (cell) => {
    expect(refusedCell(cell)).toBeUndefined();
  });
});

describe('a <clear> that is written otherwise', () => {
  it.each([
    '<CLEAR>',
    '< clear >',
    '<Clear>',
    '<clear/>',
    '</clear>',
    '<clear >',
    '＜clear＞',
    '&lt;clear&gt;',
    '[clear]',
    '(CLEAR)',
    '{clear}',
    '‹clear›',
    '<claer>',
    '<clea>',
    '<cleer>',
    '<clear!>',
    '<clear​>',
  ])('%j is refused, and the hint says how', (cell) => {
    const [issue] = issuesOf(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell}));
    expect(issue).toMatchObject({column: 'remark', code: 'misspelled_clear'});
    expect(issue?.hint).toContain('write <clear>');
  });

  it.each(['clear', 'a <clear>', '<clear> it', '(cleared)', '[clean]', '<3', '<b>clear</b>', '<>'])(
    '%j is none',
    (cell) => {
      expect(refusedCell(cell)).toBeUndefined();
    },
  );
});

describe('a word for nothing in a text', () => {
  it.each(['NULL', '\\N', 'null', '(null)', '[NULL]', 'nil'])(
    '%j is noted, and the note names <clear>',
    (cell) => {
      const row = readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell});
      expect('values' in row && row.notes).toEqual([
        {column: 'remark', message: expect.stringContaining('<clear>')},
      ]);
    },
  );

  it.each(['nullable', 'N', '\\n b', 'none'])('%j is none', (cell) => {
    expect(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell})).not.toHaveProperty('notes');
  });
});

describe('a text that a program may have left behind', () => {
  it.each([
    ['=VLOOKUP(A2,B:C,2)', 'formula'],
    ['=A2&" "&B2', 'formula'],
    ['=-1', 'formula'],
    ["'+33601020304", 'apostrophe'],
    ["'0601020304", 'apostrophe'],
    ["'-Martin", 'apostrophe'],
    ['Fran?oise', 'question mark'],
    ['Le Lef?vre', 'question mark'],
  ])('%j is noted', (cell, named) => {
    const row = readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell});
    expect('values' in row && row.notes).toEqual([
      {column: 'remark', message: expect.stringContaining(named)},
    ]);
  });

  it.each(['= yes', "'t Hooft", "d'Arc", 'Why?', 'Why? Because', 'https://example.org/x?y=1', '?'])(
    '%j is not',
    (cell) => {
      expect(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', remark: cell})).not.toHaveProperty('notes');
    },
  );

  it('is not told of a secret', () => {
    expect(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', pass: 'a?b=NULL'})).not.toHaveProperty(
      'notes',
    );
    expect(readRow(pairingJob, {mentor_id: '5', pupil_id: '6', pass: 'Fran?oise'})).not.toHaveProperty(
      'notes',
    );
  });
});
