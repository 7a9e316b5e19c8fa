import {describe, expect, it} from 'vitest';
import {openStage} from '../e2e/stage.ts';
import {passTime} from '../limits/redis/pass-time.ts';
import {hasRedis, openRedis, withRedis} from '../helpers/redis-server.ts';
import {codeBlocks} from './documents.ts';
import {prepareShell, runScript} from './shell.ts';

const page = 'docs/many-machines.md';
const [begin = '', goOn = ''] = codeBlocks(page, 'sh');

describe.skipIf(!hasRedis)(`${page}, ${withRedis}`, () => {
  it('its commands work', async () => {
    expect(codeBlocks(page, 'sh')).toHaveLength(2);
    const redis = await openRedis();
    const stage = await openStage();
    const shell = prepareShell(stage.folder, stage.sandbox);
    // A Redis that has been in use for a while.
    expect((await stage.cli(['doctor', '--redis', redis.url])).code).toBe(0);
    await passTime(redis, 600_000);
    const there = begin.replace('redis://redis.campus.example:6379', redis.url);
    expect(there).not.toBe(begin);
    const {code, stdout} = await runScript(`${there}\n${goOn}`, shell);
    expect(code).toBe(0);
    expect(stdout).toMatch(/sharing: Redis 7\S+, at 127\.0\.0\.1:\d+, \d+ ms away, no other process shares/);
    expect(stage.summary().counts.updated).toBe(9);
  });

  it('its settings let bulk42 in, with just the rights that it needs', async () => {
    const [settings = ''] = codeBlocks(page, 'text');
    const lines = settings.replace('<password>', 'canary-4711').trim().split('\n');
    const given = lines.filter((line) => !line.startsWith('bind')).flatMap((line) => `--${line}`.split(' '));
    const redis = await openRedis(given);
    const stage = await openStage();
    stage.file('pairs.csv', 'user_id,godfather_id\n1000,64\n');
    const url = redis.url.replace('//', '//bulk42:canary-4711@');
    const {code, stdout} = await stage.cli(['doctor', '--redis', url]);
    expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining('ok       sharing: Redis')});
    const run = ['run', 'patronages', 'pairs.csv', '--yes', '--settle', '0.3', '--redis', url];
    expect(await stage.cli(run)).toMatchObject({code: 0});
  });
});
