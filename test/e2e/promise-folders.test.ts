import type {ChildProcess} from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {decodeEntry, encodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {withFailpoint} from '../helpers/harness/failpoint.ts';
import {until} from '../helpers/until.ts';
import {
  applied,
  createGate,
  csv,
  errorOf,
  expectPrivate,
  fast,
  interrupt,
  openStage,
  outcomes,
  writes,
} from './stage.ts';

const jobFile = (marker: string) => `import {writeFileSync} from 'node:fs';
import {defineJob, user} from 'bulk42';
writeFileSync(${JSON.stringify(marker)}, 'was run');
export default defineJob({
  summary: 'Pair people',
  needs: {roles: ['Advanced tutor']},
  columns: {user_id: user('The student').required(), godfather_id: user('The godfather').required()},
  keys: [['user_id', 'godfather_id']],
  request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
  readBack: [],
});
`;

const command = ['run', 'patronages', 'pairs.csv', '--yes', '--concurrency', '1', ...fast];
const pairs = csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64');

it('27: a job file that a journal names is not run where this machine did not begin with it, or where it is another', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', pairs);
  const marker = join(stage.folder, 'marker');
  stage.file('mine.ts', jobFile(join(stage.folder, 'first')));
  expect((await stage.cli(['run', './mine.ts', 'pairs.csv', '--yes', ...fast])).code).toBe(0);
  const [run = ''] = stage.runs();
  expect((await stage.cli(['report', run])).code).toBe(0);
  const elsewhere = join(stage.folder, 'from-a-stranger');
  cpSync(join(stage.folder, 'runs', run), elsewhere, {recursive: true});
  // A machine that has never run this file.
  const strange = {env: {XDG_STATE_HOME: join(stage.folder, 'another-state')}};
  for (const args of [['report'], ['undo', '--yes', ...fast]]) {
    const refused = await stage.cli([args[0] ?? '', elsewhere, '--json', ...args.slice(1)], strange);
    expect(errorOf(refused)).toMatchObject({code: 'job_file_unknown', exitCode: 65});
  }
  // Only one who names the very file, under its name, says that it may be run there.
  const mine = readFileSync(join(stage.folder, 'mine.ts'));
  mkdirSync(join(stage.folder, 'here'));
  stage.file('here/mine.ts', mine);
  stage.file('here/other.ts', mine);
  stage.file('here/changed.ts', jobFile(marker));
  for (const [name, code] of [
    ['other', 'other_job'],
    ['changed', 'job_changed'],
  ]) {
    const named = ['resume', elsewhere, '--job', `here/${name}.ts`, '--yes', '--json'];
    expect(errorOf(await stage.cli(named, strange)).code).toBe(code);
  }
  expect(errorOf(await stage.cli(['report', elsewhere, '--json'], strange)).code).toBe('job_file_unknown');
  expect((await stage.cli(['resume', elsewhere, '--job', 'here/mine.ts', '--yes'], strange)).code).toBe(0);
  expect((await stage.cli(['report', elsewhere], strange)).code).toBe(0);
  stage.file('mine.ts', jobFile(marker));
  expect(errorOf(await stage.cli(['report', run, '--json']))).toMatchObject({
    code: 'job_changed',
    exitCode: 65,
  });
  expect(existsSync(marker)).toBe(false);
});

it('28: no output of a run is written through a link that lies in its folder', async () => {
  const gate = createGate(2);
  const stage = await openStage(gate.options);
  stage.file('pairs.csv', pairs);
  const first = stage.start(command);
  await gate.reached();
  await interrupt(first.child, 'SIGINT');
  gate.open();
  await first.ended;
  const [run = ''] = stage.runs();
  const victim = join(stage.folder, stage.file('victim', 'mine'));
  chmodSync(victim, 0o644);
  const names = ['run.log', 'report.csv', 'retry.csv', 'report.html', 'summary.json', 'fingerprints'];
  for (const name of names) {
    const path = join(stage.folder, 'runs', run, name);
    rmSync(path, {force: true});
    symlinkSync(victim, path);
  }
  const resume = ['resume', run, '--yes', ...fast];
  expect((await stage.cli(resume)).code).toBe(74);
  rmSync(join(stage.folder, 'runs', run, 'run.log'));
  expect((await stage.cli(resume)).code).toBe(0);
  expect(outcomes(stage.report())).toEqual(['created', 'created', 'created']);
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  expectPrivate(victim, 0o644);
});

it('29: an input that is changed in place, its size and times put back, is not sent on', async () => {
  const gate = createGate(2);
  const stage = await openStage(gate.options);
  // More than is read at once, so that its end is read after the change.
  const rows = Array.from({length: 80}, (_, at) => `${1000 + at},64,${'x'.repeat(500)}`);
  const path = join(stage.folder, stage.file('pairs.csv', csv('user_id,godfather_id,remark', ...rows)));
  const times = new Date('2026-02-03T08:00:00Z');
  utimesSync(path, times, times);
  const run = stage.start([...command, '--ignore-unknown']);
  await gate.reached();
  const changed = readFileSync(path, 'utf8').replace('1070,64', '1999,64');
  const handle = openSync(path, 'r+');
  writeSync(handle, changed);
  closeSync(handle);
  utimesSync(path, times, times);
  gate.open();
  const {code, stderr} = await run.ended;
  expect({code, stderr}).toEqual({code: 65, stderr: expect.stringContaining('changed') as string});
  expect(JSON.stringify(writes(stage.sandbox).map(({body}) => body))).not.toContain('1999');
});

