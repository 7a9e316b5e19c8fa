import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  applied,
  counts,
  csv,
  errorOf,
  fast,
  fastReads,
  lastLine,
  openStage,
  type Stage,
  writes,
} from './stage.ts';

const people = (count: number, godfather = '64') =>
  Array.from({length: count}, (_, at) => `${1000 + at},${godfather}`);

const run = (stage: Stage, ...more: string[]) =>
  stage.cli(['run', 'patronages', 'rows.csv', '--yes', '--concurrency', '1', ...fast, ...more]);

describe('--max-changes', () => {
  it('refuses a file that would change more, before anything is sent', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(8)));
    for (const limit of ['7', '99%']) {
      const result = await run(stage, '--max-changes', limit, '--json');
      expect(result.code).toBe(22);
      expect(errorOf(result)).toMatchObject({
        code: 'max_changes',
        message: expect.stringContaining('8 of 8'),
      });
    }
    expect(writes(stage.sandbox)).toEqual([]);
    expect(stage.runs()).toEqual([]);
    expect(
      (await stage.cli(['plan', 'patronages', 'rows.csv', ...fastReads, '--max-changes', '7'])).code,
    ).toBe(22);
  });

  it('counts what would be changed, not the rows', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(6)));
    expect((await run(stage, '--max-changes', '6')).code).toBe(0);
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(8)));
    expect((await run(stage, '--max-changes', '25%')).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(8);
  });
});

describe('too many refusals stop the run', () => {
  it('ten in a row from the start, by default', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(20, '999999')));
    const result = await run(stage);
    expect(result.code).toBe(22);
    expect(stage.summary()).toMatchObject({
      state: 'stopped',
      exitCode: 22,
      counts: counts({failed: 10, not_started: 10}),
      errors: [{code: 'rejected', count: 10}],
    });
    expect(lastLine(result)).toContain('bulk42 resume');
    expect(writes(stage.sandbox)).toHaveLength(10);
  });

  it('what every row meets costs one request, however many may be in flight', async () => {
    const roleMissing = {
      on: {method: 'POST', path: 'patronages'},
      effect: 'none',
      answer: '403-role',
    } as const;
    const stage = await openStage({faults: [roleMissing]});
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(100)));
    const command = ['run', 'patronages', 'rows.csv', '--yes', '--max-failures', '1'];
    const result = await stage.cli([...command, '--concurrency', '64', ...fast]);
    expect(result.code).toBe(22);
    expect(stage.summary().counts).toEqual(counts({failed: 1, not_started: 99}));
    expect(writes(stage.sandbox)).toHaveLength(1);
  });

  it('not when one was accepted before', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,godfather_id', '46,64', ...people(12, '999999')));
    expect((await run(stage)).code).toBe(20);
    expect(stage.summary().counts).toEqual(counts({created: 1, failed: 12}));
  });

  it('--max-failures N', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,godfather_id', '46,64', ...people(5, '999999')));
    expect((await run(stage, '--max-failures', '2')).code).toBe(22);
    expect(stage.summary().counts).toEqual(counts({created: 1, failed: 2, not_started: 3}));
  });

  it('--max-failures N%, of at least twenty rows', async () => {
    const stage = await openStage();
    const good = people(30).slice(5);
    stage.file('rows.csv', csv('user_id,godfather_id', ...people(5, '999999'), ...good));
    expect((await run(stage, '--max-failures', '20%')).code).toBe(22);
    expect(stage.summary().counts).toEqual(counts({created: 15, failed: 5, not_started: 10}));
  });
});

it('--out is the folder of the run folders, for every command', async () => {
  const stage = await openStage();
  stage.file('rows.csv', csv('user_id,godfather_id', '46,nobody-1', '1000,64'));
  const result = await run(stage, '--out', 'elsewhere/night');
  expect(result.code).toBe(20);
  expect(lastLine(result)).toContain('--out elsewhere/night');
  expect(existsSync(join(stage.folder, 'runs'))).toBe(false);
  expect(existsSync(join(stage.folder, 'elsewhere/night/.gitignore'))).toBe(true);
  const listed = await stage.cli(['runs', '--out', 'elsewhere/night', '--json']);
  expect(JSON.parse(listed.stdout)).toHaveLength(1);
  expect((await stage.cli(['report', 'last', '--out', 'elsewhere/night'])).code).toBe(0);
  expect((await stage.cli(['report', 'last'])).code).toBe(2);
});

it.each(['.', 'kept', 'kept/..'])('--out %s, which was there, gets no .gitignore', async (out) => {
  const stage = await openStage();
  mkdirSync(join(stage.folder, 'kept'));
  stage.file('rows.csv', csv('user_id,godfather_id', '1000,64'));
  expect((await run(stage, '--out', out)).code).toBe(0);
  expect(readdirSync(join(stage.folder, out)).filter((name) => /^\d{8}T/.test(name))).toHaveLength(1);
  expect(existsSync(join(stage.folder, out, '.gitignore'))).toBe(false);
});

it.each(['1', '5'])('--max-requests stops cleanly, %s at a time, and resume goes on', async (concurrency) => {
  const stage = await openStage();
  stage.file('rows.csv', csv('user_id,godfather_id', ...people(12)));
  const command = ['run', 'patronages', 'rows.csv', '--yes', '--max-requests', '7'];
  // So slow that several rows have their permission and wait for their turn when one too many asks for it.
  const result = await stage.cli([...command, '--concurrency', concurrency, '--per-second', '20']);
  expect(result.code).toBe(75);
  expect(stage.sandbox.ledger).toHaveLength(7);
  expect(stage.summary().requests.writes).toBeGreaterThan(3);
  expect(stage.summary()).toMatchObject({state: 'stopped', stopReason: 'max_requests', exitCode: 75});
  for (const text of [result.stdout, stage.output('report.html')]) expect(text).toContain('--max-requests');
  expect(lastLine(result)).toContain('bulk42 resume');
  expect((await stage.cli(['resume', 'last', '--yes', ...fast])).code).toBe(0);
  expect(stage.summary()).toMatchObject({state: 'finished', stopReason: null, exitCode: 0});
  expect(applied(stage.sandbox)).toHaveLength(12);
});

it('--quiet shows nothing where all went well, --json one document and nothing else', async () => {
  const stage = await openStage();
  stage.file('rows.csv', csv('user_id,godfather_id', '46,64'));
  const quiet = await run(stage, '--quiet');
  expect(quiet.stdout + quiet.stderr).toBe('');
  const asJson = await run(stage, '--json');
  expect(asJson.stderr).toBe('');
  expect(JSON.parse(asJson.stdout)).toEqual(stage.summary());
  // Neither is a terminal: no escape sequence anywhere.
  const plain = await run(stage);
  expect(plain.stdout + plain.stderr).not.toContain('\u001b');
});
