import {describe, expect, it} from 'vitest';
import {until} from '../helpers/until.ts';
import {applied, counts, csv, errorOf, fast, openStage, writes} from './stage.ts';

const on = {method: 'POST', path: 'patronages'};
const command = ['run', 'patronages', 'pairs.csv', '--yes', ...fast];

describe('an undo', () => {
  it('that was killed goes on when it is typed again, and no second one begins beside it', async () => {
    const slow = {
      on: {method: 'DELETE', path: 'patronages'},
      nth: 2,
      effect: 'before',
      answer: 'hang',
    } as const;
    const stage = await openStage({faults: [slow]});
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64'));
    expect((await stage.cli([...command])).code).toBe(0);
    const [run = ''] = stage.runs();
    const {child, ended} = stage.start(['undo', run, '--yes', '--concurrency', '1', ...fast]);
    await until(() => applied(stage.sandbox).length === 5);
    child.kill('SIGKILL');
    await ended;
    expect((await stage.cli(['undo', run, '--yes', ...fast])).code).toBe(0);
    expect(stage.runs()).toHaveLength(2);
    expect(stage.summary().counts).toEqual(counts({removed: 3}));
    expect(writes(stage.sandbox).filter(({method}) => method === 'DELETE')).toHaveLength(3);
  });

  it('that was left is named where its run has created more since', async () => {
    const refused = {on, nth: 2, effect: 'none', answer: 'redirect', status: 301} as const;
    const stuck = {
      on: {method: 'DELETE', path: 'patronages'},
      nth: 1,
      effect: 'none',
      answer: 'hang',
    } as const;
    const stage = await openStage({faults: [refused, stuck]});
    stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64'));
    expect((await stage.cli([...command, '--concurrency', '1'])).code).toBe(78);
    const [run = ''] = stage.runs();
    const {child, ended} = stage.start(['undo', run, '--yes', ...fast]);
    await until(() => writes(stage.sandbox).some(({method}) => method === 'DELETE'));
    child.kill('SIGKILL');
    await ended;
    const [, undo = ''] = stage.runs();
    expect((await stage.cli(['resume', run, '--yes', ...fast])).code).toBe(0);
    const second = await stage.cli(['undo', run, '--yes', '--json', ...fast]);
    expect(errorOf(second)).toMatchObject({
      code: 'unfinished_run',
      exitCode: 2,
      hint: `bulk42 resume ${undo}`,
    });
    expect((await stage.cli(['resume', undo, '--yes', ...fast])).code).toBe(0);
    expect((await stage.cli(['undo', run, '--yes', ...fast])).code).toBe(0);
    expect(stage.sandbox.store.patronages.size).toBe(0);
  });
});
