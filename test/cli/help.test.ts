import {describe, expect, it} from 'vitest';
import {commands, nameOf} from '../../src/cli/command-list.ts';
import {runHere} from '../helpers/run-here.ts';

const names = commands.map(nameOf);

describe('help', () => {
  it.each(names)('of %s shows an example', async (name) => {
    const {exit, out, shown} = await runHere([name, '--help']);
    expect({exit, shown}).toEqual({exit: 0, shown: ''});
    expect(out).toMatch(new RegExp(`Examples:\\s+bulk42 ${name}\\b`));
  });

  it('lists every command', async () => {
    const {exit, out} = await runHere(['--help']);
    expect(exit).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^ +bulk42 ${name}\\b`, 'm'));
  });

  it('is what a command line without a command shows, which is wrong', async () => {
    const {out} = await runHere(['--help']);
    expect(await runHere([])).toEqual({exit: 2, out: '', shown: out});
  });

  it('is what help gives, too', async () => {
    expect(await runHere(['help', 'retry'])).toEqual(await runHere(['retry', '--help']));
    expect(await runHere(['help'])).toEqual(await runHere(['--help']));
  });
});
