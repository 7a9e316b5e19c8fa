import type {Values} from '../job/row.ts';

const leastTelling = 4;

/**
 * The API's words about a row without the row's own: what a journal keeps must not hold personal data. Cells of
 * the row, and anything that looks like an e-mail address, become `…`. At most 300 characters, cut off last, so that
 * no half of a cell is left at the end.
 */
export function scrubMessage(message: string, values: Values): string {
  let scrubbed = message.replace(/[^\s@"'<>(),;:]{1,64}@[^\s@"'<>(),;:]{1,255}/g, '…');
  // The longest first: of "5 Rue Verte" nothing may be left because "Verte" went before.
  const own = texts(values).toSorted((one, other) => other.length - one.length);
  for (const text of own) scrubbed = scrubbed.split(text).join('…');
  // One line, whatever the API wrote; control characters could act on a terminal.
  return scrubbed.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').slice(0, 300);
}

function texts(values: Values): string[] {
  return Object.values(values).flatMap((value) => {
    if (typeof value === 'string') return value.length >= leastTelling ? [value] : [];
    if (Array.isArray(value)) return value.flatMap(texts);
    return typeof value === 'object' && value !== null && !('file' in value) ? texts(value) : [];
  });
}
