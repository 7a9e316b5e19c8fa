import {copyFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {withFailpoint} from '../helpers/harness/failpoint.ts';
import {holdEffects} from '../helpers/harness/held-effects.ts';
import type {CliOptions, CliResult} from '../helpers/run-cli.ts';
import {until} from '../helpers/until.ts';
import {
  afterFirst,
  applied,
  counts,
  createGate,
  csv,
  errorOf,
  fast,
  interrupt,
  lastLine,
  openStage,
  outcomes,
  type Stage,
  writes,
} from './stage.ts';

const on = {method: 'POST', path: 'patronages'};
const people = (count: number, first = 1000) => Array.from({length: count}, (_, at) => `${first + at},64`);
const run = ['run', 'patronages', 'pairs.csv', '--yes', '--per-second', '1000'];

/** Pairs of the API that exist more than once. */
function doubled({sandbox}: Stage): string[] {
  const pairs = [...sandbox.store.patronages.values()].map(
    ({user_id, godfather_id}) => `${user_id}-${godfather_id}`,
  );
  return pairs.filter((pair, at) => pairs.indexOf(pair) !== at);
}

function elsewhere(stage: Stage, name: string): Partial<CliOptions> & {cwd: string} {
  const cwd = join(stage.folder, name);
  mkdirSync(cwd);
  return {cwd, env: {HOME: stage.folder, XDG_STATE_HOME: join(stage.folder, '.state')}};
}

const journal = (folder: string) => {
  const path = join(folder, 'journal.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** A run whose process is killed while the server has two of its rows, which take effect when the test says so. */
async function openKilled(settle: string) {
  const effects = holdEffects();
  const late: Fault = {on: {...on, body: afterFirst(1)}, effect: 'late', lateMs: 1, answer: 'hang', times: 2};
  const stage = await openStage({...effects.options, faults: [late]});
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people(5)));
  const first = stage.start([...run, '--settle', settle, '--concurrency', '2']);
  await until(() => effects.waiting === 2);
  first.child.kill('SIGKILL');
  await first.ended;
  return {stage, effects, folder: join(stage.folder, 'runs', stage.runs()[0] ?? '')};
}

/** Lets the effects come once the second process has looked for them and not found them. */
async function releaseAfterFirstReading(
  {effects, folder}: {effects: ReturnType<typeof holdEffects>; folder: string},
  second: ReturnType<Stage['start']>,
): Promise<CliResult> {
  await until(() => journal(folder).includes('"k":"check"') || second.child.exitCode !== null);
  effects.release();
  return second.ended;
}

describe('7: what was written just now', () => {
  it('is known by key when the same command follows and the lists lag: no row twice, and no waiting', async () => {
    const stage = await openStage({readLagMs: 3_600_000});
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(4)));
    // Who waits for the settle time would wait for an hour.
    const command = [...run, '--settle', '3600'];
    expect((await stage.cli(command)).code).toBe(0);
    expect((await stage.cli(command)).code).toBe(0);
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({unchanged: 4}));
  });

  it('lets a first row be tried, then the rest at once, though the lists lag', async () => {
    const stage = await openStage({readLagMs: 3_600_000});
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(6)));
    const command = [...run, '--settle', '3600'];
    expect((await stage.cli([...command, '--limit', '1'])).code).toBe(0);
    expect((await stage.cli(command)).code).toBe(0);
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({created: 5, unchanged: 1}));
  });
});

describe('11: killed with late effects, then the same command', () => {
  it('from another folder resumes that run, and no row is there twice', async () => {
    const killed = await openKilled('5');
    const {stage} = killed;
    const other = elsewhere(stage, 'desk');
    copyFileSync(join(stage.folder, 'pairs.csv'), join(other.cwd, 'pairs.csv'));
    const second = stage.start([...run, '--settle', '5'], other);
    expect(await releaseAfterFirstReading(killed, second)).toMatchObject({code: 0});
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({created: 5}));
    expect(existsSync(join(other.cwd, 'runs'))).toBe(false);
  });

  it('with another --out resumes that run, and no row is there twice', async () => {
    const killed = await openKilled('5');
    const {stage} = killed;
    const second = stage.start([...run, '--settle', '5', '--out', 'night']);
    const ended = await releaseAfterFirstReading(killed, second);
    expect(ended).toMatchObject({code: 0});
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({created: 5}));
    expect(ended.stdout + ended.stderr).toContain(stage.runs()[0]);
  });

  it('another file of the job is refused from another folder, naming the run and its folder', async () => {
    const {stage, folder} = await openKilled('5');
    const other = elsewhere(stage, 'desk');
    stage.file('desk/others.csv', csv('user_id,godfather_id', '46,64'));
    const sent = stage.sandbox.ledger.length;
    const result = await stage.cli(['run', 'patronages', 'others.csv', '--yes', '--json', ...fast], other);
    expect(result.code).toBe(21);
    expect(errorOf(result)).toMatchObject({
      code: 'unsettled_run',
      message: expect.stringContaining(stage.runs()[0] ?? ''),
      hint: `bulk42 resume ${folder}`,
    });
    expect(stage.sandbox.ledger).toHaveLength(sent);
  });
});

it('14: a resume waits for the longest settle time that was in force', async () => {
  const {stage, folder} = await openKilled('3600');
  const second = stage.start(['resume', 'last', '--yes', '--per-second', '1000', '--settle', '0.2']);
  let stderr = '';
  second.child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(() => stderr.includes('settling 2 rows in doubt') || second.child.exitCode !== null);
  second.child.kill('SIGKILL');
  expect((await second.ended).signal).toBe('SIGKILL');
  expect(journal(folder)).toContain('"k":"check"');
  expect(journal(folder)).not.toContain('"k":"not_applied"');
});

