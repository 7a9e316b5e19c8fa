import pc from 'picocolors';
import {Readable} from 'node:stream';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {Progress} from '../../../src/cli/print/progress.ts';
import type {Terminal} from '../../../src/cli/terminal.ts';
import {noCounts} from '../../../src/outcome.ts';
import {csv, fast, openStage} from '../../e2e/stage.ts';

/** What a terminal that folds long lines shows of what is drawn, and may be made narrower meanwhile. */
function openScreen({isLive = true, silent = false} = {}) {
  vi.useFakeTimers({now: new Date(2026, 10, 23, 14, 0, 0)});
  onTestFinished(() => void vi.useRealTimers());
  const screen = {width: 100, left: 700, lines: [''], row: 0};
  const put = (text: string) => {
    for (const [part] of text.matchAll(/\r|\n|\u001b\[\d*[A-Z]|[^\r\n\u001b]+/g)) {
      if (part === '\r') continue;
      const [, count = '', mark] = /^\u001b\[(\d*)([A-Z])$/.exec(part) ?? [];
      if (mark === 'A') screen.row -= Number(count);
      else if (mark === 'J') screen.lines.splice(screen.row, Infinity, '');
      else if (part === '\n') screen.lines[++screen.row] ??= '';
      else screen.lines[screen.row] = (screen.lines[screen.row] ?? '') + part;
    }
  };
  const resize = (width: number) => {
    const before = screen.lines.slice(0, screen.row + 1);
    const folded = before.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']);
    Object.assign(screen, {width, lines: folded, row: folded.length - 1});
  };
  const terminal: Terminal = {
    result: () => undefined,
    error: (text) => put(`${text}\n`),
    draw: put,
    canAsk: false,
    ask: () => Promise.resolve(''),
    isLive,
    width: () => screen.width,
    resultWidth: () => Infinity,
    colors: pc.createColors(false),
    plain: () => undefined,
    commandLine: [],
    stdin: Readable.from([]),
  };
  const limits = () => ({perSecond: 2, perHour: 1200, left: screen.left});
  const progress = new Progress({terminal, silent, now: () => Date.now()});
  const rows = (done: number) =>
    progress.progress({...noCounts(), created: done, not_started: 100 - done}, limits);
  return {screen, terminal, progress, rows, resize};
}

describe('on a terminal', () => {
  it('draws over itself, with the rate of the last seconds, and goes away', () => {
    const {screen, rows, progress} = openScreen();
    for (let second = 0; second <= 20; second++) {
      rows(second * 3);
      vi.advanceTimersByTime(1000);
    }
    expect(screen.lines).toEqual([
      '━━━━━━────  60/100 rows  3.0/s  60 created  20 s left  until 14:00:40  700 requests left this hour',
    ]);
    progress.clear();
    expect(screen.lines).toEqual(['']);
  });

  it('lets other lines be printed above it', () => {
    const {screen, rows, progress, terminal} = openScreen();
    rows(7);
    progress.above(() => terminal.error('SIGINT: waiting'));
    expect(screen.lines).toEqual([
      'SIGINT: waiting',
      expect.stringMatching(/^━─{19} {2}7\/100 rows/) as string,
    ]);
  });

  it.each([60, 40, 25])('leaves nothing behind when the terminal is made %d columns wide', (width) => {
    const {screen, rows, progress, terminal, resize} = openScreen();
    terminal.error('before');
    rows(7);
    resize(width);
    vi.advanceTimersByTime(300);
    rows(8);
    expect(screen.lines.slice(1).filter((line) => !/^[━─]* *8/.test(line))).toEqual([]);
    expect(screen.lines[1]).toMatch(/^[━─ ]*8\/100 rows/);
    resize(100);
    progress.clear();
    expect(screen.lines).toEqual(['before', '']);
  });

  it("counts down to the next hour, whatever was still on its way, and goes on at the hour's first row", () => {
    const {screen, rows, progress} = openScreen();
    rows(7);
    screen.left = 0;
    progress.waiting('hour', 600_000);
    vi.advanceTimersByTime(100);
    rows(8);
    vi.advanceTimersByTime(4900);
    expect(screen.lines).toEqual([
      '━───────────────────  8/100 rows  8 created  the hour is used up: on at 14:10:00, in 9 min 55 s',
    ]);
    screen.left = 1200;
    rows(9);
    expect(screen.lines).toEqual([expect.stringMatching(/^[━─]+ {2}9\/100 rows {2}9 created/) as string]);
    vi.advanceTimersByTime(5000);
    expect(screen.lines).toEqual([expect.stringMatching(/^[━─]+ {2}9\/100 rows/) as string]);
  });

  it('keeps quiet about a wait that is over at once', () => {
    const {screen, rows, progress} = openScreen();
    rows(7);
    const before = [...screen.lines];
    progress.waiting('refused', 1000);
    expect(screen.lines).toEqual(before);
    vi.advanceTimersByTime(300);
    rows(8);
    expect(screen.lines[0]).toContain('8/100 rows');
  });

  it('is coloured without being folded for it', () => {
    const {screen, rows, terminal, resize} = openScreen();
    terminal.colors = pc.createColors(true);
    const drawn: string[] = [];
    const {draw} = terminal;
    terminal.draw = (text) => {
      drawn.push(text);
      draw(text.replace(/\u001b\[\d+m/g, ''));
    };
    resize(60);
    rows(50);
    expect(drawn.at(-1)).toMatch(/\u001b\[32m━+\u001b\[39m\u001b\[2m─+\u001b\[22m {2}50\/100 rows/);
    expect(screen.lines).toHaveLength(2);
  });

  it('shows why it waits in two lines where it is narrow', () => {
    const {screen, progress, resize} = openScreen();
    resize(40);
    progress.waiting('settle', 90_000, 12);
    expect(screen.lines).toEqual(['settling 12 rows in doubt', 'on at 14:01:30, in 1 min 30 s']);
  });
});

it('is one plain line every ten seconds elsewhere', () => {
  const {screen, rows} = openScreen({isLive: false});
  for (let second = 0; second <= 25; second++) {
    rows(second);
    vi.advanceTimersByTime(1000);
  }
  expect(screen.lines.map((line) => line.replace(/ {2}\d+ s left.*/, ''))).toEqual([
    expect.stringMatching(/0\/100 rows$/) as string,
    expect.stringMatching(/10\/100 rows {2}1\.0\/s {2}10 created$/) as string,
    expect.stringMatching(/20\/100 rows {2}1\.0\/s {2}20 created$/) as string,
    '',
  ]);
});

it('is not there when it is not wanted', () => {
  const {screen, rows, progress} = openScreen({silent: true});
  rows(1);
  progress.waiting('outage', 5000);
  vi.advanceTimersByTime(20_000);
  progress.clear();
  expect(screen.lines).toEqual(['']);
});

it.each([
  [[], true],
  [['--quiet'], false],
  [['--json'], false],
  [['--no-progress'], false],
  [['--progress', 'none'], false],
  [['--progress', 'plain', '--quiet'], true],
])('a run without a terminal and with %j shows a plain line: %s', async (options, isShown) => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...options, ...fast]);
  expect(code).toBe(0);
  expect(/^planned 1 of 1 rows$/m.test(stderr)).toBe(isShown);
  expect(stderr).not.toContain('\u001b');
});
