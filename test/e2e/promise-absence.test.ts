import {describe, expect, it} from 'vitest';
import {applied, counts, csv, fast, openStage, outcomes} from './stage.ts';

const command = ['run', 'patronages', 'pairs.csv', '--yes', ...fast];
const rows = csv('user_id,godfather_id', '46,64', '64,46');
const jsonAnswer = (status: number, body: string) =>
  ({effect: 'none', answer: 'status', status, contentType: 'application/json', body}) as const;

describe('a file that is run again', () => {
  it.each([
    ['200 with a message', jsonAnswer(200, '{"status":"maintenance"}')],
    ['200 with null', jsonAnswer(200, 'null')],
    ['404 {}', jsonAnswer(404, '{}')],
    ['400', jsonAnswer(400, '{"error":"Bad request"}')],
    ['403', jsonAnswer(403, '{"error":"Forbidden"}')],
    ['422', jsonAnswer(422, '{"error":"Unprocessable"}')],
  ])('creates nothing twice where the list answers once with %s', async (_what, fault) => {
    const stage = await openStage({
      // The first reading is that of the first run.
      faults: [{on: {method: 'GET', path: 'patronages'}, nth: 2, ...fault}],
    });
    stage.file('pairs.csv', rows);
    expect((await stage.cli(command)).code).toBe(0);
    expect((await stage.cli(command)).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['unchanged', 'unchanged']);
    expect(applied(stage.sandbox)).toHaveLength(2);
  });

  it.each([
    ['404 {}', jsonAnswer(404, '{}'), 75],
    ['403', jsonAnswer(403, '{"error":"Forbidden"}'), 77],
  ])('sends nothing where the list answers always with %s', async (_what, fault, exitCode) => {
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
