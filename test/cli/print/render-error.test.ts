import {describe, expect, it} from 'vitest';
import {renderError} from '../../../src/cli/print/render-error.ts';
import {createTerminal} from '../../../src/cli/terminal.ts';
import {BugError} from '../../../src/errors.ts';

const canary = 'Canary-7f3a';

/** Errors of libraries and of the platform, which carry what was sent and what came back. */
const foreign: [string, unknown][] = [
  ['a message', new Error(canary)],
  ['a message of many lines', new Error(`first\n${canary}\nlast`)],
  ['a cause', new Error('failed', {cause: new Error(canary)})],
  ['a cause of a cause', new Error('failed', {cause: new Error('why', {cause: {token: canary}})})],
  ['a cause that is text', new Error('failed', {cause: canary})],
  ['a type error', new TypeError(`Cannot read properties of ${canary}`)],
  ['a range error', new RangeError(canary)],
  ['a syntax error, which quotes what it read', new SyntaxError(`Unexpected token in ${canary}`)],
  ['many errors', new AggregateError([new Error(canary)], canary)],
  ['an abort', new DOMException(canary, 'AbortError')],
  ['headers', Object.assign(new Error('failed'), {headers: {authorization: `Bearer ${canary}`}})],
  ['a body', Object.assign(new Error('failed'), {body: canary, response: {body: canary}})],
  ['a request', Object.assign(new Error('failed'), {options: {headers: [canary], body: canary}})],
  ['a code', Object.assign(new Error(canary), {code: canary})],
  ['a path', Object.assign(new Error(`ENOENT: no such file, open '${canary}'`), {path: canary})],
  ['what was expected', Object.assign(new Error('not equal'), {actual: canary, expected: canary})],
  ['a stack of its own', Object.assign(new Error('failed'), {stack: `Error: ${canary}\n    at ${canary}`})],
  ['no error at all', {password: canary}],
  ['text', canary],
  ['nothing', undefined],
  ['a bug of ours', new BugError('a row is lost', {hint: undefined, cause: new Error(canary)})],
];

function shown(error: unknown, asJson: boolean): {exitCode: number; text: string} {
  let text = '';
  const stream = {write: (more: string) => (text += more)} as unknown as NodeJS.WriteStream;
  const terminal = createTerminal({
    stdin: process.stdin,
    stdout: stream as never,
    stderr: stream as never,
    argv: [],
  });
  return {exitCode: renderError(error, terminal, asJson), text};
}

describe('an unexpected error', () => {
  it.each(foreign)('is shown without what it carries: %s', (_what, error) => {
    for (const asJson of [false, true]) {
      const {exitCode, text} = shown(error, asJson);
      expect(exitCode).toBe(70);
      expect(text.length).toBeGreaterThan(20);
      expect(text).not.toContain(canary);
    }
  });
});