describe('15: two names of one host are one application', () => {
  const named = (stage: Stage, host: string) => ({
    api: {...stage.sandbox, url: stage.sandbox.url.replace('127.0.0.1', host)},
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.'])('%s goes on with a run of 127.0.0.1', async (host) => {
    const killed = await openKilled('5');
    const {stage} = killed;
    const second = stage.start([...run, '--settle', '5'], named(stage, host));
    expect(await releaseAfterFirstReading(killed, second)).toMatchObject({code: 0});
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({created: 5}));
    expect(stage.runs()).toHaveLength(1);
  });

  it('has one sender at a time', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(3)));
    stage.file('others.csv', csv('user_id,godfather_id', '46,64'));
    const first = stage.start([...run, '--concurrency', '1']);
    await gate.reached();
    const sent = stage.sandbox.ledger.length;
    const second = await stage.cli(
      ['run', 'patronages', 'others.csv', '--yes', ...fast],
      named(stage, 'localhost'),
    );
    expect(second.code).toBe(23);
    expect(stage.sandbox.ledger).toHaveLength(sent);
    gate.open();
    expect(await first.ended).toMatchObject({code: 0});
  });
});

describe('16: retry', () => {
  it('of an unfinished run is refused: it is resumed', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(4)));
    const first = stage.start([...run, '--concurrency', '1']);
    await gate.reached();
    await interrupt(first.child, 'SIGINT');
    gate.open();
    await first.ended;
    expect(stage.summary().counts).toEqual(counts({created: 2, not_started: 2}));
    const sent = stage.sandbox.ledger.length;
    const retry = await stage.cli(['retry', 'last', '--yes', '--json', '--existing', 'send', ...fast]);
    expect(retry.code).toBe(2);
    expect(errorOf(retry)).toMatchObject({code: 'unfinished_run', hint: `bulk42 resume ${stage.runs()[0]}`});
    expect(stage.sandbox.ledger).toHaveLength(sent);
    expect((await stage.cli([...run, '--existing', 'send'])).code).toBe(0);
    expect(doubled(stage)).toEqual([]);
    expect(applied(stage.sandbox)).toHaveLength(4);
  });

  it('of a run that was retried is refused: its retry is what goes on', async () => {
    const stage = await openStage({
      faults: [
        {
          on,
          times: 2,
          effect: 'none',
          answer: 'status',
          status: 422,
          contentType: 'application/json',
          body: '{"errors":{"user":["is away"]}}',
        },
      ],
    });
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(4)));
    expect((await stage.cli([...run, '--concurrency', '1'])).code).toBe(20);
    const [parent = ''] = stage.runs();
    const retry = ['retry', parent, '--yes', '--existing', 'send', ...fast];
    expect((await stage.cli(retry)).code).toBe(0);
    const again = await stage.cli([...retry, '--json']);
    expect(again.code).toBe(2);
    expect(errorOf(again)).toMatchObject({
      code: 'retried',
      message: expect.stringContaining(stage.runs()[1] ?? ''),
    });
    expect(doubled(stage)).toEqual([]);
    expect(writes(stage.sandbox)).toHaveLength(6);
  });
});

describe('17: derived files of a run that was taken up again', () => {
  /** A resume that applied rows and died before it wrote its reports. */
  async function openKilledBeforeReports() {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(4)));
    const first = stage.start([...run, '--concurrency', '1']);
    await gate.reached();
    await interrupt(first.child, 'SIGINT');
    gate.open();
    await first.ended;
    const [id = ''] = stage.runs();
    const folder = join(stage.folder, 'runs', id);
    const old = readFileSync(join(folder, 'retry.csv'), 'utf8');
    expect(old).toContain('1003,64');
    const killed = await stage.cli(['resume', id, '--yes', ...fast], withFailpoint({at: 'open:report'}));
    expect(killed.signal).toBe('SIGKILL');
    expect(applied(stage.sandbox)).toHaveLength(4);
    return {stage, id, folder, old};
  }

  it('say nothing of rows that were applied since', async () => {
    const {stage, id, folder} = await openKilledBeforeReports();
    for (const name of ['report.csv', 'retry.csv', 'report.html', 'summary.json', 'fingerprints'])
      expect(existsSync(join(folder, name)), name).toBe(false);
    const retry = await stage.cli(['retry', id, '--yes', '--existing', 'send', ...fast]);
    expect(retry.code).toBe(2);
    expect(applied(stage.sandbox)).toHaveLength(4);
    expect((await stage.cli(['resume', id, '--yes', ...fast])).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['created', 'created', 'created', 'created']);
  });

  it('are not believed by retry where the journal says otherwise', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people(2), '1002,999999'));
    expect((await stage.cli([...run])).code).toBe(20);
    const [id = ''] = stage.runs();
    // A copy from a backup, or from another run.
    const [header = ''] = stage.output('retry.csv').split('\n');
    stage.file(`runs/${id}/retry.csv`, csv(header, '1001,64,3,not_started,,', '1002,68,4,failed,rejected,'));
    const sent = stage.sandbox.ledger.length;
    const retry = await stage.cli(['retry', id, '--yes', '--json', '--existing', 'send', ...fast]);
    expect(retry.code).toBe(65);
    expect(errorOf(retry)).toMatchObject({code: 'retry_log', message: expect.stringContaining('line 3')});
    expect(stage.sandbox.ledger).toHaveLength(sent);
    expect(doubled(stage)).toEqual([]);
    expect((await stage.cli(['report', id])).code).toBe(0);
    expect(lastLine(await stage.cli(['retry', id, '--yes', ...fast]))).toContain('bulk42 retry');
  });
});
