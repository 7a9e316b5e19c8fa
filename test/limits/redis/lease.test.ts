import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {applied, counts, errorOf, writes} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {hasRedis, openRedis, withRedis} from '../../helpers/redis-server.ts';
import {openSandbox} from '../../sandbox/open-sandbox.ts';
import {endLease} from './end-lease.ts';
import {apiPerSecond, copyRuns, openMachines, pace} from './machines.ts';

const run = ['run', 'patronages', 'pairs.csv', ...pace];
const runTitles = ['run', 'titles-users', 'titles.csv', ...pace];
const resume = ['resume', 'last', ...pace];

async function openTwo() {
  const redis = await openRedis();
  const {sandbox} = await openSandbox({users: 1000, perSecond: apiPerSecond, perHour: 5000});
  const [one, other] = openMachines(2, sandbox, redis.url);
  if (!one || !other) throw new Error('two machines were asked for');
  return {redis, sandbox, one, other};
}

describe.skipIf(!hasRedis)(`one sender of a job on all machines, ${withRedis}`, () => {
  it('another machine that begins the same job ends at once and sends nothing; another job goes on beside', async () => {
    const {sandbox, one, other} = await openTwo();
    one.pairs('pairs.csv', 1000, 40);
    other.pairs('pairs.csv', 1100, 10);
    other.titles('titles.csv', 1000, 10);
    const first = one.start(run);
    await until(() => applied(sandbox).length > 5);
    const requests = sandbox.ledger.filter(({path}) => path === '/oauth/token').length;
    const refused = await other.cli([...run, '--json']);
    expect(refused.code).toBe(23);
    expect(errorOf(refused)).toMatchObject({
      code: 'locked_elsewhere',
      hint: expect.stringContaining('--wait-lock'),
    });
    expect(sandbox.ledger.filter(({path}) => path === '/oauth/token')).toHaveLength(requests);
    expect(await other.cli(runTitles)).toMatchObject({code: 0});
    expect(await first.ended).toMatchObject({code: 0});
    expect(applied(sandbox)).toHaveLength(50);
    expect(sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);
  });

  it('a machine whose process died goes on at once: its own lock proves the death', async () => {
    const {sandbox, one} = await openTwo();
    one.pairs('pairs.csv', 1000, 30);
    const first = one.start(run);
    await until(() => applied(sandbox).length > 5);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await one.cli(run)).toMatchObject({code: 0});
    expect(applied(sandbox)).toHaveLength(30);
    expect(one.summary().counts).toEqual(counts({created: 30}));
  });

  it('who slept while another machine took over sends nothing any more', async () => {
    const {redis, sandbox, one, other} = await openTwo();
    one.pairs('pairs.csv', 1000, 40);
    const first = one.start(run);
    await until(() => applied(sandbox).length > 10);
    first.child.kill('SIGSTOP');
    copyRuns(one, other);
    expect(await other.cli(resume)).toMatchObject({code: 23});
    await endLease(redis);
    expect(await other.cli(resume)).toMatchObject({code: 0});
    const sent = writes(sandbox).length;
    first.child.kill('SIGCONT');
    const {code, stderr} = await first.ended;
    expect(code).toBe(23);
    expect(stderr).toContain('error: another machine has gone on with this run');
    expect(writes(sandbox)).toHaveLength(sent);
    expect(applied(sandbox)).toHaveLength(40);
    expect(other.summary().counts).toEqual(counts({created: 40}));
  });

  it('on a shared disk: who was overtaken adds to the log, and changes nothing else in the folder', async () => {
    const {redis, sandbox, one, other} = await openTwo();
    one.pairs('pairs.csv', 1000, 30);
    const first = one.start([...run, '--json']);
    await until(() => applied(sandbox).length > 10);
    first.child.kill('SIGSTOP');
    await endLease(redis);
    expect(await other.cli(resume, {cwd: one.folder})).toMatchObject({code: 0});
    const after = filesOf(one.run());
    first.child.kill('SIGCONT');
    const ended = await first.ended;
    expect(ended.code).toBe(23);
    expect(errorOf(ended)).toMatchObject({code: 'taken_over', exitCode: 23});
    expect(filesOf(one.run())).toEqual(after);
    expect(applied(sandbox)).toHaveLength(30);
    expect(one.summary().counts).toEqual(counts({created: 30}));
    // The journal knows both, and that the second one came later.
    const [before = '', since = ''] = [...one.journal().matchAll(/"k":"open".*?"fence":(\d+)/g)].map(
      ([, fence]) => fence,
    );
    expect(Number(since)).toBeGreaterThan(Number(before));
  });
});

/** What lies in a run's folder but its log, and when it was written. */
function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name !== 'run.log')
      .map((name) => {
        const path = join(folder, name);
        return [name, `${statSync(path).mtimeMs} ${statSync(path).ino} ${readFileSync(path, 'utf8')}`];
      }),
  );
}

describe.skipIf(!hasRedis)(`runs side by side, ${withRedis}`, () => {
  it('doctor and the progress of a run tell that others share', async () => {
    const {redis, sandbox, one, other} = await openTwo();
    const [third] = openMachines(1, sandbox, redis.url);
    one.pairs('pairs.csv', 1000, 400);
    other.titles('titles.csv', 1500, 400);
    const runs = [one.start(run), other.start(runTitles)];
    const said = runs.map(() => '');
    runs.forEach(({child}, at) =>
      child.stderr?.on('data', (chunk: Buffer) => (said[at] += chunk.toString())),
    );
    await until(() => applied(sandbox).length > 20);
    const doctor = await third?.cli(['doctor']);
    expect(doctor?.stdout).toMatch(
      /^ok {7}sharing: Redis \S+, .*, 2 other process\(es\) share the limits now$/m,
    );
    await until(() => said.every((text) => / requests left this hour \(shared by 2\)/.test(text)));
    for (const {child, ended} of runs) {
      child.kill('SIGINT');
      await ended;
    }
  });

  it('a small one has its turns beside a large one', async () => {
    const {sandbox, one, other} = await openTwo();
    one.pairs('pairs.csv', 1000, 600);
    other.titles('titles.csv', 1700, 20);
    const large = one.start([...run, '--concurrency', '64']);
    await until(() => applied(sandbox).length > 10);
    expect(await other.cli([...runTitles, '--concurrency', '1', '--existing', 'send'])).toMatchObject({
      code: 0,
    });
    expect(other.summary().counts).toEqual(counts({created: 20}));
    expect(applied(sandbox).length).toBeLessThan(600);
    large.child.kill('SIGINT');
    await large.ended;
  });
});
