import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import * as errors from '../../src/errors.ts';

const root = fileURLToPath(new URL('../../src/', import.meta.url));

/** A place in the sources where an error for people is made. */
export interface ErrorSite {
  file: string;
  /** The message with … for what is put in; where it is no literal, the expression. */
  message: string;
  /** Everything else that it is made with, as source text. */
  facts: string;
}

const shownToPeople = Object.entries(errors)
  .filter(([, each]) => typeof each === 'function' && each.prototype instanceof errors.Bulk42Error)
  .map(([name]) => name);

export function errorSites(): ErrorSite[] {
  const files = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(`${root}${file}`, 'utf8');
    return [...source.matchAll(new RegExp(`\\bnew (?:${shownToPeople.join('|')})\\(`, 'g'))].map((made) => {
      const [message = '', ...facts] = argumentsAt(source, made.index + made[0].length);
      return {file: file.replaceAll('\\', '/'), message: withoutInsertions(message), facts: facts.join(', ')};
    });
  });
}

/** The arguments of a call, from behind its opening bracket, as source text. */
function argumentsAt(source: string, start: number): string[] {
  const found: string[] = [];
  let from = start;
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const mark = source[at] ?? '';
    if ('\'"`'.includes(mark)) at = endOfText(source, at);
    else if ('([{'.includes(mark)) depth++;
    else if (mark === ',' && depth === 0) found.push(source.slice(from, (from = at + 1) - 1));
    else if (')]}'.includes(mark) && depth-- === 0) {
      found.push(source.slice(from, at));
      break;
    }
  }
  return found.map((text) => text.trim()).filter((text) => text !== '');
}

/** Where the text that begins here ends: at its closing quote, insertions of a template skipped. */
function endOfText(source: string, start: number): number {
  const quote = source[start];
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return at;
    else if (quote === '`' && source.startsWith('${', at)) at = endOfInsertion(source, at + 2);
  }
  return source.length;
}

function endOfInsertion(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const mark = source[at] ?? '';
    if ('\'"`'.includes(mark)) at = endOfText(source, at);
    else if (mark === '{') depth++;
    else if (mark === '}' && depth-- === 0) return at;
  }
  return source.length;
}

function withoutInsertions(expression: string): string {
  const quote = expression[0] ?? '';
  if (!'\'"`'.includes(quote) || endOfText(expression, 0) !== expression.length - 1) return expression;
  let text = '';
  for (let at = 1; at < expression.length - 1; at++) {
    if (expression.startsWith('${', at)) {
      text += '…';
      at = endOfInsertion(expression, at + 2);
    } else if (expression[at] === '\\') text += expression[++at];
    else text += expression[at];
  }
  return text;
}
