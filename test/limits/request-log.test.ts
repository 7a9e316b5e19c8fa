import {mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openRequestLog} from '../../src/limits/request-log.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

const now = Date.UTC(2026, 10, 23, 8, 42);
const minute = 60_000;
const application = 'api.example.test u-s4t2ud-77';

/** Writes what an earlier process left behind, and gives the file's path. */
function leave(folder: string, text: string): string {
  openRequestLog(folder, application, now).close();
  const path = join(folder, readdirSync(folder)[0] ?? '');
  writeFileSync(path, text);
  return path;
}

it('what one process sent, the next one knows, for an hour', () => {
  const folder = join(temporaryFolder(), 'state', 'bulk42');
  const first = openRequestLog(folder, application, now);
  expect(first.recent).toEqual([]);
  first.record(now - 50 * minute);
  first.record(now - 10 * minute + 0.4);
  first.close();
  expect(openRequestLog(folder, application, now).recent).toEqual([now - 50 * minute, now - 10 * minute]);
  expect(openRequestLog(folder, application, now + 15 * minute).recent).toEqual([now - 10 * minute]);
  expect(openRequestLog(folder, application, now + 51 * minute).recent).toEqual([]);
});

it('each application has its own, and none can be told from the name of its file', () => {
  const folder = temporaryFolder();
  const one = openRequestLog(folder, application, now);
  one.record(now);
  one.close();
  expect(openRequestLog(folder, 'api.example.test u-s4t2ud-78', now).recent).toEqual([]);
  expect(readdirSync(folder).join()).not.toMatch(/u-s4t2ud|example/);
});

it('is for its owner alone, and grows no longer than an hour of requests', () => {
  const folder = join(temporaryFolder(), 'state');
  const path = leave(folder, Array.from({length: 5000}, (_, n) => now - 5 * 3600_000 + n).join('\n'));
  openRequestLog(folder, application, now).close();
  expect(readFileSync(path, 'utf8')).toBe('');
  expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
});

it('what is no time is ignored, and what a clock was set back from counts', () => {
  const folder = temporaryFolder();
  leave(
    folder,
    `abc\n\n${now - minute}\nNaN\nInfinity\n-5\n${now + 30 * minute}\n${now + 99 * 60 * minute}\n${now - 2 * minute}`,
  );
  expect(openRequestLog(folder, application, now).recent).toEqual([
    now - 2 * minute,
    now - minute,
    now + 30 * minute,
  ]);
});

it('is left out where it cannot be written, and follows no link', () => {
  const folder = temporaryFolder();
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const log = openRequestLog(join(blocked, 'state'), application, now);
  log.record(now);
  log.close();
  expect(log.recent).toEqual([]);

  const state = join(folder, 'state');
  const path = leave(state, '');
  const target = join(folder, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'file'), 'untouched');
  writeFileSync(path, '');
  const linked = join(folder, 'linked');
  mkdirSync(linked);
  symlinkSync(join(target, 'file'), join(linked, readdirSync(state)[0] ?? ''));
  const through = openRequestLog(linked, application, now);
  through.record(now);
  through.close();
  expect(readFileSync(join(target, 'file'), 'utf8')).toBe('untouched');
});
