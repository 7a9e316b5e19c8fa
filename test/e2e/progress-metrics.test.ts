import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {renderMetrics} from '../../src/cli/print/render-metrics.ts';
import {counts, csv, fast, openStage} from './stage.ts';

/** The samples of a text file of Prometheus, by name and labels. What its format does not allow is an error. */
function parseMetrics(text: string): Record<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const samples: Record<string, number> = {};
  const [described, typed] = [new Set<string>(), new Set<string>()];
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, about = ''] = /^# (HELP|TYPE) ([a-z_:][\w:]*) \S/i.exec(line) ?? [];
    if (kind !== undefined) {
      const seen = kind === 'HELP' ? described : typed;
      expect(seen.has(about), `${about} is described once`).toBe(false);
      seen.add(about);
      if (kind === 'TYPE') expect(line).toMatch(/ gauge$/);
      continue;
    }
    const label = String.raw`[a-z_]\w*="(?:[^"\\\n]|\\[\\"n])*"`;
    const [, sample = '', name = '', value = ''] =
      new RegExp(
        String.raw`^(([a-z_:][\w:]*)\{${label}(?:,${label})*\}) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`,
      ).exec(line) ?? [];
    expect([line, described.has(name), typed.has(name), sample in samples]).toEqual([
      line,
      true,
      true,
      false,
    ]);
    samples[sample] = Number(value);
  }
  return samples;
}

it('--progress json writes events, and --metrics the run in numbers, also of a run that never began', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1000,64', 'nobody-1,64'));
  const options = ['--yes', '--quiet', '--progress', 'json', '--metrics', 'bulk42.prom', ...fast];
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', ...options]);
  expect(code).toBe(20);
  const lines = stderr.trimEnd().split('\n');
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as object);
  expect(events.map((each) => (each as {event: string}).event)).toEqual(
    expect.arrayContaining(['planning', 'plan', 'progress', 'end']),
  );
  expect(events.at(-1)).toMatchObject({event: 'end', exitCode: 20, counts: counts({created: 2, failed: 1})});
  expect(lines.at(-1)).toMatch(/^\{|bulk42 retry/);

  const file = join(stage.folder, 'bulk42.prom');
  const metrics = () => parseMetrics(readFileSync(file, 'utf8'));
  expect(metrics()).toMatchObject({
    'bulk42_running{job="patronages"}': 0,
    'bulk42_rows{job="patronages",outcome="created"}': 2,
    'bulk42_rows{job="patronages",outcome="in_doubt"}': 0,
    'bulk42_requests{job="patronages",kind="writes"}': 2,
    'bulk42_last_run_exit_code{job="patronages"}': 20,
  });
  expect((statSync(file).mode & 0o777).toString(8)).toBe('644');
  expect(
    Math.abs((metrics()['bulk42_last_run_timestamp_seconds{job="patronages"}'] ?? 0) * 1000 - Date.now()),
  ).toBeLessThan(60_000);

  stage.file('pairs.csv', csv('user_id,godfather_id', '46,46'));
  const refused = await stage.cli(['run', 'patronages', 'pairs.csv', ...options]);
  expect(refused.code).toBe(65);
  expect(metrics()).toMatchObject({'bulk42_last_run_exit_code{job="patronages"}': 65});
  expect(Object.keys(metrics()).filter((name) => name.startsWith('bulk42_rows'))).toEqual([]);
});

it('a metrics file that cannot be written changes nothing but a line', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  const options = ['--yes', '--quiet', '--metrics', 'nowhere/bulk42.prom', ...fast];
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', ...options]);
  expect({code, stderr}).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^cannot write nowhere\/bulk42\.prom \(ENOENT\)\n$/) as string,
  });
});

it('metrics of a job of your own are in the format, whatever its name', () => {
  const text = renderMetrics({job: 'a "b"\\c\nd', isRunning: true, startedAt: 1000, now: 63_500, left: 1103});
  expect(parseMetrics(text)).toEqual({
    [String.raw`bulk42_running{job="a \"b\"\\c\nd"}`]: 1,
    [String.raw`bulk42_requests_left{job="a \"b\"\\c\nd"}`]: 1103,
    [String.raw`bulk42_run_duration_seconds{job="a \"b\"\\c\nd"}`]: 62.5,
  });
});
