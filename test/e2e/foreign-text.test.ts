import {describe, expect, it} from 'vitest';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {csv, fast, fastReads, openStage} from './stage.ts';

/** A title, a cleared screen, a line written over, the clipboard, and a turned direction of writing. */
const hostile = '\u001b]0;pwned\u0007\u009b2J\u001b[H\rx\u001b]52;c;cm0=\u0007\u202e\u2028';
const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe('text from a file or the API has no power over the terminal, and none over the log', () => {
  const stages = async () => {
    const stage = await openStage();
    const quoted = (cell: string) => `"${cell}"`;
    stage.file('header.csv', csv(`user_id,godfather_id,${quoted(`evil${hostile}`)}`, '46,64,x'));
    stage.file('cells.csv', csv('user_id,godfather_id', `${quoted(`no${hostile}one`)},64`));
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1000,64', '1001,64'));
    const tale = JSON.stringify({errors: {godfather: [`${hostile} must exist`]}});
    stage.sandbox.addFault({
      on: {method: 'POST', path: 'patronages'},
      nth: 2,
      effect: 'none',
      answer: 'status',
      status: 422,
      contentType: 'application/json',
      body: tale,
    });
    return stage;
  };

  it.each([[], ['--json'], ['--verbose']])('shown with "%s"', async (...more) => {
    const stage = await stages();
    const commands = [
      ['validate', 'patronages', 'header.csv'],
      ['validate', 'patronages', 'cells.csv'],
      ['plan', 'patronages', 'pairs.csv', ...fastReads],
      ['run', 'patronages', 'pairs.csv', '--yes', '--concurrency', '1', ...fast],
      ['report', 'last'],
      ['run', `no${hostile}job`, 'pairs.csv', '--yes'],
      ['resume', `no${hostile}run`, '--yes'],
    ];
    let text = '';
    for (const command of commands) {
      const {stdout, stderr} = await stage.cli([...command, ...more]);
      text += stdout + stderr;
    }
    expect(text).toContain('must exist');
    expect(forbidden.exec(text)).toBeNull();
    const log = stage.output('run.log').trimEnd().split('\n');
    expect(log.length).toBeGreaterThan(1);
    for (const line of log) {
      expect(JSON.parse(line)).toMatchObject({event: expect.any(String)});
      expect(line.length).toBeLessThanOrEqual(1024);
    }
  });
});

describe('an error that is not caught', () => {
  const canary = 'Canary-31c9';
  const thrown = `Object.assign(new Error('${canary}', {cause: '${canary}'}), {headers: {token: '${canary}'}})`;
  it.each([
    ['thrown', `throw ${thrown}`],
    ['in a promise', `Promise.reject(${thrown})`],
    ['that is no error', `throw {password: '${canary}'}`],
  ])('ends the program with 70, shows nothing of it, and loses no row: %s', async (_what, act) => {
    const rows = 20;
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {latencyMs: 30}});
    // In the middle of a run: at its third answer.
    const script = `import {subscribe} from 'node:diagnostics_channel';
      let answers = 0;
      subscribe('undici:request:trailers', () => {
        if (++answers === 6) setTimeout(() => { ${act} }, 1);
      });`;
    const preload = `data:text/javascript,${encodeURIComponent(script)}`;
    const {code, stdout, stderr} = await trial.go(undefined, {node: ['--import', preload]});
    expect(code).toBe(70);
    expect(stderr).toMatch(/^bulk42: a bug: /m);
    expect(stdout + stderr).not.toContain(canary);
    const {violations} = await trial.check(false);
    expect(violations).toEqual([]);
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});
