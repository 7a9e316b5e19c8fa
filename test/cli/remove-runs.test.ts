import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {encodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {noCounts} from '../../src/outcome.ts';
import {runHere} from '../helpers/run-here.ts';
import {header} from '../journal/write-journal.ts';
import {openPlace, type Place} from './messages/stage.ts';

const dayMs = 24 * 3_600_000;
const left = () => readdirSync('runs').filter((name) => name !== '.gitignore');

/** A run that began so many days ago, with its last entry. */
function leaveRun({folder}: Place, daysAgo: number, last: object): string {
  const t = Date.now() - daysAgo * dayMs;
  const run = `${new Date(t).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-patronages`;
  mkdirSync(join(folder, 'runs', run), {recursive: true});
  const entries = [
    {...header, run, s: 0, b: 0, t},
    {...last, s: 1, b: 1, t},
  ] as StampedEntry[];
  writeFileSync(join(folder, 'runs', run, 'journal.ndjson'), entries.map(encodeEntry).join(''));
  return run;
}

const complete = (more: object = {}) => ({k: 'complete', code: 0, n: {...noCounts(), created: 20, ...more}});

it('a run is deleted after a yes, and stays after anything else', async () => {
  const place = await openPlace();
  await place.cli('run', 'patronages', 'pairs.csv', '--yes', '--per-second', '500');
  const [run = ''] = left();
  for (const [answer, code] of [
    [undefined, 'nobody_to_ask'],
    ['n', 'declined'],
    ['', 'declined'],
  ] as const) {
    const {exit, out} = await runHere(['runs', '--remove', 'last', '--json'], answer);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({error: {code}});
    expect(left()).toEqual([run]);
  }
  expect(await runHere(['runs', '--remove', 'last'], 'y')).toMatchObject({exit: 0});
  expect(left()).toEqual([]);
});

it('--older-than deletes the finished runs of before, and keeps those that a journal is still needed for', async () => {
  const place = await openPlace();
  const old = leaveRun(place, 91, complete());
  const older = leaveRun(place, 400, complete({removed: 3}));
  const kept = [
    leaveRun(place, 100, complete({created: 19, in_doubt: 1})),
    leaveRun(place, 101, {k: 'stop', why: 'signal', code: 20, n: {...noCounts(), not_started: 20}}),
    leaveRun(place, 102, {k: 'open', pid: 7}),
    leaveRun(place, 89, complete()),
  ];
  const command = ['runs', '--remove', '--older-than', '90d'];
  expect((await runHere(command)).exit).toBe(2);
  expect((await runHere(command, 'no')).exit).toBe(2);
  expect(left()).toHaveLength(6);

  const {exit, shown} = await runHere(command, 'yes');
  expect(exit).toBe(0);
  expect(shown.match(/(?<=removed )\S+/g)?.toSorted()).toEqual([older, old]);
  expect(shown.match(/(?<=kept )\S+: .*/g)?.toSorted()).toEqual([
    `${kept[2]}: interrupted`,
    `${kept[1]}: stopped`,
    `${kept[0]}: 1 row in doubt`,
  ]);
  expect(left().toSorted()).toEqual(kept.toSorted());
  // Not even --yes deletes them, and it needs no answer.
  expect((await runHere([...command, '--yes'])).exit).toBe(0);
  expect(left()).toHaveLength(4);
});

it.each([
  ['--older-than 90d'],
  ['--remove last --older-than 90d'],
  ['--remove --older-than 90'],
  ['--remove --older-than 0d'],
  ['--remove --older-than 3w'],
])('runs %s is wrong usage, and removes nothing', async (typed) => {
  const place = await openPlace();
  const run = leaveRun(place, 120, complete());
  expect((await runHere(['runs', ...typed.split(' '), '--yes'], 'y')).exit).toBe(2);
  expect(readFileSync(join('runs', run, 'journal.ndjson'), 'utf8')).toContain(run);
});
