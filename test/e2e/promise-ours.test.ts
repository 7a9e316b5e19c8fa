import {cpSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {handlesSignals} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {
  applied,
  counts,
  createGate,
  csv,
  errorOf,
  fast,
  openStage,
  outcomes,
  type Stage,
  writes,
} from './stage.ts';

const on = {method: 'POST', path: 'patronages'};
const command = ['run', 'patronages', 'pairs.csv', '--yes', ...fast];

/** The same pair by another client, at the moment in which the n-th creation of ours arrives. */
function openRival(nth: number, fault: Pick<Fault, 'effect' | 'answer'>) {
  let creations = 0;
  let rival: number | undefined;
  const opened: {stage?: Stage} = {};
  const body = () => {
    if (++creations === nth) {
      const pair = {user_id: 1001, godfather_id: 64, ongoing: true, created_at: '', updated_at: ''};
      rival = opened.stage?.sandbox.store.patronages.insert((id) => ({id, ...pair})).id;
    }
    return creations === nth + 1;
  };
  return {opened, fault: {on: {...on, body}, ...fault} satisfies Fault, rival: () => rival};
}

describe('what another client made after the plan', () => {
  it.each([
    ['409', {effect: 'none', answer: '409'}],
    ['no answer', {effect: 'none', answer: 'reset'}],
  ] as const)('21: is not ours where our creation gets %s, and no undo removes it', async (_, fault) => {
    const rival = openRival(1, fault);
    const stage = await openStage({faults: [rival.fault]});
    rival.opened.stage = stage;
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64'));
    expect((await stage.cli([...command, '--concurrency', '1'])).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['created', 'unchanged']);
    expect(stage.report()[1]).toMatchObject({
      bulk42_id: String(rival.rival()),
      bulk42_code: '',
    });
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(0);
    expect([...stage.sandbox.store.patronages.values()].map(({id}) => id)).toEqual([rival.rival()]);
  });

  it('21: is not ours where it was made at the moment of our 409', async () => {
    const stage = await openStage();
    const pair = {user_id: 1001, godfather_id: 64, ongoing: true, created_at: '', updated_at: ''};
    const body = () => stage.sandbox.store.patronages.insert((id) => ({id, ...pair})).id > 0;
    stage.sandbox.addFault({on: {...on, body}, times: 1, effect: 'none', answer: '409'});
    stage.file('pairs.csv', csv('user_id,godfather_id', '1001,64'));
    expect((await stage.cli(command)).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['unchanged']);
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(2);
    expect(stage.sandbox.store.patronages.size).toBe(1);
  });

  it('21: a 201 that names another target is in doubt, and read back', async () => {
    const body = JSON.stringify({id: 999, user_id: 46, godfather_id: 64});
    const stage = await openStage({
      faults: [
        {
          on,
          times: 1,
          effect: 'before',
          answer: 'status',
          status: 201,
          contentType: 'application/json',
          body,
        },
      ],
    });
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64'));
    expect((await stage.cli(command)).code).toBe(0);
    const [own] = applied(stage.sandbox);
    expect(stage.report()[0]).toMatchObject({bulk42_outcome: 'created', bulk42_id: String(own?.applied?.id)});
  });

  it('10: --existing send: a lost response is settled by ids, whatever the clocks say', async () => {
    const stage = await openStage({
      // The API's clock is an hour behind what its records say.
      now: () => Date.now() - 3_600_000,
      faults: [{on, times: 1, effect: 'before', answer: 'reset'}],
    });
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64'));
    const clock = {
      node: ['--import', join(import.meta.dirname, '../helpers/shifted-clock.mjs')],
      env: {CLOCK_SHIFT: '7200000'},
    };
    expect((await stage.cli([...command, '--existing', 'send'], clock)).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(1);
    expect(outcomes(stage.report())).toEqual(['created']);
  });

  it('10: --existing send: without a baseline the row stays in doubt', async () => {
    const stage = await openStage({
      faults: [
        {on: {method: 'GET', path: 'patronages'}, times: 2, effect: 'none', answer: '403-role'},
        {on, times: 1, effect: 'before', answer: 'reset'},
      ],
    });
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64'));
    expect((await stage.cli([...command, '--existing', 'send'])).code).toBe(21);
    expect(applied(stage.sandbox)).toHaveLength(1);
  });
});

describe('9: a text that the server keeps in another form', () => {
  const reason = `Three  absences, cafe\u0301 &\r\nno answer ${'x'.repeat(280)}`;
  /** The close whose response is lost is kept in this form. */
  async function closeOnce(form: (text: string) => string) {
    const opened: {stage?: Stage} = {};
    const keep = () => {
      const {closes} = opened.stage?.sandbox.store ?? {};
      for (const close of closes?.values() ?? []) closes?.set(close.id, {...close, reason: form(reason)});
      return false;
    };
    const stage = await openStage({
      faults: [
        {on: {method: 'GET', path: 'closes', body: keep}, effect: 'none', answer: '500'},
        {on: {method: 'POST', path: 'closes'}, times: 1, effect: 'before', answer: 'reset'},
      ],
    });
    opened.stage = stage;
    stage.file('closes.csv', csv('user_id,closer_id,kind,reason', `1000,64,other,"${reason}"`));
    const close = ['run', 'closes', 'closes.csv', '--yes', ...fast];
    return {stage, close, first: await stage.cli(close)};
  }

  it.each<[string, (text: string) => string]>([
    ['with its spaces joined', (text) => text.replaceAll(/\s+/g, ' ')],
    ['escaped', (text) => text.replaceAll('&', '&amp;')],
    ['with other line ends', (text) => text.replaceAll('\r\n', '\n')],
    ['cut', (text) => text.slice(0, 255)],
    ['with its letters composed', (text) => text.normalize('NFC')],
  ])('is found %s: no second close, and none by the same command later', async (_, form) => {
    const {stage, close, first} = await closeOnce(form);
    expect(first.code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['created']);
    expect((await stage.cli(close)).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(1);
  });

  it('leaves the row in doubt where the form is none that is known', async () => {
    const {stage, first} = await closeOnce((text) => text.toUpperCase());
    expect(first.code).toBe(21);
    expect(applied(stage.sandbox)).toHaveLength(1);
  });
});

describe('undo', () => {
  const remove = {method: 'DELETE', path: 'patronages'};

  it('22: a removal that is answered 404 is read back: it is not gone', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64'));
    expect((await stage.cli(command)).code).toBe(0);
    // Gone by hand, which a reading shows.
    const [first = 0] = [...stage.sandbox.store.patronages.values()].map(({id}) => id);
    stage.sandbox.store.patronages.delete(first);
    stage.sandbox.addFault({on: remove, effect: 'none', answer: '404-empty-object'});
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(20);
    expect(outcomes(stage.report())).toEqual(['removed', 'failed']);
    expect(stage.sandbox.store.patronages.size).toBe(1);
  });

  it('23: of an enrolment that has begun tells that its date was changed, where its removal is refused', async () => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id,cursus_id,begin_at', '1000,9,2020-02-03T08:00:00Z'));
    expect((await stage.cli(['run', 'cursus-users', 'rows.csv', '--yes', ...fast])).code).toBe(0);
    const fault = {effect: 'none', answer: 'status', status: 422, contentType: 'application/json'} as const;
    stage.sandbox.addFault({
      on: {method: 'DELETE', path: 'cursus_users'},
      ...fault,
      body: '{"errors":{"base":["no"]}}',
    });
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(20);
    const [row] = stage.report();
    expect(row).toMatchObject({bulk42_outcome: 'failed'});
    const [enrolment] = stage.sandbox.store.cursusUsers.by('user_id', 1000);
    expect(row?.['bulk42_message']).toContain(`begin_at is ${enrolment?.begin_at ?? ''} now`);
  });

  it('24: that waits for its run removes all that this created', async () => {
    const gate = createGate(2);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64'));
    const run = stage.start([...command, '--concurrency', '1']);
    await gate.reached();
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(23);
    const undo = stage.start(['undo', 'last', '--yes', '--wait-lock', '60', ...fast]);
    // Long enough for it to have read the journal, if it did so now.
    await sleep(1500);
    gate.open();
    expect((await run.ended).code).toBe(0);
    expect((await undo.ended).code).toBe(0);
    expect(stage.sandbox.store.patronages.size).toBe(0);
    expect(stage.summary().counts).toEqual(counts({removed: 3}));
  });

  it('24: is refused where its run went on while it waited for another one', async () => {
    const gate = createGate(4);
    const stage = await openStage(gate.options);
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64'));
    stage.file('other.csv', csv('user_id,godfather_id', '1003,64', '1004,64'));
    stage.sandbox.addFault({on, nth: 2, effect: 'none', answer: 'redirect', status: 301});
    expect((await stage.cli([...command, '--concurrency', '1'])).code).toBe(78);
    const [run = ''] = stage.runs();
    const journal = join(stage.folder, 'runs', run, 'journal.ndjson');
    cpSync(journal, `${journal}-stopped`);
    expect((await stage.cli(['resume', run, '--yes', ...fast])).code).toBe(0);
    cpSync(journal, `${journal}-finished`);
    cpSync(`${journal}-stopped`, journal);
    const busy = stage.start(['run', 'patronages', 'other.csv', '--yes', '--concurrency', '1', ...fast]);
    await gate.reached();
    const undo = stage.start(['undo', run, '--yes', '--json', '--wait-lock', '60', ...fast]);
    await until(() => handlesSignals(undo.child));
    cpSync(`${journal}-finished`, journal);
    gate.open();
    expect((await busy.ended).code).toBe(0);
    const refused = await undo.ended;
    expect(errorOf(refused)).toMatchObject({code: 'run_changed', exitCode: 65});
    expect(writes(stage.sandbox).some(({method}) => method === 'DELETE')).toBe(false);
  });
});

it('25: a close of another kind is not the row’s where the server ignores the filter that alone knows the kind', async () => {
  const close = {
    id: 77,
    user: {id: 1000},
    closer: {id: 64},
    reason: 'Absent',
    end_at: null,
    community_services: [],
  };
  const list = {
    answer: 'status',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify([close]),
  } as const;
  const stage = await openStage({faults: [{on: {method: 'GET', path: 'closes'}, effect: 'none', ...list}]});
  stage.file('closes.csv', csv('user_id,closer_id,kind,reason', '1000,64,deserter,Absent'));
  const result = await stage.cli(['run', 'closes', 'closes.csv', '--yes', '--json', ...fast]);
  expect(errorOf(result)).toMatchObject({code: 'existing_unreadable', exitCode: 77});
  expect(writes(stage.sandbox)).toEqual([]);
});
