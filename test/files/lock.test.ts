import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Interrupted, LockedError} from '../../src/errors.ts';
import {acquireLock, type LockOptions} from '../../src/files/lock.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

const sources = new URL('../../src/', import.meta.url);

/** A name that no other test and no other run of this test uses. */
function optionsOf(more: Partial<LockOptions> = {}): LockOptions {
  const folder = join(temporaryFolder(), 'state');
  return {name: `api.example.test ${folder}`, folder, clock: systemClock, ...more};
}

async function acquire(options: LockOptions) {
  const lock = await acquireLock(options);
  onTestFinished(() => lock.release());
  return lock;
}

/** Another process that holds the lock until it is killed. */
async function holdElsewhere({name, folder}: LockOptions): Promise<ChildProcess> {
  const program = `
    import {createJiti} from '${import.meta.resolve('jiti')}';
    const jiti = createJiti('${sources.href}', {fsCache: false});
    const {acquireLock} = await jiti.import('./files/lock.ts');
    const {systemClock} = await jiti.import('./clock.ts');
    await acquireLock({name: ${JSON.stringify(name)}, folder: ${JSON.stringify(folder)}, clock: systemClock});
    process.stdout.write('held');
    setInterval(() => undefined, 60_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the holder ended with ${code} before it had the lock`);
  });
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), gone]);
  gone.catch(() => undefined);
  return child;
}

describe('a lock', () => {
  it('has one holder, who is told so, until it is released', async () => {
    const options = optionsOf();
    const first = await acquireLock(options);
    expect(first.held).toBe(true);
    await expect(acquireLock(options)).rejects.toMatchObject({exitCode: 23, code: 'locked'});
    await first.release();
    expect(first.held).toBe(false);
    expect((await acquire(options)).held).toBe(true);
  });

  it('of another name is another lock', async () => {
    const options = optionsOf();
    await acquire(options);
    expect((await acquire({...options, name: `${options.name}!`})).held).toBe(true);
  });

  it('goes to one of many who want it at once', async () => {
    const options = optionsOf();
    const wanted = await Promise.allSettled(Array.from({length: 12}, () => acquire(options)));
    expect(wanted.filter(({status}) => status === 'fulfilled')).toHaveLength(1);
    for (const each of wanted)
      if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(LockedError);
  });

  it('is waited for as long as was asked, and no longer', async () => {
    const clock = new FakeClock();
    const options = optionsOf({clock});
    await acquire(options);
    const waiting = acquireLock({...options, waitMs: 3000});
    waiting.catch(() => undefined);
    for (let n = 0; n < 20; n++) await clock.advance(250);
    await expect(waiting).rejects.toBeInstanceOf(LockedError);
    expect(clock.slept).toEqual(Array(clock.slept.length).fill(500));
    expect(clock.slept.length).toBe(6);
  });

  it('comes to who waits when it is released', async () => {
    const options = optionsOf();
    const first = await acquireLock(options);
    const waiting = acquire({...options, waitMs: 30_000});
    await first.release();
    expect((await waiting).held).toBe(true);
  });

  it('is not waited for when the run is to end', async () => {
    const stop = new AbortController();
    const options = optionsOf();
    await acquire(options);
    const waiting = acquireLock({...options, waitMs: 3_600_000, signal: stop.signal});
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  });

  it('of another process is respected, and free the moment that process is killed', async () => {
    const options = optionsOf();
    const holder = await holdElsewhere(options);
    await expect(acquireLock(options)).rejects.toBeInstanceOf(LockedError);
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    expect((await acquire(options)).held).toBe(true);
  });

  it.runIf(process.platform === 'linux')('leaves no file behind', async () => {
    const options = optionsOf();
    await acquire(options);
    expect(() => readdirSync(options.folder)).toThrow(/ENOENT/);
  });
});
