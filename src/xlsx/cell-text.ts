/** How a number is shown, as far as its meaning hangs on it. `digits`: leading zeros up to so many. */
export type NumberFormat = 'plain' | 'date' | 'time' | {digits: number};

const dateFormatIds = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const timeFormatIds = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56]);

/** The meaning of a number format, by its number where it is built in, otherwise by its code (`dd/mm/yyyy`). */
export function numberFormatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return dateFormatIds.has(id) ? 'date' : timeFormatIds.has(id) ? 'time' : 'plain';
  // Without quoted text, escaped and padding characters, and without colours, languages and conditions.
  const shown = code
    .replaceAll(/"[^"]*"|\\.|[_*]./g, '')
    .replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/[yd]|mmm/.test(shown)) return 'date';
  if (/[hs]|am\/pm/.test(shown)) return 'time';
  return /^0{2,}$/.test(shown) ? {digits: shown.length} : 'plain';
}

/** A number as a person would type it: a date as ISO text, without a time where it has none, and all digits. */
export function numberText(text: string, format: NumberFormat, startsIn1904: boolean): string {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new Error(`"${text}" is no number`);
  if (format === 'date' && number >= 1) return dateText(number, startsIn1904);
  if ((format === 'date' || format === 'time') && number >= 0 && number < 1)
    return dateText(number, true).slice(11);
  const digits = plainDigits(number);
  return typeof format === 'object' && /^\d+$/.test(digits) ? digits.padStart(format.digits, '0') : digits;
}

const dayMs = 86_400_000;
/** Day 0 of the calendar that starts in 1900 and has a 29 February 1900, for days after that; and of the other. */
const zero1900 = Date.UTC(1899, 11, 30);
const zero1904 = Date.UTC(1904, 0, 1);

/** `2026-08-31`, or `2026-08-31 09:30:00`. */
function dateText(days: number, startsIn1904: boolean): string {
  const isBeforeLeapDay = !startsIn1904 && days < 60;
  const zero = (startsIn1904 ? zero1904 : zero1900) + (isBeforeLeapDay ? dayMs : 0);
  const seconds = Math.round(days * 86_400);
  const text = new Date(zero + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return seconds % 86_400 === 0 && days >= 1 ? text.slice(0, 10) : text;
}

/** Without an exponent, and with the 15 digits that spreadsheets keep. */
function plainDigits(number: number): string {
  if (Number.isInteger(number)) return BigInt(number).toString();
  const text = String(Number(number.toPrecision(15)));
  return text.includes('e') ? number.toFixed(20).replace(/\.?0+$/, '') : text;
}
