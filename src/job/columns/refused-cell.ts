import {didYouMean} from '../did-you-mean.ts';
import type {Problem} from '../row.ts';

/** What no column takes, whatever its kind: it comes from a program, and is not what a person meant. */
export function refusedCell(cell: string): Problem | undefined {
  if (mayBeDamaged.test(cell) && misread.test(cell)) return damaged;
  if (/^[\d+-]/.test(cell)) return shortenedNumber.test(cell) ? shortened : undefined;
  if (!mayBeRefused.test(cell)) return undefined;
  if (spreadsheetErrors.some((error) => error.test(cell))) return spreadsheetError;
  return isLikeClear(cell) ? misspelledClear : undefined;
}

/** Most cells are done with at their first letter. */
const mayBeRefused = /^[#<＜‹〈&[({EeFf]/;
const mayBeDamaged = /[\ufffdÂÃÅâð√├┬]/;

/** What programs write for a letter that they cannot read, and what UTF-8 is in windows-1252, Mac Roman and DOS. */
const misread =
  /\ufffd|\p{Ll}?[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\p{Ll}[ÂÃ]|Å[“¡¸¾]|â€[\u0080-\u00bf™œ“”˜š]?|ðŸ|√[©®†¢£ß™]|[├┬]\S/u;

const damaged: Problem = {
  code: 'damaged_text',
  message:
    'holds a letter that was lost (U+FFFD) or misread (Ã© for é): this file was damaged by an earlier conversion',
  hint: 'write the text again, or export it once more as CSV UTF-8',
};

/** 3.36E+10: the digits that a spreadsheet left out are not in the file. */
const shortenedNumber = /^[+-]?\d(?:[.,]\d+)?E\+\d+$/i;

const shortened: Problem = {
  code: 'shortened_number',
  message: 'a number that a spreadsheet shortened',
  hint: 'format the column as text, and write all digits again',
};

const spreadsheetError: Problem = {
  code: 'spreadsheet_error',
  message: 'an error of the spreadsheet, not a value',
  hint: 'correct the formula in the spreadsheet, or empty the cell',
};

/** Excel, LibreOffice and Google Sheets, in their languages. */
const spreadsheetErrors: readonly RegExp[] = [
  // #REF! #DIV/0! #NAME? #NOM? #WERT! #¡VALOR! #¿NOMBRE? #ЗНАЧ! … : capitals that end in ! or ?
  /^#[¡¿]?(?=.*\p{Lu}.*\p{Lu})[\p{Lu}\d_/.]+[!?]$/u,
  // The same in small letters, for those whose names are known.
  /^#(?:ref|value|name|div\/0|num|null|spill|calc|field|blocked|unknown|connect|busy|error|wert|bezug|zahl|nom|valeur|nombre|nul)[!?]$/i,
  // "Not available", which ends in neither.
  /^#(?:n\/a|n\/d|nv|nb|i\/t|yok|н\/д|hiányzik|puuttuu|saknas!|mangler|getting_data)$/iu,
  // LibreOffice: Err:508, Erreur :508, Fehler:508.
  /^#?(?:err|error|erreur|fehler)\s?:\s?\d{3}$/i,
  // A column that was too narrow to show its number.
  /^#{3,}$/,
];

const misspelledClear: Problem = {
  code: 'misspelled_clear',
  message: 'looks like <clear>, and is not',
  hint: 'write <clear>, with small letters and without spaces',
};

/** `<CLEAR>`, `< clear >`, `<clear/>`, `[clear]`, `&lt;clear&gt;`; in its own brackets a misspelling too: `<claer>`. */
function isLikeClear(cell: string): boolean {
  if (cell.length > 40) return false;
  const plain = cell.normalize('NFKC').toLowerCase().replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const [, bracket, inner = ''] = /^([<‹〈[({])(.*)[>›〉\])}]$/.exec(plain) ?? [];
  const word = inner.replaceAll(/[^\p{L}]/gu, '');
  return (
    word === 'clear' || (bracket === '<' && word.length <= 5 && didYouMean(word, ['clear']) !== undefined)
  );
}
