import type {ChildProcess} from 'node:child_process';
import {onTestFinished} from 'vitest';
import {until} from '../helpers/until.ts';
import type {Stage} from '../e2e/stage.ts';

export interface Ui {
  child: ChildProcess;
  /** With the token. */
  address: string;
  origin: string;
  token: string;
}

/** `bulk42 ui` as a process of its own, ended with the test. */
export async function openUi({start}: Pick<Stage, 'start'>, ...more: string[]): Promise<Ui> {
  const {child, ended} = start(['ui', '--no-open', '--per-second', '1000', '--settle', '0.3', ...more]);
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until(() => printed.includes('http://'), 'the address is printed');
  const [address = ''] = /http\S+/.exec(printed) ?? [];
  const {origin, hash} = new URL(address);
  return {child, address, origin, token: hash.slice(1)};
}
