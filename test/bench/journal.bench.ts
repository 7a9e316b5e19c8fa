import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {statSync, truncateSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, it} from 'vitest';
import {program} from '../helpers/run-cli.ts';
import {Browser, browserPath} from '../page/browser.ts';
import {type BenchStage, openBenchStage} from './bench-stage.ts';
import {scaled, writeEnrolments} from './input-files.ts';
import {type LongRun, synthesiseLongRun} from './long-run.ts';
import {child, interleave, measureNode, median, peak, wall} from './measure.ts';
import {record, recordAndExpect, seconds} from './results.ts';

const rows = scaled(1_000_000);
const named = rows.toLocaleString('en');
const rounds = 3;

/** From the start of the process to the arrival of its first request. It is then killed, and the journal put back. */
async function resume(stage: BenchStage, {journal, size}: LongRun): Promise<number> {
  const arrived = stage.nextRequest();
  const start = performance.timeOrigin + performance.now();
  const running = spawn(process.execPath, [program, 'resume', 'last', '--yes', '--no-progress'], {
    cwd: stage.folder,
    env: {PATH: process.env['PATH'] ?? '', HOME: stage.folder, ...stage.env},
    stdio: 'ignore',
  });
  const ended = once(running, 'exit');
  const requested = await Promise.race([
    arrived,
    ended.then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`))),
  ]);
  running.kill('SIGKILL');
  await ended;
  truncateSync(journal, size);
  return requested - start;
}

it('resume, report and page of a long run', async () => {
  const stage = await openBenchStage({refuse: true});
  const {path, folder, bulk42} = stage;
  await writeEnrolments(path('rows.csv'), rows);
  const run = await synthesiseLongRun(stage, 'rows.csv', rows);
  const journalMb = Math.round(run.size / 1e6);

  const {parse, resumed} = await interleave(rounds, {
    parse: async () => (await measureNode([child('parse-journal.mjs'), run.journal], {cwd: folder})).wallMs,
    resumed: () => resume(stage, run),
  });
  const {read, report} = await interleave(rounds, {
    read: () => measureNode([child('parse-journal.mjs'), run.journal, path('rows.csv')], {cwd: folder}),
    report: () => bulk42(['report', 'last']),
  });
  expect(report[0]?.stdout).toContain(`${rows} rows`);
  recordAndExpect({
    what: `resume of ${named} journaled rows, to the first request`,
    measured: seconds(median(resumed)),
    yardstick: `JSON.parse of each line of that journal (${journalMb} MB): ${seconds(median(parse))}`,
    value: median(resumed) / median(parse),
    unit: '×',
    target: {atMost: 2},
  });
  recordAndExpect({
    what: `report of ${named} rows (report.csv, retry.csv, summary.json, report.html)`,
    measured: `${seconds(wall(report))}, ${Math.round(peak(report))} MB`,
    yardstick: `reading the CSV file and the journal once: ${seconds(wall(read))}`,
    value: wall(report) / wall(read),
    unit: '×',
    target: {atMost: 3},
  });
  await openPage(join(dirname(run.journal), 'report.html'));
});

/** ms from the beginning of the navigation until all of the page is loaded and some of it painted. */
const openedAfter = `Math.max(
  performance.getEntriesByType('navigation')[0].loadEventEnd,
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
)`;

async function openPage(page: string): Promise<void> {
  const megabytes = statSync(page).size / 1e6;
  const what = `the page of that run`;
  recordAndExpect({
    what: `${what}: size`,
    measured: `${Math.round(megabytes * 1000).toLocaleString('en')} kB`,
    yardstick: '–',
    value: megabytes,
    unit: 'MB',
    target: {atMost: 5},
  });
  const times: number[] = [];
  for (let round = 0; browserPath !== undefined && round < 5; round++) {
    const browser = await Browser.start();
    const opened = await browser.open(page);
    // A page is painted for somebody who looks at it.
    await opened.screenshot();
    times.push((await opened.evaluate<number>(openedAfter)) / 1000);
    await browser.close();
  }
  record({
    what: `${what}: opened and painted in Chromium`,
    measured: browserPath === undefined ? 'no Chromium here' : `${Math.round(median(times) * 1000)} ms`,
    yardstick: '–',
    value: median(times),
    unit: 's',
    target: {atMost: 2},
  });
}
