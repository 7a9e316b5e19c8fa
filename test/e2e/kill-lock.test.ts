import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {arrivedWrites, handlesSignals, holdEffects} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from './stage.ts';

const rows = 6;
const run = ['run', 'patronages', 'rows.csv', '--yes', '--per-second', '1000', '--settle', '0.3'];

/** An API that answers writes only when it is let, so that a run lasts as long as the test wants. */
async function openHeld() {
  const effects = holdEffects();
  const slow = {on: {method: 'POST'}, effect: 'none', answer: 'slow', delayMs: 1} as const;
  const trial = await openTrial(scenarios.listable, {
    rows,
    concurrency: 2,
    sandbox: {...effects.options, faults: [slow]},
  });
  const {ledger} = trial.stage.sandbox;
  return {
    trial,
    effects,
    isSending: () => arrivedWrites(ledger) > 0,
    tokens: () => ledger.filter(({path}) => path === '/oauth/token').length,
  };
}

describe('two processes over one application', () => {
  it('started at once, one sends; the other exits with 23 and sends nothing at all', async () => {
    const {trial, effects, tokens} = await openHeld();
    const {stage} = trial;
    for (let race = 1; race <= 6; race++) {
      stage.file('rows.csv', `user_id,godfather_id\n${1000 + race},1500\n${1100 + race},1500\n`);
      const before = tokens();
      const racers = [stage.start(run), stage.start(run)];
      const first = await Promise.race(racers.map(({ended}) => ended));
      expect(first).toMatchObject({code: 23, signal: null, stdout: ''});
      expect(first.stderr).toContain('--wait-lock');
      effects.open();
      const codes = (await Promise.all(racers.map(({ended}) => ended))).map(({code}) => code);
      expect(codes.toSorted((one, other) => (one ?? 0) - (other ?? 0))).toEqual([0, 23]);
      expect(tokens()).toBe(before + 1);
      expect(applied(stage.sandbox)).toHaveLength(2 * race);
      effects.hold();
    }
  });

  it('the death of the holder frees the lock at once', async () => {
    const {trial, effects, isSending} = await openHeld();
    const {child, ended} = trial.start();
    await until(isSending, 'the holder sends');
    child.kill('SIGKILL');
    await ended;
    effects.open();
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});

describe('a process that waits for the lock', () => {
  const waiting = [...run, '--wait-lock', '60'];

  it('over the same file finds everything done when the first has ended, and leaves its journal alone', async () => {
    const {trial, effects, isSending} = await openHeld();
    const {stage} = trial;
    const first = stage.start(run);
    await until(isSending, 'the first sends');
    const journal = join(trial.run() ?? '', 'journal.ndjson');
    // The journal as the second finds it: unfinished.
    const second = stage.start(waiting);
    await until(() => handlesSignals(second.child), 'the second waits');
    effects.open();
    expect(await first.ended).toMatchObject({code: 0});
    const written = readFileSync(journal);
    expect(await second.ended).toMatchObject({code: 0});
    expect(readFileSync(journal)).toEqual(written);
    expect(stage.runs()).toHaveLength(2);
    expect(stage.summary().counts).toMatchObject({unchanged: rows, created: 0});
    expect(applied(stage.sandbox)).toHaveLength(rows);
  });

  it('goes on with the run of a first one that is killed', async () => {
    const {trial, effects, isSending} = await openHeld();
    const first = trial.start();
    await until(isSending, 'the first sends');
    const second = trial.stage.start([...waiting, '--concurrency', '2']);
    await until(() => handlesSignals(second.child), 'the second waits');
    first.child.kill('SIGKILL');
    await first.ended;
    effects.open();
    expect(await second.ended).toMatchObject({code: 0});
    expect(await trial.check(true)).toMatchObject({violations: [], counts: {created: rows}});
    expect(trial.stage.runs()).toHaveLength(1);
    expect(applied(trial.stage.sandbox)).toHaveLength(rows);
  });
});

/** The abstract sockets on which this process listens, by their inodes. */
function lockNames(pid: number): string[] {
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const sockets = readFileSync('/proc/net/unix', 'utf8').matchAll(/ (\d+) @(bulk42-[\w-]+)/g);
  return [...sockets].flatMap(([, inode, name = '']) =>
    descriptors.includes(`socket:[${inode}]`) ? [name] : [],
  );
}

it.runIf(process.platform === 'linux')(
  'callers that hang up on the lock do not disturb its holder',
  async () => {
    const {trial, effects, isSending} = await openHeld();
    const {child, ended} = trial.start();
    await until(isSending, 'the holder sends');
    const names = lockNames(child.pid ?? 0);
    expect(names).toHaveLength(2);
    // They are gone before it comes to answer them.
    child.kill('SIGSTOP');
    for (const name of names) {
      for (let call = 0; call < 20; call++) {
        await new Promise<void>((resolve, reject) => {
          const socket = connect(`\0${name}`, () => {
            socket.write('x'.repeat(100_000));
            socket.destroy();
            resolve();
          });
          socket.on('error', reject);
        });
      }
    }
    child.kill('SIGCONT');
    effects.open();
    expect(await ended).toMatchObject({code: 0});
  },
);
