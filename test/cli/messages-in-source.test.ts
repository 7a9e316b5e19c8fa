import {describe, expect, it} from 'vitest';
import {commands} from '../../src/cli/command-list.ts';
import {globalOptions} from '../../src/cli/options.ts';
import {apiMessages} from './messages-of-api.ts';
import {fileMessages} from './messages-of-files.ts';
import {ownJobMessages} from './messages-of-own-jobs.ts';
import {runMessages} from './messages-of-runs.ts';
import {environmentMessages, usageMessages} from './messages-of-words.ts';
import {errorSites} from './messages-in-source.ts';

const shown = [
  usageMessages,
  fileMessages,
  environmentMessages,
  runMessages,
  ownJobMessages,
  apiMessages,
].flat();
const sites = errorSites();
const messages = sites.map(({message}) => message);

/** Errors after which there is nothing to do, or whose hint comes from somewhere else. */
const withoutHint: Record<string, string> = {
  'the answer was no; nothing was sent': 'the person has just decided it',
  'no answer; nothing was sent': 'the person has just decided it',
  'run … left no row to retry': 'nothing is left to do',
  'run … created nothing that could be removed': 'nothing is left to do',
  message: 'the parser hands on the message alone, and usage-error.ts names --help',
};

/** Errors that name no path, line, run or value, since there is only one that they can be about. */
const withoutPlace: Record<string, string> = {
  'the API does not accept the access token that it has just given': 'there is one API',
  'the API does not accept FORTYTWO_UID and FORTYTWO_SECRET': 'they are named',
  'the API keeps failing: it gives server errors or no answer at all': 'there is one API',
  'a firewall in front of the API refuses this program (403 without an answer of the API)':
    'there is one API',
  'the API cannot be reached: no connection comes about': 'there is one API',
  'a path segment holds something else than letters, digits, _ and -': 'it may hold what is in a cell',
  'there is nobody to ask: this is no terminal, or the rows come from standard input': 'this command',
  'name a job and a CSV file': 'this command line',
  'stopped while planning, before anything was sent': 'this run, which has no folder yet',
  'the answer was no; nothing was sent': 'this run, which has no folder yet',
  'no answer; nothing was sent': 'this run, which has no folder yet',
  'NODE_TLS_REJECT_UNAUTHORIZED=0 would send secrets to anyone': 'it is named',
  'cannot read standard input': 'it is named',
  'another process has added to this journal meanwhile': 'the run that was named',
  'the earlier run keeps no record of its rows to compare with': 'the run that was named',
  'the URL of Redis is not one that bulk42 can use': 'it may hold a password',
  'another machine is at work on the rows of this file': 'the file that was named',
  'another machine has gone on with this run, or may have while Redis was away': 'the run that was named',
  'The faults are not valid JSON.': 'the file that was named',
  'The faults must be a JSON array.': 'the file that was named',
};

