import type {Values} from '../job/row.ts';

const minTelling = 4;

/** An e-mail address, or what looks like one. */
const address = /[^\s@"'<>(),;:]{1,64}@[^\s@"'<>(),;:]{1,255}/g;

/**
 * The API's words about a row without the row's own: what a journal keeps must not hold personal data. Cells of
 * the row, and anything that looks like an e-mail address, become `…`. At most 300 characters, cut off last, so that
 * no half of a cell is left at the end.
 */
export function scrubMessage(message: string, values: Values): string {
  const line = oneLine(message);
  // All are looked for in the whole line: what one of them takes away must not hide the rest of another.
  const spans = [...line.matchAll(address)].map(({0: {length}, index}) => ({
    from: index,
    to: index + length,
  }));
  for (const text of texts(values).map(oneLine)) {
    for (let from = line.indexOf(text); from >= 0; from = line.indexOf(text, from + 1))
      spans.push({from, to: from + text.length});
  }
  const characters = line.split('');
  for (const {from, to} of spans) characters.fill('\0', from, to);
  return characters.join('').replace(/\0+/g, '…').slice(0, 300);
}

/** One line, whatever the API wrote; control characters could act on a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function texts(values: Values): string[] {
  return Object.values(values).flatMap((value) => {
    if (typeof value === 'string') return value.length >= minTelling ? [value] : [];
    if (Array.isArray(value)) return value.flatMap(texts);
    return typeof value === 'object' && value !== null && !('file' in value) ? texts(value) : [];
  });
}
