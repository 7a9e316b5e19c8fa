import {once} from 'node:events';
import {createServer as createHttpServer} from 'node:http';
import {createServer, type Server} from 'node:net';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {describe, expect, it, onTestFinished} from 'vitest';
import {applied, counts, csv, errorOf, openStage, type Stage} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {apiPerSecond, pace} from './machines.ts';
import {freePort, hasRedis, openRedis, type RedisServer, withRedis} from '../../helpers/redis-server.ts';

const password = 'canary-4711';
const run = ['run', 'patronages', 'pairs.csv', ...pace];

/** An API with a limit of the second, and pairs that take a few seconds of it. */
async function openPairs(pairs = 40): Promise<Stage> {
  const stage = await openStage({perSecond: apiPerSecond, perHour: 5000});
  stage.file(
    'pairs.csv',
    csv('user_id,godfather_id', ...Array.from({length: pairs}, (_, at) => `${1000 + at},64`)),
  );
  return stage;
}

async function answering(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function expectKept({sandbox, summary}: Stage, rows: number): void {
  expect(summary().counts).toEqual(counts({created: rows}));
  expect(applied(sandbox)).toHaveLength(rows);
  expect(sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);
}

describe.skipIf(!hasRedis)(`a run, ${withRedis}`, () => {
  it.each([
    [
      'is killed and comes back with nothing',
      async (redis: RedisServer) => (await redis.kill(), await redis.start()),
    ],
    ['forgets everything', async (redis: RedisServer) => void (await redis.client().flushall())],
    [
      'is slow for a while',
      async (redis: RedisServer) => (redis.signal('SIGSTOP'), await pause(1000), redis.signal('SIGCONT')),
    ],
  ])('that %s ends as if nothing had been, within the limits', async (_what, disturb) => {
    const redis = await openRedis();
    const stage = await openPairs();
    const {ended} = stage.start([...run, '--redis', redis.url]);
    await until(() => applied(stage.sandbox).length > 15);
    await disturb(redis);
    const {code, stderr} = await ended;
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
    expectKept(stage, 40);
  });

  it('pauses without Redis and says so, ends after --redis-timeout, and is resumed', async () => {
    const redis = await openRedis();
    const stage = await openPairs();
    const {ended} = stage.start([...run, '--redis', redis.url, '--redis-timeout', '2']);
    await until(() => applied(stage.sandbox).length > 15);
    await redis.kill();
    const {code, stderr} = await ended;
    expect(code).toBe(75);
    expect(stderr).toMatch(/Redis does not answer, nothing is sent: given up at .*, in 1 s/);
    expect(stderr).toContain(`error: Redis at 127.0.0.1:${redis.port} does not answer (ECONNREFUSED)`);
    expect(stage.summary().counts.in_doubt).toBe(0);
    expect(stage.summary().counts.not_started).toBeGreaterThan(10);
    await redis.start();
    expect(await stage.cli(['resume', 'last', ...pace, '--redis', redis.url])).toMatchObject({code: 0});
    expectKept(stage, 40);
  });
});

describe.skipIf(!hasRedis)(`a Redis that cannot be used, ${withRedis}`, () => {
  const tried = async (url: string, command = ['plan', 'patronages', 'pairs.csv']) => {
    const stage = await openPairs(1);
    const result = await stage.cli([...command, '--json', '--redis-timeout', '1'], {
      env: {BULK42_REDIS_URL: url},
    });
    expect(
      stage.sandbox.ledger.filter(({method}) => method !== 'GET' && !command.includes('doctor')),
    ).toEqual([]);
    expect(`${result.stdout}${result.stderr}`).not.toMatch(/canary|4711/);
    return result;
  };

  it.each([
    ['a wrong password', ':canary-4711@', 77, /does not let bulk42 in \(WRONGPASS\)/],
    ['no password', '', 77, /does not let bulk42 in \(NOAUTH\)/],
    ['a user that is unknown', 'bob:canary-4711@', 77, /does not let bulk42 in \(WRONGPASS\)/],
  ])('%s', async (_what, login, exitCode, says) => {
    const redis = await openRedis(['--requirepass', 'another one']);
    const result = await tried(redis.url.replace('//', `//${login}`));
    expect(result.code).toBe(exitCode);
    expect(errorOf(result)).toMatchObject({message: expect.stringMatching(says), code: 'redis_refused'});
    expect(errorOf(result).hint).toContain('BULK42_REDIS_URL');
  });

  it('is named with its password: it works, and the password is nowhere', async () => {
    const redis = await openRedis(['--requirepass', password]);
    const stage = await openPairs(2);
    const env = {BULK42_REDIS_URL: redis.url.replace('//', `//:${password}@`)};
    const {code, stdout, stderr} = await stage.cli([...run, '--verbose'], {env});
    expect(code).toBe(0);
    const kept = ['journal.ndjson', 'run.log', 'report.csv', 'report.html', 'summary.json'];
    for (const text of [stdout, stderr, ...kept.map((name) => stage.output(name))])
      expect(text).not.toContain('4711');
    expect(stage.output('journal.ndjson')).toMatch(/"k":"open","pid":\d+,.*"fence":\d{13}/);
  });

  it('is too old', async () => {
    const port = await answering(
      createServer((socket) => {
        const info = 'redis_version:4.0.14\r\n';
        socket.on('error', () => undefined).on('data', () => socket.write(`$${info.length}\r\n${info}\r\n`));
      }),
    );
    const result = await tried(`redis://127.0.0.1:${port}`);
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({
      code: 'redis_version',
      message: expect.stringContaining('version 4.0.14'),
    });
  });

  it('is none', async () => {
    const port = await answering(createHttpServer((_request, response) => response.end()));
    const result = await tried(`redis://:${password}@127.0.0.1:${port}`);
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({
      code: 'redis_url',
      message: expect.stringContaining('is no Redis'),
    });
  });

  it('has no such database', async () => {
    const redis = await openRedis();
    const result = await tried(`${redis.url}/99`);
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({code: 'redis_unsupported'});
  });

  it('is not there: exit 75, and doctor says so at once', async () => {
    const url = `redis://:${password}@127.0.0.1:${await freePort()}`;
    const result = await tried(url);
    expect(result.code).toBe(75);
    expect(errorOf(result)).toMatchObject({
      code: 'redis_gone',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const {code, stdout} = await tried(url, ['doctor']);
    expect(code).toBe(75);
    const {findings} = JSON.parse(stdout) as {findings: {check: string; status: string}[]};
    expect(findings).toContainEqual(expect.objectContaining({check: 'sharing', status: 'problem'}));
    expect(findings).toContainEqual(expect.objectContaining({check: 'limits', status: 'ok'}));
  });
});
