import type {Values} from '../job/row.ts';
import {addSpan, findOccurrences, type Span} from './find-occurrences.ts';

/** Shorter cells are words of the API as well. */
const minLength = 4;
const maxMessageLength = 300;

/**
 * The API's words about a row without the row's own: what a journal keeps must not hold personal data. Cells of
 * the row, and anything that looks like an e-mail address, become `…`. The message is cut at last, so that
 * no half of a cell is left at its end.
 */
export function scrubMessage(message: string, values: Values): string {
  const line = oneLine(message);
  // All are looked for in the whole line: what one of them takes away must not hide the rest of another.
  const found = texts(values).flatMap((text) => findOccurrences(line, oneLine(text)));
  const spans: Span[] = [];
  for (const span of [...found, ...findAddresses(line)].sort((one, other) => one.from - other.from))
    addSpan(spans, span);
  let scrubbed = '';
  let from = 0;
  for (const span of spans) {
    scrubbed += `${line.slice(from, span.from)}…`;
    from = span.to;
  }
  return (scrubbed + line.slice(from)).slice(0, maxMessageLength);
}

/** One line, whatever the API wrote; control characters could act on a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function texts(values: Values): string[] {
  return Object.values(values).flatMap((value) => {
    if (typeof value === 'string') return value.length >= minLength ? [value] : [];
    if (Array.isArray(value)) return value.flatMap(texts);
    return typeof value === 'object' && value !== null && !('file' in value) ? texts(value) : [];
  });
}

/** E-mail addresses, or what looks like one: up to 64 characters, `@`, up to 255 characters. */
function findAddresses(line: string): Span[] {
  const spans: Span[] = [];
  for (let at = line.indexOf('@'); at >= 0; at = line.indexOf('@', at + 1)) {
    const user = /[^\s@"'<>(),;:]*$/.exec(line.slice(Math.max(0, at - 64), at))?.[0].length ?? 0;
    const host = /^[^\s@"'<>(),;:]*/.exec(line.slice(at + 1, at + 256))?.[0].length ?? 0;
    if (user > 0 && host > 0) addSpan(spans, {from: at - user, to: at + 1 + host});
  }
  return spans;
}