describe('30', () => {
  it('a list that holds null, and errors without words, are no bug', async () => {
    const says = (status: number, body: string) =>
      ({effect: 'none', answer: 'status', status, contentType: 'application/json', body}) as const;
    const stage = await openStage({
      faults: [
        {on: {method: 'GET', path: 'patronages'}, times: 1, ...says(200, '[null]')},
        {on: {method: 'POST'}, times: 1, ...says(422, '{"errors":{"user_id":{"toString":null}}}')},
        {on: {method: 'POST'}, nth: 2, ...says(422, '{"errors":[null,{"toString":null}],"error":{}}')},
      ],
    });
    stage.file('pairs.csv', pairs);
    const {code, stderr} = await stage.cli(command);
    expect(code).toBe(20);
    expect(stderr).not.toContain('bug');
    expect(outcomes(stage.report())).toEqual(['failed', 'failed', 'created']);
  });

  it.each([
    ['a timeout beyond what a timer can hold', ['--timeout', '2592000'], 2],
    ['a runs folder that can be made nowhere', ['--out', '/proc/nowhere/runs'], 74],
  ])('%s is refused at once', async (_, options, code) => {
    const stage = await openStage();
    stage.file('pairs.csv', pairs);
    expect((await stage.cli([...command, ...options])).code).toBe(code);
    expect(writes(stage.sandbox)).toEqual([]);
  });

  it('escapes in one’s own arguments are shown, and not obeyed', async () => {
    const stage = await openStage();
    for (const args of [
      ['run', '\u001b[31mjob', 'x.csv'],
      ['run', 'patronages', 'x\u001b]0;title\u0007.csv'],
      ['\u001b[2J'],
    ]) {
      const {stdout, stderr} = await stage.cli(args);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('a run folder that is renamed while the run goes on ends it before the next row', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', pairs);
    const run = stage.start(command);
    await gate.reached();
    const [id = ''] = stage.runs();
    const folder = join(stage.folder, 'runs', id);
    renameSync(folder, `${folder}-away`);
    gate.open();
    expect((await run.ended).code).toBe(74);
    expect(applied(stage.sandbox)).toHaveLength(2);
  });
});

function isStopped({pid = 0}: ChildProcess): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

describe('endings', () => {
  it.each([
    ['well', []],
    ['by a failure', ['--max-failures', '1']],
  ])('31: a signal while the reports of a run that ended %s are written is no bug', async (_, more) => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,999999'));
    const failpoint = withFailpoint({at: 'open:report', act: 'SIGINT'});
    const {code, signal, stderr} = await stage.cli([...command, ...more], failpoint);
    expect(stderr).not.toContain('please report it');
    expect({code, signal}).toEqual(
      more.length > 0 ? {code: 22, signal: null} : {code: null, signal: 'SIGINT'},
    );
    expect(stage.report()).toHaveLength(2);
  });

  it('32: report beside the end of a run neither fails nor lets the run fail', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', pairs);
    const run = stage.start(command, withFailpoint({at: 'rename:report', when: 'before', act: 'SIGSTOP'}));
    await until(() => isStopped(run.child), 'the run stands still');
    expect((await stage.cli(['report', 'last'])).code).toBe(0);
    run.child.kill('SIGCONT');
    expect((await run.ended).code).toBe(0);
    expect(stage.report()).toHaveLength(3);
  });

  it('32: report is whole though a run that ends meanwhile removes its half-written files', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', pairs);
    const run = stage.start(command);
    await gate.reached();
    const stops = withFailpoint({at: 'rename:report', when: 'before', act: 'SIGSTOP'});
    const report = stage.start(['report', 'last'], stops);
    await until(() => isStopped(report.child), 'the report stands still');
    gate.open();
    expect((await run.ended).code).toBe(0);
    report.child.kill('SIGCONT');
    expect((await report.ended).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['created', 'created', 'created']);
  });

  it('33: a run that another version began is told how it goes on', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', pairs);
    const first = stage.start(command);
    await gate.reached();
    first.child.kill('SIGKILL');
    await first.ended;
    const [run = ''] = stage.runs();
    const path = join(stage.folder, 'runs', run, 'journal.ndjson');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const older = {
      ...(decodeEntry(Buffer.from(lines[0] ?? '')) as object),
      tool: '0.0.9',
      jobHash: 'an older one',
    };
    writeFileSync(
      path,
      encodeEntry(older as StampedEntry) +
        lines
          .slice(1)
          .map((line) => `${line}\n`)
          .join(''),
    );
    expect(errorOf(await stage.cli(['resume', run, '--yes', '--json', ...fast]))).toMatchObject({
      code: 'job_changed',
      hint: expect.stringContaining(`npx bulk42@0.0.9 resume ${run}`) as string,
    });
  });
});
