import {readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {DiskError} from '../src/errors.ts';
import {openLog} from '../src/logger.ts';
import {temporaryFolder} from './helpers/run-cli.ts';

it('a log has one line for one event, whatever the facts are', () => {
  const path = join(temporaryFolder(), 'run.log');
  const log = openLog(path, 'info');
  const breaks = fc.constantFrom('\n', '\r', '\r\n', '\u2028', '\u0085', '"', '\\', '\u0000');
  const word = fc.string({unit: fc.oneof(breaks, fc.string({unit: 'binary', minLength: 1, maxLength: 1}))});
  const words = fc.sample(word, 1000).map((each) => Buffer.from(each).toString());
  for (const why of words) log.info({event: 'unsent', line: 7, why});
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => (JSON.parse(line) as {why: string}).why)).toEqual(words);
  expect(lines.some((line) => line.includes('\r'))).toBe(false);
});

it('a log is never written through a link', () => {
  const folder = temporaryFolder();
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(elsewhere, 'kept', {mode: 0o644});
  symlinkSync(elsewhere, join(folder, 'run.log'));
  expect(() => openLog(join(folder, 'run.log'), 'info')).toThrow(DiskError);
  expect(readFileSync(elsewhere, 'utf8')).toBe('kept');
});
