import {describe, expect, it} from 'vitest';
import {appendFileSync, chmodSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  applied,
  counts,
  csv,
  errorOf,
  expectPrivate,
  fast,
  lastLine,
  openStage,
  type Stage,
  createGate,
  interrupt,
  writes,
} from './stage.ts';

const people = Array.from({length: 12}, (_, at) => `${1000 + at},64`);
const command = ['run', 'patronages', 'pairs.csv', '--yes', '--concurrency', '1', ...fast];
const resume = ['resume', 'last', '--yes', ...fast];

/** A run of twelve rows that was stopped in the middle. */
async function openStopped(signal: NodeJS.Signals = 'SIGINT'): Promise<Stage> {
  const gate = createGate(4);
  const stage = await openStage(gate.options);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
  const started = stage.start(command);
  await gate.reached();
  await interrupt(started.child, signal);
  gate.open();
  const result = await started.ended;
  expect(result.signal).toBe(signal);
  expect(lastLine(result)).toContain(`bulk42 resume ${stage.runs()[0]}`);
  return stage;
}

function expectAllOnce(stage: Stage): void {
  expect(stage.summary()).toMatchObject({
    state: 'finished',
    exitCode: 0,
    counts: counts({created: people.length}),
  });
  expect(applied(stage.sandbox)).toHaveLength(people.length);
  expect(new Set([...stage.sandbox.store.patronages.values()].map(({user_id}) => user_id)).size).toBe(
    people.length,
  );
}

describe('a run that was stopped', () => {
  it('is completed by resume, each row once, with requests counted through', async () => {
    const stage = await openStopped();
    const before = stage.summary();
    expect(before).toMatchObject({state: 'stopped', exitCode: 130});
    expect(before.counts).toEqual(counts({created: 4, not_started: people.length - 4}));

    const {code, stdout} = await stage.cli([...resume, '--json']);
    expect(code).toBe(0);
    expectAllOnce(stage);
    expect(stage.runs()).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual(stage.summary());
    expect(stage.summary().startedAt).toBe(before.startedAt);
    expect(stage.summary().requests.total).toBe(stage.sandbox.ledger.length);
    expectPrivate(join(stage.folder, 'runs', stage.runs()[0] ?? '', 'journal.ndjson'), 0o600);
  });

  it('is completed by the same command again, whatever the order of its options', async () => {
    const stage = await openStopped('SIGTERM');
    const {code} = await stage.cli(['run', ...fast, '--yes', 'patronages', 'pairs.csv', '--timezone', 'UTC']);
    expect(code).toBe(0);
    expect(stage.runs()).toHaveLength(1);
    expectAllOnce(stage);
  });

  it('is for its owner alone again, where its files were copied for others to read', async () => {
    const stage = await openStopped();
    const folder = join(stage.folder, 'runs', stage.runs()[0] ?? '');
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    expect((await stage.cli(resume)).code).toBe(0);
    for (const name of readdirSync(folder)) expectPrivate(join(folder, name), 0o600);
  });

  it('is completed where a crash tore its last entry, which is cut off, and the log says so', async () => {
    const stage = await openStopped();
    const torn = '{"k":"intent","r":7';
    appendFileSync(join(stage.folder, 'runs', stage.runs()[0] ?? '', 'journal.ndjson'), torn);
    expect((await stage.cli(resume)).code).toBe(0);
    expectAllOnce(stage);
    expect(stage.output('journal.ndjson')).toContain(`"cut":${torn.length}`);
    expect(stage.output('run.log')).toContain(`"event":"torn_end_cut_off","bytes":${torn.length}`);
  });

  it('is completed after kill -9, by its id or its folder', async () => {
    const gate = createGate(4);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
    const started = stage.start(command);
    await gate.reached();
    started.child.kill('SIGKILL');
    await started.ended;
    // Its request is applied all the same.
    gate.open();
    const [run = ''] = stage.runs();
    expect((await stage.cli(['report', run])).code).toBe(0);
    expect(stage.summary()).toMatchObject({state: 'running', exitCode: null, finishedAt: null});
    expect(stage.summary().counts).toEqual(counts({created: 3, in_doubt: 1, not_started: people.length - 4}));
    expect((await stage.cli(['resume', join('runs', run), '--yes', ...fast])).code).toBe(0);
    expectAllOnce(stage);
    expect((await stage.cli(['resume', run, '--yes', ...fast])).code).toBe(0);
    expectAllOnce(stage);
  });

  it('is another run where the options shape the rows differently', async () => {
    const stage = await openStopped();
    const {code} = await stage.cli([...command, '--limit', '2']);
    expect(code).toBe(0);
    expect(stage.runs()).toHaveLength(2);
    expect(stage.summary().counts).toEqual(counts({unchanged: 2}));
  });

  it.each([
    [
      'the file',
      (stage: Stage) => appendFileSync(join(stage.folder, 'pairs.csv'), '1500,64\n'),
      'input_changed',
    ],
    [
      'the file, by a newline',
      (stage: Stage) => appendFileSync(join(stage.folder, 'pairs.csv'), '\n'),
      'input_changed',
    ],
  ])('is not resumed when %s changed', async (_what, change, code) => {
    const stage = await openStopped();
    const sent = stage.sandbox.ledger.length;
    change(stage);
    const result = await stage.cli([...resume, '--json']);
    expect(result.code).toBe(65);
    expect(errorOf(result).code).toBe(code);
    expect(stage.sandbox.ledger).toHaveLength(sent);
  });

  it('is not resumed against another API', async () => {
    const stage = await openStopped();
    const other = await openStage();
    const result = await stage.cli([...resume, '--json'], {api: other.sandbox});
    expect(result.code).toBe(65);
    expect(errorOf(result).hint).toContain(stage.sandbox.url);
    expect(writes(other.sandbox)).toEqual([]);
  });
});

