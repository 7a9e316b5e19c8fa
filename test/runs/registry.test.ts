import {mkdirSync, readdirSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {DiskError} from '../../src/errors.ts';
import {Registry} from '../../src/runs/registry.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

let state: string;
let runs: string;
let registry: Registry;
beforeEach(() => {
  state = join(temporaryFolder(), 'state');
  runs = temporaryFolder();
  registry = new Registry(state, 'api.example.org 1a2b3c4d');
});

const day = 24 * 3_600_000;
const at = (days: number) => ({
  wall: 1_800_000_000_000 + days * day,
  boot: 'b0071234',
  up: 1000 + days * day,
});
const facts = (run: string) => ({
  run,
  job: 'patronages',
  jobHash: 'ab',
  began: 1_800_000_000_000,
  settleMs: 120_000,
});

function folder(name: string): string {
  mkdirSync(join(runs, name), {recursive: true});
  return join(runs, name);
}

async function finished(name: string, days: number): Promise<void> {
  await registry.take(folder(name), facts(name), at(days));
  await registry.update(folder(name), (entry) => ({...entry, left: at(days), isSettled: true}));
}

const names = async () => (await registry.list()).map(({run}) => run);

describe('a run that is taken', () => {
  it('is noted with its folder, for its owner alone', async () => {
    await registry.take(folder('one'), facts('one'), at(0));
    expect(await registry.list()).toEqual([
      {formatVersion: 1, ...facts('one'), folder: join(runs, 'one'), first: 1, last: 1, taken: at(0)},
    ]);
    const [application = ''] = readdirSync(join(state, 'applications'));
    const [file = ''] = readdirSync(join(state, 'applications', application));
    expect(statSync(join(state, 'applications', application, file)).mode & 0o777).toBe(0o600);
    expect(statSync(join(state, 'applications', application)).mode & 0o777).toBe(0o700);
  });

  it('is told from one of the same name in another folder, and from other applications', async () => {
    await registry.take(folder('a/one'), facts('one'), at(0));
    await registry.take(folder('b/one'), facts('one'), at(0));
    await new Registry(state, 'other').take(folder('c/one'), facts('one'), at(0));
    expect((await registry.list()).map((entry) => entry.folder)).toEqual([
      join(runs, 'a/one'),
      join(runs, 'b/one'),
    ]);
  });

  it('keeps its first number, gets a new last one, and the longest settle time', async () => {
    await registry.take(folder('one'), {...facts('one'), settleMs: 300_000}, at(0));
    await registry.take(folder('two'), facts('two'), at(1));
    await registry.update(folder('one'), (entry) => ({...entry, left: at(1), isSettled: true}));
    await registry.take(folder('one'), facts('one'), at(2));
    expect(await registry.list()).toMatchObject([
      {run: 'two', first: 2, last: 2, settleMs: 120_000},
      {run: 'one', first: 1, last: 3, settleMs: 300_000},
    ]);
    expect((await registry.list())[1]).not.toHaveProperty('isSettled');
  });
});

describe('what is forgotten', () => {
  it('is a settled run after 90 days', async () => {
    await finished('old', 0);
    await finished('newer', 80);
    await finished('now', 91);
    expect(await names()).toEqual(['newer', 'now']);
  });

  it('is no run that left rows, and none that ended after an older one began which is kept', async () => {
    await registry.take(folder('unfinished'), facts('unfinished'), at(0));
    await finished('later', 1);
    await finished('now', 200);
    expect(await names()).toEqual(['unfinished', 'later', 'now']);
  });

  it('is an application that was not used for as long and left nothing', async () => {
    const other = new Registry(state, 'other');
    await other.take(folder('gone'), facts('gone'), at(0));
    await other.update(folder('gone'), (entry) => ({...entry, left: at(0), isSettled: true}));
    const [path = ''] = readdirSync(join(state, 'applications'));
    utimesSync(join(state, 'applications', path), at(0).wall / 1000, at(0).wall / 1000);
    await registry.take(folder('one'), facts('one'), at(89));
    expect(readdirSync(join(state, 'applications'))).toHaveLength(2);
    utimesSync(join(state, 'applications', path), at(0).wall / 1000, at(0).wall / 1000);
    await registry.take(folder('one'), facts('one'), at(92));
    expect(readdirSync(join(state, 'applications'))).toHaveLength(1);
    expect(await names()).toEqual(['one']);
  });
});

it('refuses a note that it cannot read, since it may be of rows in doubt', async () => {
  await registry.take(folder('one'), facts('one'), at(0));
  const [application = ''] = readdirSync(join(state, 'applications'));
  const path = join(state, 'applications', application, 'x-00000000.json');
  for (const text of ['', '{"formatVersion": 2}', '{"formatVersi']) {
    writeFileSync(path, text);
    await expect(registry.list()).rejects.toMatchObject({code: 'registry_damaged', exitCode: 65});
  }
});

it('says so where the state folder cannot be written', async () => {
  writeFileSync(join(runs, 'file'), '');
  const blocked = new Registry(join(runs, 'file'), 'x');
  await expect(blocked.take(folder('one'), facts('one'), at(0))).rejects.toBeInstanceOf(DiskError);
});
