import {describe, expect, it} from 'vitest';
import {commands, nameOf} from '../../src/cli/command-list.ts';
import {csv, errorOf, openStage} from '../e2e/stage.ts';
import {runHere} from '../helpers/run-here.ts';

describe('an option that is given twice', () => {
  const twice: Record<string, [string, string]> = {
    'on-invalid': ['skip', 'abort'],
    existing: ['send', 'fail'],
    timezone: ['Asia/Tokyo', 'Europe/Paris'],
    lines: ['2', '3-4'],
    limit: ['7', '2'],
    delimiter: ['semicolon', 'comma'],
    'max-changes': ['0', '5'],
  };

  it('counts with its last value, on every option of a plan', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('Filleul,Parrain', '46,64', '64,46', '46,2'));
    const args = Object.entries(twice).flatMap(([name, values]) =>
      values.flatMap((value) => [`--${name}`, value]),
    );
    const repeated = ['--map', 'user_id=Filleul', '--map', 'godfather_id=Parrain', '--set', 'ongoing=no'];
    const command = ['plan', 'patronages', 'pairs.csv', '--json', ...args, ...repeated];
    const {code, stdout, stderr} = await stage.cli(command);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(JSON.parse(stdout)).toMatchObject({
      existing: 'fail',
      onInvalid: 'abort',
      counts: {create: 2},
      options: {
        map: {user_id: 'Filleul', godfather_id: 'Parrain'},
        set: {ongoing: 'no'},
        timezone: 'Europe/Paris',
        lines: '3-4',
        limit: 2,
        delimiter: 'comma',
      },
    });
  });

  it('keeps an invalid row from being skipped where the last value is abort', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', ',46'));
    const abort = ['--on-invalid', 'abort', '--on-invalid', 'abort', '--json'];
    const refused = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...abort]);
    expect([refused.code, errorOf(refused).code]).toEqual([65, 'invalid_rows']);
    expect(stage.sandbox.ledger).toEqual([]);
  });

  it('has a value on every command: the last one, and not a list', () => {
    const lists: string[] = [];
    for (const command of commands) {
      for (const [name, {coerce, choices}] of Object.entries(command.options)) {
        if (coerce === undefined || ['map', 'set', 'each'].includes(name)) continue;
        const [first, last] = choices ? [choices[0], choices.at(-1)] : valuesOf(name);
        if (JSON.stringify(coerce([first, last])) !== JSON.stringify(coerce(last)))
          lists.push(`${nameOf(command)} --${name}`);
      }
    }
    expect(lists).toEqual([]);
  });
});

/** Two values that the option takes. */
function valuesOf(name: string): [string, string] {
  if (name === 'older-than') return ['30d', '90d'];
  if (name === 'until') return ['06:30', '07:45'];
  return name === 'notify' ? ['http://127.0.0.1/1', 'http://127.0.0.1/2'] : ['11', '12'];
}

it.each([
  ['plan patronages pairs.csv', '--yes'],
  ['plan patronages pairs.csv', '--notify=http://127.0.0.1/'],
  ['plan patronages pairs.csv', '--settle=1'],
  ['undo last', '--existing=send'],
  ['undo last', '--on-invalid=skip'],
  ['resume last', '--existing=send'],
  ['validate patronages pairs.csv', '--out=x'],
  ['jobs', '--out=x'],
])('bulk42 %s refuses %s, which would do nothing', async (typed, option) => {
  const {exit, shown} = await runHere([...typed.split(' '), option]);
  expect(exit).toBe(2);
  const [name = ''] = option.split('=');
  for (const fact of [`bulk42 ${typed.split(' ')[0]}`, `option ${name}`]) expect(shown).toContain(fact);
});

it.each(commands.map(nameOf))(
  'bulk42 %s takes the output options that scripts give to all commands',
  async (name) => {
    const options = ['--quiet', '--verbose', '--no-progress', '--no-color', '--json', '--frobnicate'];
    const {exit, out} = await runHere([name, ...options]);
    expect(exit).toBe(2);
    expect(out).not.toMatch(/--quiet|--verbose|--no-/);
  },
);
