import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {counts, csv, openStage, type Stage, writes} from './stage.ts';
import {until} from '../helpers/until.ts';

/** Runs what follows on a terminal of its own, notes its process id, and ends as it does (128 + n for signal n). */
const onTerminal = [
  'sh',
  '-c',
  `exec script -qec "echo \\$\\$ > pid; exec $(printf "'%s' " "$@")" /dev/null`,
  'sh',
];

/** Starts a run, and does something when its question is there. */
async function answer(
  stage: Stage,
  args: readonly string[],
  question: string,
  act: (keys: PassThrough) => void,
): Promise<{code: number | null; stdout: string}> {
  const keys = new PassThrough();
  const {child, ended} = stage.start([...args, '--per-second', '1000'], {under: onTerminal, input: keys});
  let shown = '';
  child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await until(() => shown.includes(question));
  expect(writes(stage.sandbox)).toEqual([]);
  act(keys);
  const result = await ended;
  keys.end();
  return result;
}

const type = (text: string) => (keys: PassThrough) => void keys.write(text);
const signal = (stage: Stage, name: NodeJS.Signals) => () =>
  void process.kill(Number(readFileSync(join(stage.folder, 'pid'), 'utf8')), name);

describe.runIf(process.platform === 'linux')('a run that has to be confirmed', () => {
  const command = ['run', 'patronages', 'pairs.csv'];
  const question = 'Send 2 rows? [y/N]';
  const openPairs = async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1009,1000'));
    return stage;
  };

  it('sends after a yes, having shown where to, the first rows, and how long it takes', async () => {
    const stage = await openPairs();
    const {code, stdout} = await answer(stage, command, question, type('y\n'));
    expect(code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 2}));
    for (const shown of [
      new URL(stage.sandbox.url).host,
      '2 to create',
      'user_id 46',
      '2 writes',
      'done about',
    ])
      expect(stdout).toContain(shown);
  });

  it.each([
    ['a no', type('n\n')],
    ['an empty line', type('\n')],
    ['Ctrl-C', type('\u0003')],
    ['Ctrl-D', type('\u0004')],
  ])('sends nothing after %s, and leaves no folder', async (_, act) => {
    const stage = await openPairs();
    expect((await answer(stage, command, question, act)).code).toBe(2);
    expect([writes(stage.sandbox), stage.runs()]).toEqual([[], []]);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('does not wait for an answer after a %s, and ends by it', async (name, code) => {
    const stage = await openPairs();
    expect((await answer(stage, command, question, signal(stage, name))).code).toBe(code);
    expect([writes(stage.sandbox), stage.runs()]).toEqual([[], []]);
  });

  it.each([
    ['the number of rows', '1\n', 0, 1],
    ['anything else', 'y\n', 2, 0],
  ])('takes %s where accounts are closed', async (_, keys, code, sent) => {
    const stage = await openStage();
    stage.file('closes.csv', csv('user_id,closer_id,kind,reason', '46,2,other,Slept in the cluster'));
    const result = await answer(stage, ['run', 'closes', 'closes.csv'], 'number of rows (1)', type(keys));
    expect(result.code).toBe(code);
    expect(writes(stage.sandbox)).toHaveLength(sent);
  });
});
