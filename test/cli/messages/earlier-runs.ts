import {appendFileSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {systemClock} from '../../../src/clock.ts';
import {encodeEntry} from '../../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../../src/journal/entry.ts';
import {acquireLock} from '../../../src/files/lock.ts';
import {applicationOf, clientOf} from '../../../src/api/session.ts';
import type {Fault} from '../../../src/sandbox/faults.ts';
import {type Message, pairs, type Place} from './stage.ts';

const command = 'run patronages pairs.csv --yes --settle 0.1';
const creations = {method: 'POST', path: 'patronages'};
/** Applied without a response, and the list that would show it may not be read. */
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

/** Earlier runs: that are not there, go on elsewhere, left rows in doubt, or no longer fit. */
export const earlierRuns: Message[] = [
  {
    type: 'resume last',
    exit: 2,
    names: ['runs'],
    next: ['--out'],
  },
  {
    type: 'report yesterday --out elsewhere',
    exit: 2,
    names: ['yesterday'],
    next: ['bulk42 runs --out elsewhere'],
  },
  {
    type: 'report yesterday',
    exit: 2,
    names: ['yesterday'],
    next: ['bulk42 runs'],
  },
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => file('runs/20260101T000000Z-users/journal.ndjson', ''),
    exit: 2,
    names: ['<run>', 'empty'],
    next: ['bulk42 runs --remove <run>'],
  },
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => file('runs/20260101T000000Z-users/journal.ndjson/x', ''),
    exit: 66,
    names: ['<folder>/runs/<run>/journal.ndjson', 'EISDIR'],
    next: [],
  },
  {
    type: 'report last',
    async given(place) {
      await begin(place);
      const lines = readFileSync(journalOf(place), 'utf8').split('\n');
      writeFileSync(journalOf(place), lines.toSpliced(3, 1).join('\n'));
    },
    exit: 65,
    code: 'journal_corrupt',
    names: ['<folder>/runs/<run>/journal.ndjson', 'line 4'],
    next: ['copy'],
  },
  {
    type: 'report runs/20260101T000000Z-users',
    given: ({file}) => {
      const header = {k: 'header', v: 2, s: 0, b: 0, t: 0, input: {rows: 1}} as unknown as StampedEntry;
      file('runs/20260101T000000Z-users/journal.ndjson', encodeEntry(header));
    },
    exit: 65,
    code: 'journal_version',
    names: ['2', '1'],
    next: ['version'],
  },
  {
    type: command,
    given: (place) => hold(place, applicationOf(new URL(place.sandbox.url), clientOf(place.sandbox.uid))),
    exit: 23,
    names: ['application'],
    next: ['--wait-lock <seconds>'],
  },
  {
    type: 'resume last --yes',
    async given(place) {
      await leaveRow(place);
      await hold(place, `journal ${realpathSync(place.run())}`);
    },
    exit: 23,
    names: ['<run>'],
    next: ['--wait-lock <seconds>'],
  },
  {
    type: 'retry last',
    given: (place) => begin(place),
    exit: 2,
    code: 'nothing_to_retry',
    names: ['<run>'],
    next: undefined,
  },
  {
    type: 'retry last --yes',
    given: leaveDoubt,
    exit: 21,
    code: 'unsettled_run',
    names: ['<run>', '1', 'in doubt', 'retry log'],
    next: ['bulk42 resume <run>'],
  },
  {
    type: `${command} --limit 1`,
    given: leaveDoubt,
    exit: 21,
    code: 'unsettled_run',
    names: ['<run>', '1', 'in doubt', 'twice'],
    next: ['bulk42 resume <run>'],
  },
  {
    type: 'resolve last --line 7 --as applied',
    given: leaveDoubt,
    exit: 2,
    code: 'not_in_doubt',
    names: ['7', '<run>'],
    next: ['2'],
  },
  {
    type: 'runs --remove last',
    given: leaveDoubt,
    exit: 2,
    code: 'in_doubt',
    names: ['<run>', '1', 'in doubt'],
    next: ['bulk42 resume <run>', '--yes'],
  },
  {
    type: 'retry last --yes',
    async given(place) {
      await begin(place);
      await place.cli('undo', 'last', '--yes');
    },
    exit: 2,
    code: 'undo_not_retried',
    names: ['<run>', 'undo'],
    next: ['bulk42 undo <run>'],
  },
  {
    type: 'undo last --yes',
    async given(place) {
      await begin(place);
      await place.cli('undo', 'last', '--yes');
    },
    exit: 2,
    code: 'undo_not_undone',
    names: ['<run>', 'undo'],
    next: ['bulk42 run patronages <folder>/pairs.csv'],
  },
  {
    type: 'undo last --yes',
    async given(place) {
      place.file('people.csv', 'id,status\n46,admis\n');
      await place.cli('run', 'users', 'people.csv', '--yes');
    },
    exit: 2,
    code: 'nothing_to_undo',
    names: ['<run>'],
    next: undefined,
  },
  {
    type: 'resume last --yes',
    async given(place) {
      await leaveRow(place);
      place.file('pairs.csv', `${pairs}1,2\n`);
    },
    exit: 65,
    code: 'input_changed',
    names: ['<folder>/pairs.csv', '<run>'],
    next: [],
  },
  {
    type: 'report last',
    async given(place) {
      await begin(place);
      place.file('pairs.csv', `${pairs}1,2\n`);
    },
    exit: 65,
    code: 'input_changed',
    names: ['<folder>/pairs.csv', '<run>'],
    next: [],
  },
  {
    type: 'resume last --yes',
    given: leaveRow,
    env: {FORTYTWO_BASE_URL: 'https://api.example.org'},
    exit: 65,
    code: 'target_changed',
    names: ['<run>', '<api>', 'FORTYTWO_BASE_URL', 'https://api.example.org'],
    next: ['FORTYTWO_BASE_URL=<api>'],
  },
  {
    type: 'resume last --yes',
    given: leaveRow,
    env: {FORTYTWO_SECRET: ''},
    exit: 78,
    code: 'credentials_missing',
    names: ['FORTYTWO_SECRET'],
    next: ['.env', '--sandbox'],
  },
  {
    type: 'plan users people.csv --changed-since <run>',
    async given(place) {
      await begin(place);
      place.file('people.csv', 'id,status\n46,admis\n');
    },
    exit: 65,
    code: 'job_changed',
    names: ['<run>', 'job'],
    next: ['--changed-since'],
  },
  {
    type: 'plan patronages pairs.csv --changed-since <run>',
    async given(place) {
      await begin(place);
      rmSync(join(place.folder, place.run(), 'fingerprints'));
    },
    exit: 65,
    code: 'no_fingerprints',
    names: [],
    next: ['--changed-since'],
  },
  {
    type: 'run --plan plan.json --yes',
    async given(place) {
      await place.cli('plan', 'patronages', 'pairs.csv', '--save', 'plan.json');
      appendFileSync('pairs.csv', '1,2\n');
    },
    exit: 65,
    code: 'plan_stale',
    names: ['plan', 'CSV file'],
    next: ['plan'],
  },
  {
    type: 'run --plan plan.json --yes --set ongoing=false',
    async given(place) {
      await place.cli('plan', 'patronages', 'pairs.csv', '--save', 'plan.json', '--set', 'ongoing=true');
    },
    exit: 65,
    code: 'plan_stale',
    names: ['plan', 'options'],
    next: ['plan'],
  },
  {
    type: `${command} --max-changes 1`,
    exit: 22,
    code: 'max_changes',
    names: ['2', '--max-changes'],
    next: ['bulk42 plan'],
  },
  {
    type: `${command} --max-requests 1`,
    exit: 75,
    code: 'max_requests',
    names: [],
    next: ['requests', 'time'],
  },
];