it('does not resume a run whose job changed', async () => {
  const gate = createGate(4);
  const stage = await openStage(gate.options);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
  const job = (summary: string) => `
    import {defineJob, user, pick} from '#job';
    export default defineJob({
      summary: '${summary}',
      needs: {roles: ['Advanced tutor']},
      columns: {user_id: user('student').required(), godfather_id: user('godfather').required()},
      keys: [['user_id', 'godfather_id']],
      request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
      readBack: [{
        list: ['patronages'],
        by: {user_id: 'user_id', godfather_id: 'godfather_id'},
        observe: (item) => pick(item, ['user_id', 'godfather_id']),
      }],
    });`;
  stage.file('pairing.ts', job('as it was'));
  const started = stage.start(['run', './pairing.ts', 'pairs.csv', '--yes', '--concurrency', '1', ...fast]);
  await gate.reached();
  await interrupt(started.child, 'SIGINT');
  gate.open();
  await started.ended;
  writeFileSync(join(stage.folder, 'pairing.ts'), job('as it is now'));
  const sent = stage.sandbox.ledger.length;
  const result = await stage.cli([...resume, '--json']);
  expect(result.code).toBe(65);
  expect(errorOf(result).code).toBe('job_changed');
  expect(stage.sandbox.ledger).toHaveLength(sent);

  writeFileSync(join(stage.folder, 'pairing.ts'), job('as it was'));
  expect((await stage.cli(resume)).code).toBe(0);
  expectAllOnce(stage);
});

it('names what is wrong with a run that does not exist', async () => {
  const stage = await openStage();
  const [missing, last] = [
    await stage.cli(['resume', '20200101T000000Z-users', '--yes', '--json']),
    await stage.cli(['resume', 'last', '--yes', '--json']),
  ];
  expect([missing.code, last.code]).toEqual([2, 2]);
  expect(errorOf(missing).message).toContain('20200101T000000Z-users');
  expect(errorOf(last).message).toContain('runs');
});
