import {describe, expect, it} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server.ts';
import {applied, counts, csv, openStage, outcomes, type Stage} from './stage.ts';

// What the run itself wrote is no longer remembered when the next one begins: a reading alone tells what exists.
const command = ['run', 'patronages', 'pairs.csv', '--yes', '--per-second', '1000', '--settle', '0'];
const rows = csv('user_id,godfather_id', '46,64', '64,46');
const jsonAnswer = (status: number, body: string) =>
  ({effect: 'none', answer: 'status', status, contentType: 'application/json', body}) as const;

describe('a file that is run again', () => {
  it('6: creates nothing twice where the list answers once with something else', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', rows);
    expect((await stage.cli(command)).code).toBe(0);
    for (const fault of [
      jsonAnswer(200, '{"status":"maintenance"}'),
      jsonAnswer(200, 'null'),
      // Without its total it proves no more than a message does.
      jsonAnswer(200, '[]'),
      jsonAnswer(404, '{}'),
      jsonAnswer(400, '{"error":"Bad request"}'),
      jsonAnswer(403, '{"error":"Forbidden"}'),
      jsonAnswer(422, '{"error":"Unprocessable"}'),
    ]) {
      stage.sandbox.addFault({on: {method: 'GET', path: 'patronages'}, times: 1, ...fault});
      const {code} = await stage.cli(command);
      const {status, body} = fault;
      expect({status, body, code, outcomes: outcomes(stage.report())}).toEqual({
        status,
        body,
        code: 0,
        outcomes: ['unchanged', 'unchanged'],
      });
    }
    expect(applied(stage.sandbox)).toHaveLength(2);
  });

  it.each([
    ['404 {}', jsonAnswer(404, '{}'), 75],
    ['403', jsonAnswer(403, '{"error":"Forbidden"}'), 77],
  ])('6: sends nothing where the list answers always with %s', async (_what, fault, exitCode) => {
    const stage = await openStage({faults: [{on: {method: 'GET', path: 'patronages'}, ...fault}]});
    stage.file('pairs.csv', rows);
    expect((await stage.cli(command)).code).toBe(exitCode);
    expect(applied(stage.sandbox)).toEqual([]);
  });

  it('is sent without looking where that is asked for', async () => {
    const forbidden = jsonAnswer(403, '{"error":"Forbidden"}');
    const stage = await openStage({faults: [{on: {method: 'GET', path: 'patronages'}, ...forbidden}]});
    stage.file('pairs.csv', rows);
    expect((await stage.cli([...command, '--existing', 'send'])).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 2}));
  });
});

describe('8: a list of several pages', () => {
  const users = Array.from({length: 75}, (_, at) => 1000 + at);
  const godfathers = [64, 46];
  const pairs = users.flatMap((user) => godfathers.map((godfather) => `${user},${godfather}`));

  function seed({sandbox: {store}}: Stage): void {
    for (const user_id of users)
      for (const godfather_id of godfathers)
        store.patronages.insert((id) => ({
          id,
          user_id,
          godfather_id,
          ongoing: true,
          created_at: '',
          updated_at: '',
        }));
  }

  it.each<SandboxOptions>([
    {maxPageSize: 30, totals: 'missing'},
    {maxPageSize: 30, totals: 'too small'},
    {totals: 'too small'},
  ])('is read whole: %j', async (options) => {
    const stage = await openStage(options);
    seed(stage);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...pairs));
    expect((await stage.cli(command)).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({unchanged: 150}));
  });

  it('of which another client removes a record between two pages is read again', async () => {
    const opened: {stage?: Stage} = {};
    let readings = 0;
    const removeFirst = () => {
      const {patronages} = opened.stage?.sandbox.store ?? {};
      const [first] = patronages?.values() ?? [];
      if (++readings === 2 && first) patronages?.delete(first.id);
      return false;
    };
    const stage = await openStage({
      faults: [{on: {method: 'GET', path: 'patronages', body: removeFirst}, effect: 'none', answer: '500'}],
    });
    opened.stage = stage;
    seed(stage);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...pairs));
    expect((await stage.cli(command)).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 1, unchanged: 149}));
    expect(stage.sandbox.store.patronages.size).toBe(150);
  });
});
