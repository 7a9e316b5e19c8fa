/** As much of a string as is read of it. */
export interface Text {
  readonly length: number;
  charCodeAt(at: number): number;
}

export interface Span {
  from: number;
  /** Behind its last character. */
  to: number;
}

/**
 * Where a text stands in a line, in order, those that overlap or touch as one. It reads each of the two a few times
 * whatever they hold (Knuth, Morris and Pratt): a long cell that a response repeats must not take time by its square.
 */
export function findOccurrences(line: Text, text: Text): Span[] {
  const borders = bordersOf(text);
  const spans: Span[] = [];
  let matched = 0;
  for (let at = 0; at < line.length; at++) {
    matched = extend(text, borders, matched, line.charCodeAt(at));
    if (matched < text.length) continue;
    addSpan(spans, {from: at + 1 - matched, to: at + 1});
    matched = borders[matched - 1] ?? 0;
  }
  return spans;
}

/** For each beginning of the text: the length of its longest shorter beginning that is also its end. */
function bordersOf(text: Text): number[] {
  const borders = [0];
  for (let at = 1; at < text.length; at++)
    borders.push(extend(text, borders, borders[at - 1] ?? 0, text.charCodeAt(at)));
  return borders;
}

/** How much of the text is matched after one more character. */
function extend(text: Text, borders: readonly number[], matched: number, code: number): number {
  let length = matched;
  while (length > 0 && text.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
  return text.charCodeAt(length) === code ? length + 1 : length;
}

/** Adds a span to those before it. */
export function addSpan(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
  else spans.push(span);
}
