import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {
  applied,
  counts,
  csv,
  fast,
  lastLine,
  openStage,
  outcomes,
  runInOrder,
  type Stage,
  writes,
} from './stage.ts';

const three = csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64');
const onWrites = {method: 'POST', path: 'patronages'};

const run = (stage: Stage, ...more: string[]) =>
  stage.cli(runInOrder('patronages', 'pairs.csv', '--timeout', '1', ...fast, ...more));

async function openWith(...faults: Fault[]): Promise<Stage> {
  const stage = await openStage({faults});
  stage.file('pairs.csv', three);
  return stage;
}

/** A server beside the API, to which it points: whatever arrives there is a leak. */
async function openTrap(): Promise<{url: string; visits: string[]}> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end('{"id": 1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/patronages`, visits};
}

describe('a redirect ends the run and is never followed', () => {
  it.each([301, 307, 308])('%d: the row was not applied', async (status) => {
    const trap = await openTrap();
    const stage = await openWith({
      on: onWrites,
      nth: 2,
      effect: 'none',
      answer: 'redirect',
      status,
      location: trap.url,
    });
    const result = await run(stage);
    expect(result.code).toBe(78);
    expect(result.stderr).toContain('redirect');
    expect(trap.visits).toEqual([]);
    expect(outcomes(stage.report())).toEqual(['created', 'not_started', 'not_started']);
    expect(stage.summary()).toMatchObject({
      state: 'stopped',
      exitCode: 78,
      counts: counts({created: 1, not_started: 2}),
    });
    expect(applied(stage.sandbox)).toHaveLength(1);
  });

  it.each([
    [302, 'none'],
    [303, 'before'],
  ] as const)('%d: in doubt, and settled by a resume (%s)', async (status, effect) => {
    const trap = await openTrap();
    const stage = await openWith({
      on: onWrites,
      nth: 2,
      effect,
      answer: 'redirect',
      status,
      location: trap.url,
    });
    const result = await run(stage);
    expect(result.code).toBe(78);
    expect(trap.visits).toEqual([]);
    expect(outcomes(stage.report())).toEqual(['created', 'in_doubt', 'not_started']);
    expect(lastLine(result)).toContain(`bulk42 resume ${stage.runs()[0]}`);

    const resumed = await stage.cli(['resume', 'last', '--yes', ...fast]);
    expect(resumed.code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 3}));
    expect(applied(stage.sandbox)).toHaveLength(3);
    expect(new Set([...stage.sandbox.store.patronages.values()].map(({user_id}) => user_id)).size).toBe(3);
  });
});

describe('what every row would meet ends the run', () => {
  it('a scope that is missing: 77, and the row was not applied', async () => {
    const body =
      '{"error":"Forbidden","message":"Insufficient scope. The action need the following scopes: [tig]"}';
    const stage = await openWith({
      on: onWrites,
      nth: 2,
      effect: 'none',
      answer: 'status',
      status: 403,
      contentType: 'application/json',
      body,
    });
    expect((await run(stage)).code).toBe(77);
    expect(stage.summary()).toMatchObject({exitCode: 77, counts: counts({created: 1, not_started: 2})});
    expect(applied(stage.sandbox)).toHaveLength(1);
  });

  it('tokens that are refused, one after the other: 77 after two renewals, nothing applied', async () => {
    const stage = await openWith({on: onWrites, effect: 'none', answer: '401'});
    expect((await run(stage)).code).toBe(77);
    expect(stage.summary()).toMatchObject({exitCode: 77, counts: counts({not_started: 3})});
    expect(writes(stage.sandbox)).toHaveLength(3);
    expect(applied(stage.sandbox)).toEqual([]);
  });

  it('credentials that are wrong: 77, and no folder', async () => {
    const stage = await openWith();
    const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes'], {
      env: {FORTYTWO_SECRET: 's-wrong'},
    });
    expect(code).toBe(77);
    expect(stderr).toContain('FORTYTWO_SECRET');
    expect(stderr).not.toContain('s-wrong');
    expect(stage.runs()).toEqual([]);
  });

  it('an application without a scope of the job: 77, and nothing but the token request is sent', async () => {
    const stage = await openStage({scopes: ['public']});
    stage.file('closes.csv', csv('user_id,closer_id,kind,reason', '46,2,other,Slept in the cluster'));
    expect((await stage.cli(['run', 'closes', 'closes.csv', '--yes', ...fast])).code).toBe(77);
    expect(stage.sandbox.ledger.map(({path}) => path)).toEqual(['/oauth/token']);
  });

  it('another kind of server (405): 78', async () => {
    const stage = await openWith({on: onWrites, effect: 'none', answer: 'status', status: 405});
    expect((await run(stage)).code).toBe(78);
    expect(stage.summary().counts).toEqual(counts({not_started: 3}));
  });

  it('a Retry-After beyond any hour: 75 at once', async () => {
    const stage = await openWith({on: onWrites, effect: 'none', answer: '429', retryAfter: '90000'});
    expect((await run(stage)).code).toBe(75);
    expect(writes(stage.sandbox)).toHaveLength(1);
  });
});

it('gives a row up after three attempts that prove nothing, and leaves it to a later resume', async () => {
  const stage = await openWith({
    on: {...onWrites, body: (body) => JSON.stringify(body).includes('1001')},
    effect: 'none',
    answer: '500',
  });
  const result = await run(stage);
  expect(result.code).toBe(21);
  expect(stage.report()[1]).toMatchObject({
    bulk42_outcome: 'in_doubt',
    bulk42_attempts: '3',
    bulk42_status: '500',
  });
  expect(stage.summary()).toMatchObject({
    exitCode: 21,
    state: 'finished',
    counts: counts({created: 2, in_doubt: 1}),
  });
  expect(stage.output('retry.csv')).not.toContain('1001');
  expect(lastLine(result)).toContain('bulk42 resume');

  stage.sandbox.clearFaults();
  expect((await stage.cli(['resume', 'last', '--yes', ...fast])).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(3);
});

it('stops after three successes in a row that are none of the API’s: a login page, or another host', async () => {
  const stage = await openStage({faults: [{on: onWrites, effect: 'none', answer: 'html-200'}]});
  const people = Array.from({length: 9}, (_, at) => `${1000 + at},64`);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
  const result = await run(stage);
  expect(result.code).toBe(22);
  expect(writes(stage.sandbox)).toHaveLength(3);
  expect(stage.summary()).toMatchObject({exitCode: 22, counts: counts({in_doubt: 3, not_started: 6})});

  stage.sandbox.clearFaults();
  expect((await stage.cli(['resume', 'last', '--yes', ...fast])).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(people.length);
});

it('leaves a server alone for as long as its 503 asks', async () => {
  const stage = await openWith({on: onWrites, nth: 3, effect: 'none', answer: '503', retryAfter: '2'});
  expect((await run(stage)).code).toBe(0);
  const [, , first, second] = writes(stage.sandbox).map(({at}) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1990);
  expect(applied(stage.sandbox)).toHaveLength(3);
});
