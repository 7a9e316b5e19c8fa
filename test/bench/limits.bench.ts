import {spawn} from 'node:child_process';
import {copyFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {it, onTestFinished} from 'vitest';
import {csv, openStage, writes} from '../e2e/stage.ts';
import {generator} from '../helpers/harness/random-kills.ts';
import {hasRedis, openRedis} from '../helpers/redis-server.ts';
import {openSlowLink} from '../helpers/slow-link.ts';
import {openMachines} from '../limits/redis/machines.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';
import type {LedgerEntry} from '../../src/sandbox/ledger.ts';
import {record} from './results.ts';

/** What a network does to the limit of a second: real requests, and the ledger of a server that sees only arrivals. */
const perSecond = 2;

interface Case {
  what: string;
  rows: number;
  /** Each request is held up by a random time up to this. */
  jitterMs: number;
  /** The server works on each request for a random time between 0.1 and 2 s; default: it does not. */
  isSlow?: boolean;
  hasRuntime?: boolean;
  maxSeconds: number;
}

/** The first writes of a run wait for each other's responses, which says nothing of the pace. */
const firstOfSlow = 8;

const cases: Case[] = [
  {what: 'no jitter', rows: 40, jitterMs: 0, maxSeconds: 21},
  {what: '0 to 60 ms of jitter', rows: 80, jitterMs: 60, maxSeconds: 46},
  {what: '0 to 200 ms of jitter', rows: 80, jitterMs: 200, maxSeconds: 52},
  {
    what: 'a server that works 0.1 to 2 s on each',
    rows: 80 + firstOfSlow,
    jitterMs: 0,
    isSlow: true,
    maxSeconds: 42,
  },
  {
    what: 'the same without X-Runtime',
    rows: 80,
    jitterMs: 0,
    isSlow: true,
    hasRuntime: false,
    maxSeconds: 42,
  },
];

function report(what: string, ledger: readonly LedgerEntry[], rows: number, maxSeconds: number): void {
  const refused = ledger.filter(({status}) => status === 429).length;
  const at = ledger.map((entry) => entry.at);
  const seconds = (Math.max(...at) - Math.min(...at)) / 1000;
  record({
    what: `${rows} rows at ${perSecond} a second, ${what}`,
    measured: `${refused} × 429, ${seconds.toFixed(1)} s`,
    yardstick: `an even pace: ${(rows / perSecond).toFixed(0)} s`,
    value: seconds,
    unit: 's',
    target: {atMost: maxSeconds},
  });
}

async function run({
  what,
  rows,
  jitterMs,
  isSlow = false,
  hasRuntime = true,
  maxSeconds,
}: Case): Promise<void> {
  const random = generator(rows + jitterMs);
  const stage = await openStage({
    perSecond,
    perHour: 1200,
    ...(isSlow && {
      latencyMs: 1,
      after: (_ms, end) => {
        const timer = setTimeout(end, 100 + 1900 * random());
        return () => clearTimeout(timer);
      },
    }),
  });
  const {sandbox} = stage;
  const port = await openSlowLink(Number(new URL(sandbox.url).port), () => jitterMs * random(), {
    backMs: () => 0,
    // As long as it was, so that nothing else has to change.
    change: (reply) => (hasRuntime ? reply : reply.replace(/x-runtime/i, 'X-Nothing')),
  });
  stage.file(
    'pairs.csv',
    csv('user_id,godfather_id', ...Array.from({length: rows}, (_, at) => `${1000 + at},64`)),
  );
  const api = {...sandbox, url: `http://127.0.0.1:${port}`};
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--existing', 'send'], {
    api,
  });
  if (code !== 0) throw new Error(stderr);
  const measured = writes(sandbox).slice(isSlow ? firstOfSlow : 0);
  report(what, measured, Math.min(80, rows), maxSeconds);
}

// oxlint-disable-next-line vitest/expect-expect -- it measures; what has to hold is in second.test.ts
it('one process', async () => {
  await Promise.all(cases.map(run));
});

/** Processes that share the limits, 80 rows in all. */
async function share(count: number, what: string, redisMs: () => number, maxSeconds: number): Promise<void> {
  const redis = await openRedis();
  const random = generator(count);
  const {sandbox} = await openSandbox({perSecond, perHour: 1200});
  const port = await openSlowLink(Number(new URL(sandbox.url).port), () => 60 * random(), {backMs: () => 0});
  const redisPort = await openSlowLink(redis.port, redisMs);
  const api = {...sandbox, url: `http://127.0.0.1:${port}`};
  const machines = openMachines(count, api, `redis://127.0.0.1:${redisPort}`);
  const rows = 80 / count;
  const results = await Promise.all(
    machines.map(async (machine, at) => {
      machine.pairs('pairs.csv', 1000 + rows * at, rows);
      // A job has one sender on all machines, so that each gets a job of its own.
      const job = join(machine.folder, `patronages-${at}.ts`);
      copyFileSync(new URL('../../jobs/patronages.ts', import.meta.url), job);
      return machine.cli(['run', job, 'pairs.csv', '--yes', '--existing', 'send']);
    }),
  );
  for (const {code, stderr} of results) if (code !== 0) throw new Error(stderr);
  report(`${count} processes on one Redis, ${what}`, writes(sandbox), 80, maxSeconds);
}

// oxlint-disable-next-line vitest/expect-expect -- it measures
it.skipIf(!hasRedis)('several processes', async () => {
  const random = generator(5);
  await share(2, '0 to 60 ms of jitter', () => 0, 46);
  await share(4, '0 to 60 ms of jitter, Redis 5 to 100 ms away', () => 5 + 95 * random(), 46);
  await share(10, '0 to 60 ms of jitter', () => 0, 46);
});

// oxlint-disable-next-line vitest/expect-expect -- it measures
it.skipIf(!hasRedis)('two processes beside busy loops on every core', async () => {
  const loops = Array.from({length: availableParallelism()}, () => spawn('node', ['-e', 'for (;;);']));
  onTestFinished(() => loops.forEach((loop) => loop.kill()));
  await share(2, 'beside busy loops on every core', () => 0, 46);
});
