import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {handlesSignals} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {generator} from '../helpers/harness/random-kills.ts';
import {applied, csv, openStage, type Stage, writes} from '../e2e/stage.ts';

const races = 500;
const deaths = 100;
const rows = 4;
const seed = 20_261_123;
const command = (file: string) => [
  'run',
  'patronages',
  file,
  '--yes',
  '--per-second',
  '1000',
  '--settle',
  '0.3',
];

/** Pairs that no other race has: each race is of one godfather, the first file of the one half of his students. */
const pairs = (race: number, half: number) =>
  csv(
    'user_id,godfather_id',
    ...Array.from({length: rows}, (_, at) => `${1000 + half * 100 + at},${1300 + race}`),
  );
const halfOf = (body: unknown) =>
  (body as {patronage: {user_id: number}}).patronage.user_id < 1100 ? 'first' : 'second';

async function openRaces(): Promise<Stage> {
  return openStage({users: 1000, latencyMs: 5});
}

/** A runs folder of hundreds of runs would make the later races slower than the first. */
const forget = (stage: Stage) => rmSync(join(stage.folder, 'runs'), {recursive: true, force: true});

it(`${races} races of two processes: one sends at a time, and who loses sends nothing`, async () => {
  const stage = await openRaces();
  const {ledger} = stage.sandbox;
  const random = generator(seed);
  const ends = {lost: 0, both: 0};
  for (let race = 0; race < races; race++) {
    const isSameFile = race % 2 === 0;
    stage.file('first.csv', pairs(race, 0));
    stage.file('second.csv', pairs(race, 1));
    const [from, sent] = [ledger.length, applied(stage.sandbox).length];
    const first = stage.start(command('first.csv'));
    await sleep(random() * 400);
    const second = stage.start(command(isSameFile ? 'first.csv' : 'second.csv'));
    const codes = (await Promise.all([first.ended, second.ended])).map(({code}) => code);
    const winners = codes.filter((code) => code === 0).length;
    const losers = codes.filter((code) => code === 23).length;
    expect({race, codes, of: winners + losers}).toEqual({race, codes, of: 2});
    expect(winners).toBeGreaterThan(0);
    ends[losers > 0 ? 'lost' : 'both']++;
    const tokens = ledger.slice(from).filter(({path}) => path === '/oauth/token').length;
    expect({race, tokens}).toEqual({race, tokens: winners});
    const isWritten = isSameFile || winners === 1 ? rows : 2 * rows;
    expect({race, applied: applied(stage.sandbox).length - sent}).toEqual({race, applied: isWritten});
    // Where both sent, one after the other: their rows never alternate.
    const turns = writes(stage.sandbox)
      .slice(sent)
      .map(({body}) => halfOf(body));
    expect(turns.filter((turn, at) => turn !== turns[at - 1]).length).toBeLessThanOrEqual(2);
    forget(stage);
  }
  process.stdout.write(`${races} races: ${ends.lost} with a loser, ${ends.both} one after the other\n`);
  expect(ends.lost).toBeGreaterThan(races / 10);
});

it(`${deaths} deaths of a holder, any time after it asked for the lock: the one that waits takes over`, async () => {
  const stage = await openRaces();
  const random = generator(seed + 1);
  for (let race = 0; race < deaths; race++) {
    stage.file('first.csv', pairs(race, 0));
    const sent = applied(stage.sandbox).length;
    const holder = stage.start(command('first.csv'));
    await until(() => handlesSignals(holder.child), 'the first asks for the lock');
    const heir = stage.start([...command('first.csv'), '--wait-lock', '60']);
    await sleep(random() * 150);
    holder.child.kill('SIGKILL');
    await holder.ended;
    const {code, stderr} = await heir.ended;
    expect({race, code, stderr: code === 0 ? '' : stderr}).toEqual({race, code: 0, stderr: ''});
    expect({race, applied: applied(stage.sandbox).length - sent}).toEqual({race, applied: rows});
    forget(stage);
  }
});