/** Errors that the tables here do not bring about, and what does. */
const elsewhere: Record<string, string> = {
  'no access token: the API …, … times': 'test/api: takes seconds of waiting',
  'the API does not accept the access token that it has just given': 'test/api',
  "the API's certificate is not valid (…)": 'test/e2e: needs a TLS server',
  'the API …': 'test/api: takes many refusals',
  'GET /v2/… failed … times (…)': 'test/e2e: takes seconds of waiting',
  'the API keeps failing: it gives server errors or no answer at all': 'test/run: takes minutes of waiting',
  'a firewall in front of the API refuses this program (403 without an answer of the API)':
    'test/run: takes minutes of waiting',
  'the API cannot be reached: no connection comes about': 'test/run: takes minutes of waiting',
  'the API answers 401 to line …, whichever access token it is sent with':
    'test/run: takes a minute of waiting',
  'Redis at … is version …': 'test/shared-budget',
  'Redis at … throws keys away when its memory is full (…)': 'test/shared-budget',
  'the certificate of … is not valid (…)': 'needs a Redis with TLS',
  '… does not let bulk42 in (…)': 'test/shared-budget',
  'what answers at … is no Redis': 'test/shared-budget',
  '… cannot be used: …': 'test/shared-budget',
  'Redis at … does not answer (…)': 'test/shared-budget',
  'another machine is at work on the rows of this file': 'test/shared-budget',
  'another machine has gone on with this run, or may have while Redis was away': 'test/shared-budget',
  'the API cannot be reached (…)': 'test/e2e: takes a quarter of an hour of waiting',
  'the journal cannot be written (…); nothing is sent without it': 'test/journal: needs a full disk',
  'another process has added to this journal meanwhile': 'test/journal: needs a second process',
  'cannot write …': 'needs a full disk',
  'cannot write …: it is a pipe or a device': 'test/csv',
  'cannot read standard input': 'test/csv',
  '…: the file changed while it was being read': 'test/csv',
  'the file … changed after it was checked': 'needs a file that changes within a run',
  'line … is no longer what was checked': 'needs a file that changes within a run',
  'run … went on meanwhile': 'needs a second process',
  'no answer; nothing was sent': 'needs a terminal that hangs up',
};

/** Places that hand on a text from somewhere else; each of those texts is in a table. */
const handedOn = ['message', 'busy'];

const pattern = (message: string) =>
  new RegExp(
    `^${message
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

it('the sources hold the errors that they seem to', () => {
  expect(sites.length).toBeGreaterThan(80);
  expect(messages).toContain('there is no job …');
  expect(messages).toContain('run … has … in doubt, which are in no retry log');
});

it('every error says what happened, and where', () => {
  const placeless = messages.filter(
    (message) =>
      message.length < 4 ||
      !(/…|\$\{/.test(message) || message in withoutPlace || handedOn.includes(message)),
  );
  expect(placeless).toEqual([]);
});

it('every error says what to do next, or there is nothing to do', () => {
  const helpless = sites.filter(
    ({message, facts}) =>
      !(/\bhint\b/.test(facts) && !/hint: ?undefined/.test(facts) && !/hint: ?(''|""|``)/.test(facts)) &&
      !(message in withoutHint),
  );
  expect(helpless).toEqual([]);
});

it('every error is brought about by a table, or somewhere else', () => {
  const unseen = messages.filter((message) => {
    const isShown = shown.some(({says}) => pattern(message).test(says));
    const isHandedOn = handedOn.includes(message) || message.startsWith('command ?');
    return !isShown && !isHandedOn && !(message in elsewhere);
  });
  expect(unseen).toEqual([]);
});

it('what a table brings about has the hint that the sources give it, or none for a reason', () => {
  const mute = shown.filter(
    ({says, hint}) => hint === '' && !Object.keys(withoutHint).some((message) => pattern(message).test(says)),
  );
  expect(mute).toEqual([]);
});

it('no reason speaks of an error that is gone', () => {
  const reasons = [withoutHint, withoutPlace, elsewhere].flatMap((each) => Object.keys(each));
  expect(reasons.filter((message) => !messages.includes(message))).toEqual([]);
});

describe('a hint names commands and options that exist', () => {
  const names = [...commands.map(({usage}) => usage.split(' ')[0] ?? ''), '<command>'];
  const options = [globalOptions, ...commands.map((command) => command.options)].flatMap((each) =>
    Object.keys(each),
  );
  const hints = [...sites.map(({facts}) => facts), ...shown.map(({hint}) => hint)];

  it('as for the commands', () => {
    const called = hints.flatMap((hint) =>
      [...hint.matchAll(/\bbulk42 ([a-z]+|<command>)/g)].map(([, name = '']) => name),
    );
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('as for the options', () => {
    const named = hints.flatMap((hint) =>
      [...hint.matchAll(/(?<![\w$`}-])--([a-z][a-z-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !['help', 'version', ...options].includes(name))).toEqual([]);
  });
});
