import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {withFailpoint} from '../helpers/harness/failpoint.ts';
import {counts, csv, fast, openStage, type Stage} from './stage.ts';

const ids = [1000, 1001, 1002];
const send = ['--yes', ...fast];
const command = ['run', 'users', 'users.csv', ...send];
const since = [...command, '--changed-since', 'last'];

const nightly = (stage: Stage, name: string, rows = ids) =>
  stage.file('users.csv', csv('id,first_name', ...rows.map((id) => `${id},${name}`)));
const names = (stage: Stage) => ids.map((id) => stage.sandbox.store.users.get(id)?.first_name);

const preload = fileURLToPath(new URL('../helpers/shifted-clock.mjs', import.meta.url));
const shifted = (ms: number) => ({node: ['--import', preload], env: {CLOCK_SHIFT: String(ms)}});

/** Night 1 sets one name; something else then sets another in the two first rows. */
async function openNights(between: (stage: Stage) => Promise<unknown>): Promise<Stage> {
  const stage = await openStage();
  nightly(stage, 'Amal');
  expect((await stage.cli(command)).code).toBe(0);
  nightly(stage, 'Bela', ids.slice(0, 2));
  await between(stage);
  nightly(stage, 'Amal');
  return stage;
}

it('a later run from another --out wrote the rows', async () => {
  const stage = await openNights((there) => there.cli([...command, '--out', 'by-hand']));
  expect(names(stage)).toEqual(['Bela', 'Bela', 'Amal']);
  expect((await stage.cli(since)).code).toBe(0);
  expect(names(stage)).toEqual(['Amal', 'Amal', 'Amal']);
  expect(stage.summary().counts).toEqual(counts({updated: 2, unchanged: 1}));
});

it('a later run that was removed since may have written every row', async () => {
  const stage = await openNights(async (there) => {
    await there.cli([...command, '--out', 'by-hand']);
    await there.cli(['runs', '--out', 'by-hand', '--remove', 'last', '--yes']);
  });
  const third = await stage.cli(since);
  expect(third.code).toBe(0);
  expect(third.stderr).toContain('every row counts as changed');
  expect(names(stage)).toEqual(['Amal', 'Amal', 'Amal']);
});

it('a later run began by a clock that was set back', async () => {
  const stage = await openNights((there) =>
    there.cli([...command, '--out', 'by-hand'], shifted(-24 * 3_600_000)),
  );
  expect((await stage.cli(since)).code).toBe(0);
  expect(names(stage)).toEqual(['Amal', 'Amal', 'Amal']);
});

it('a later run was killed over a row that was applied', async () => {
  const stage = await openNights((there) =>
    there.cli([...command, '--concurrency', '1'], withFailpoint({at: 'trailers:write', nth: 1})),
  );
  expect(names(stage)).toEqual(['Bela', 'Amal', 'Amal']);
  // It is in doubt, and settled by its own command before the night goes on.
  nightly(stage, 'Bela', ids.slice(0, 2));
  expect((await stage.cli(command)).code).toBe(0);
  nightly(stage, 'Amal');
  expect((await stage.cli([...command, '--changed-since', stage.runs()[0] ?? ''])).code).toBe(0);
  expect(names(stage)).toEqual(['Amal', 'Amal', 'Amal']);
});

it('the state folder is gone: the record cannot be compared with, and every row is looked at', async () => {
  const stage = await openNights(async (there) => {
    await there.cli(command);
    rmSync(join(there.folder, '.state'), {recursive: true});
  });
  const first = stage.runs()[0] ?? '';
  const third = await stage.cli([...command, '--changed-since', first]);
  expect(third.code).toBe(0);
  expect(third.stderr).toContain('every row counts as changed');
  expect(names(stage)).toEqual(['Amal', 'Amal', 'Amal']);
});

it('nothing was written since: the rows cost no request but the token', async () => {
  const stage = await openStage();
  nightly(stage, 'Amal');
  expect((await stage.cli(command)).code).toBe(0);
  expect((await stage.cli(since)).code).toBe(0);
  // And once more, compared with a run that itself was compared.
  expect((await stage.cli(since)).code).toBe(0);
  expect(stage.summary()).toMatchObject({counts: counts({unchanged: 3}), requests: {total: 0}});
});
