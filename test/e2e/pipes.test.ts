import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {arrivedWrites} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial, type Trial} from '../helpers/harness/trial.ts';
import {program} from '../helpers/run-cli.ts';

const rows = 12;

/** The program in a shell line of its own: `$BULK42` stands for it. Ends with the shell's exit code. */
async function inShell(trial: Trial, script: string): Promise<number | null> {
  const {folder, sandbox} = trial.stage;
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, '.state'),
      FORTYTWO_BASE_URL: sandbox.url,
      FORTYTWO_UID: sandbox.uid,
      FORTYTWO_SECRET: sandbox.secret,
      BULK42: `${process.execPath} ${program}`,
    },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

const run = 'run patronages rows.csv --yes --per-second 1000';

async function expectWhole(trial: Trial): Promise<void> {
  const {violations, counts} = await trial.check(true);
  expect({violations, counts}).toMatchObject({violations: [], counts: {created: rows}});
}

describe('output that is not read', () => {
  it.each([
    ['a reader of stdout that leaves after a line', `set -o pipefail; $BULK42 ${run} | head -1 >/dev/null`],
    [
      'a reader of everything that leaves at once',
      `$BULK42 ${run} --verbose 2>&1 | true; exit \${PIPESTATUS[0]}`,
    ],
    ['closed outputs', `exec $BULK42 ${run} >&- 2>&-`],
    ['everything closed, as under some schedulers', `exec $BULK42 ${run} <&- >&- 2>&-`],
    ['a stdout without space', `exec $BULK42 ${run} >/dev/full`],
    ['a stderr without space', `exec $BULK42 ${run} 2>/dev/full`],
  ])('%s: the run goes on to its end, and its files are whole', async (_what, script) => {
    const trial = await openTrial(scenarios.listable, {rows});
    expect(await inShell(trial, script)).toBe(0);
    await expectWhole(trial);
  });

  it.each(['stdout', 'stderr'] as const)(
    'a %s that breaks in the middle does not end the run',
    async (stream) => {
      const trial = await openTrial(scenarios.listable, {rows, sandbox: {latencyMs: 30}});
      const {child, ended} = trial.start();
      await until(() => arrivedWrites(trial.stage.sandbox.ledger) > 1, 'rows are being sent');
      child[stream]?.destroy();
      expect(await ended).toMatchObject({code: 0, signal: null});
      await expectWhole(trial);
    },
  );

  it('the exit code is that of the rows, not of the pipe', async () => {
    const trial = await openTrial(scenarios.listable, {rows});
    trial.stage.sandbox.addFault({on: {method: 'POST'}, nth: 3, effect: 'none', answer: '403-role'});
    expect(await inShell(trial, `$BULK42 ${run} 2>&1 | true; exit \${PIPESTATUS[0]}`)).toBe(20);
    expect((await trial.check(true)).counts).toMatchObject({created: rows - 1, failed: 1});
  });
});

it('a reader that takes its time gets every byte', async () => {
  const trial = await openTrial(scenarios.listable, {rows});
  const {folder} = trial.stage;
  expect(
    await inShell(trial, `$BULK42 ${run} --json | (sleep 0.2; cat) >slow.json; exit \${PIPESTATUS[0]}`),
  ).toBe(0);
  expect(readFileSync(join(folder, 'slow.json'), 'utf8')).toContain('"created": 12');
  // Far more than a pipe holds.
  trial.stage.file('wrong.csv', `user_id,godfather_id\n${'not a login!,3\n'.repeat(3000)}`);
  const validate = '$BULK42 validate patronages wrong.csv --json';
  expect(await inShell(trial, `${validate} | (sleep 0.5; cat) >slow.json; exit \${PIPESTATUS[0]}`)).toBe(65);
  const {problems} = JSON.parse(readFileSync(join(folder, 'slow.json'), 'utf8')) as {problems: unknown[]};
  expect(problems.length).toBeGreaterThanOrEqual(3000);
});

it.each([
  ['nohup, when the terminal hangs up', 'nohup $RUN >/dev/null 2>&1', 'SIGHUP', 129],
  ['timeout, when it is ended itself', 'timeout 600 $RUN >/dev/null 2>&1', 'SIGTERM', 143],
  ['a scheduler that gives it nothing to read or write', '$RUN <&- >&- 2>&-', 'SIGTERM', 143],
  ['a session of its own', 'setsid --wait $RUN >/dev/null 2>&1', 'SIGINT', 130],
] as const)('a run under %s ends in an orderly way', async (_what, line, signal, code) => {
  // So many that they are not done when the signal has made its way to the program, on a machine however slow.
  const trial = await openTrial(scenarios.listable, {rows: 2000, sandbox: {latencyMs: 40}});
  const command = line.replace('$RUN', `$BULK42 ${run} --concurrency 2`);
  const ended = inShell(trial, `${command} & echo $! >pid; wait $!`);
  await until(() => arrivedWrites(trial.stage.sandbox.ledger) > 2, 'rows are being sent');
  process.kill(Number(readFileSync(join(trial.stage.folder, 'pid'), 'utf8')), signal);
  expect(await ended).toBe(code);
  const {violations, counts} = await trial.check(true);
  expect({violations, in_doubt: counts.in_doubt}).toEqual({violations: [], in_doubt: 0});
  expect(counts.not_started).toBeGreaterThan(0);
});
