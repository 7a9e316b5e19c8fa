import {appendFileSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {encodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {acquireLock} from '../../src/files/lock.ts';
import {applicationOf, clientOf} from '../../src/api/session.ts';
import type {Fault} from '../../src/sandbox/faults.ts';
import {type Message, pairs, type Place} from './messages-stage.ts';

const command = 'run patronages pairs.csv --yes --settle 0.1';
const creations = {method: 'POST', path: 'patronages'};
/** Applied, but nobody heard of it, and the list that would show it may not be read. */
const unreadable: Fault[] = [
  {on: creations, nth: 1, effect: 'before', answer: '504'},
  {on: {method: 'GET', path: 'patronages'}, effect: 'none', answer: '403-role'},
];

const begin = (place: Place, more = '') =>
  place.cli(...command.split(' '), ...more.split(' ').filter(Boolean));

async function leaveDoubt(place: Place): Promise<void> {
  for (const fault of unreadable) place.sandbox.addFault(fault);
  await begin(place, '--existing send');
}

/** A run that stopped with a row left. */
async function leaveRow(place: Place): Promise<void> {
  place.sandbox.addFault({on: creations, effect: 'none', answer: 'redirect', status: 301});
  await begin(place);
  place.sandbox.clearFaults();
}

/** As another process would. */
async function hold({folder}: Place, name: string): Promise<void> {
  const lock = await acquireLock({name, folder: join(folder, 'state', 'bulk42'), clock: systemClock});
  onTestFinished(() => lock.release());
}

const journalOf = (place: Place) => join(place.folder, place.run(), 'journal.ndjson');

/** What is said about runs of before. */
export const runMessages: Message[] = [
  {type: 'resume last', exit: 2, says: 'there is no run in runs', hint: 'name the runs folder with --out'},
  {
    type: 'report yesterday --out elsewhere',
    exit: 2,
    says: 'there is no run yesterday',
    hint: 'bulk42 runs --out elsewhere lists the runs',
  },
  {type: 'report yesterday', exit: 2, says: 'there is no run yesterday', hint: 'bulk42 runs lists the runs'},
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => file('runs/20260101T000000Z-users/journal.ndjson', ''),
    exit: 2,
    says: 'run <run> never began: its journal is empty, so nothing was sent',
    hint: 'bulk42 runs --remove <run>',
  },
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => file('runs/20260101T000000Z-users/journal.ndjson/x', ''),
    exit: 66,
    says: 'the journal <folder>/runs/<run>/journal.ndjson cannot be read (EISDIR)',
    hint: 'check the disk, and whether you may read it',
  },
  {
    type: 'report last',
    async given(place) {
      await begin(place);
      const lines = readFileSync(journalOf(place), 'utf8').split('\n');
      writeFileSync(journalOf(place), lines.toSpliced(3, 1).join('\n'));
    },
    exit: 65,
    says: '<folder>/runs/<run>/journal.ndjson, line 4, is out of sequence: this journal was changed by something else',
    hint: 'restore the file from a copy; nothing of it is skipped, since a skipped line could send a row twice',
  },
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => {
      const header = {k: 'header', v: 2, s: 0, b: 0, t: 0, input: {rows: 1}} as unknown as StampedEntry;
      file('runs/20260101T000000Z-users/journal.ndjson', encodeEntry(header));
    },
    exit: 65,
    says: 'this journal has version 2; this program reads version 1',
    hint: 'use the version of the program that wrote it',
  },
  {
    type: command,
    given: (place) => hold(place, applicationOf(new URL(place.sandbox.url), clientOf(place.sandbox.uid))),
    exit: 23,
    says: 'another run of this application is going on, and they would share one budget',
    hint: 'wait for it to end, or let this one wait with --wait-lock <seconds>',
  },
  {
    type: 'resume last --yes',
    async given(place) {
      await leaveRow(place);
      await hold(place, `journal ${realpathSync(place.run())}`);
    },
    exit: 23,
    says: 'another process is at work on run <run>',
    hint: 'wait for it to end, or let this one wait with --wait-lock <seconds>',
  },
  {
    type: 'retry last',
    given: (place) => begin(place),
    exit: 2,
    says: 'run <run> left no row to retry',
    hint: '',
  },
  {
    type: 'retry last --yes',
    given: leaveDoubt,
    exit: 21,
    says: 'run <run> has 1 row in doubt, which are in no retry log',
    hint: 'bulk42 resume <run>',
  },
  {
    type: `${command} --limit 1`,
    given: leaveDoubt,
    exit: 21,
    says: 'run <run> has 1 row in doubt, which this run could apply twice',
    hint: 'bulk42 resume <run>',
  },
  {
    type: 'resolve last --line 7 --as applied',
    given: leaveDoubt,
    exit: 2,
    says: 'line 7 of run <run> is not in doubt',
    hint: 'lines in doubt: 2',
  },
  {
    type: 'runs --remove last',
    given: leaveDoubt,
    exit: 2,
    says: 'run <run> has 1 row in doubt, and its journal is all that is known of them',
    hint: 'bulk42 resume <run> settles them; --yes removes the run all the same',
  },
  {
    type: 'retry last --yes',
    async given(place) {
      await begin(place);
      await place.cli('undo', 'last', '--yes');
    },
    exit: 2,
    says: 'run <run> is an undo, which is not retried',
    hint: 'bulk42 undo <run> removes what is still there',
  },
  {
    type: 'undo last --yes',
    async given(place) {
      await begin(place);
      await place.cli('undo', 'last', '--yes');
    },
    exit: 2,
    says: 'run <run> is an undo, which is not undone',
    hint: 'bulk42 run patronages <folder>/pairs.csv creates the records again',
  },
  {
    type: 'undo last --yes',
    async given(place) {
      place.file('people.csv', 'id,status\n46,admis\n');
      await place.cli('run', 'users', 'people.csv', '--yes');
    },
    exit: 2,
    says: 'run <run> created nothing that could be removed',
    hint: '',
  },
  {
    type: 'resume last --yes',
    async given(place) {
      await leaveRow(place);
      place.file('pairs.csv', `${pairs}1,2\n`);
    },
    exit: 65,
    says: '<folder>/pairs.csv changed since run <run> began',
    hint: 'put the file back as it was; rows that are to be different belong in a new run',
  },
  {
    type: 'report last',
    async given(place) {
      await begin(place);
      place.file('pairs.csv', `${pairs}1,2\n`);
    },
    exit: 65,
    says: '<folder>/pairs.csv changed since run <run> began',
    hint: 'put the file back as it was; rows that are to be different belong in a new run',
  },
  {
    type: 'resume last --yes',
    given: leaveRow,
    env: {FORTYTWO_BASE_URL: 'https://api.example.org'},
    exit: 65,
    says: 'run <run> went to <api>, and FORTYTWO_BASE_URL is https://api.example.org',
    hint: 'set FORTYTWO_BASE_URL=<api>',
  },
  {
    type: 'resume last --yes',
    given: leaveRow,
    env: {FORTYTWO_SECRET: ''},
    exit: 78,
    says: 'run <run> went to a sandbox, <api>, and FORTYTWO_SECRET not set',
    hint: 'a --sandbox is gone when its command ends; start bulk42 sandbox in a terminal of its own and set what it prints',
  },
  {
    type: 'plan users people.csv --changed-since <run>',
    async given(place) {
      await begin(place);
      place.file('people.csv', 'id,status\n46,admis\n');
    },
    exit: 65,
    says: 'run <run> was of another job, or of another version of it',
    hint: 'run once without --changed-since',
  },
  {
    type: 'plan patronages pairs.csv --changed-since <run>',
    async given(place) {
      await begin(place);
      rmSync(join(place.folder, place.run(), 'fingerprints'));
    },
    exit: 65,
    says: 'the earlier run keeps no record of its rows to compare with',
    hint: 'it did not finish; run once without --changed-since',
  },
  {
    type: 'run --plan plan.json --yes',
    async given(place) {
      await place.cli('plan', 'patronages', 'pairs.csv', '--save', 'plan.json');
      appendFileSync('pairs.csv', '1,2\n');
    },
    exit: 65,
    says: 'the plan no longer holds: the CSV file changed since it was saved; nothing was sent',
    hint: 'plan again, and look at the new plan',
  },
  {
    type: 'run --plan plan.json --yes --set ongoing=false',
    async given(place) {
      await place.cli('plan', 'patronages', 'pairs.csv', '--save', 'plan.json', '--set', 'ongoing=true');
    },
    exit: 65,
    says: 'the plan no longer holds: the options changed since it was saved; nothing was sent',
    hint: 'plan again, and look at the new plan',
  },
  {
    type: `${command} --max-changes 1`,
    exit: 22,
    says: '2 of 2 rows would be created, updated or removed, more than --max-changes allows',
    hint: 'is it the right file? bulk42 plan shows what would change',
  },
  {
    type: `${command} --max-requests 1`,
    exit: 75,
    says: 'stopped while planning, before anything was sent',
    hint: 'allow more requests or more time',
  },
];
