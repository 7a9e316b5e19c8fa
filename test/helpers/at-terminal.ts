import {spawn} from 'node:child_process';
import {stripVTControlCharacters} from 'node:util';
import {type CliOptions, environmentOf, program} from './run-cli.ts';

export interface TerminalOptions extends Pick<CliOptions, 'cwd' | 'api' | 'env'> {
  columns?: number;
  /** What a person types at each question, in their order. */
  answers?: [question: RegExp, answer: string][];
}

export interface TerminalResult {
  code: number | null;
  /** Everything that came to the screen, with its marks. */
  drawn: string;
  /** The same as lines of plain text, the last state of each. */
  lines: string[];
}

/** Runs the compiled program at a terminal of its own, which `script` of util-linux makes. */
export async function atTerminal(
  args: readonly string[],
  {columns = 100, answers = [], ...options}: TerminalOptions,
): Promise<TerminalResult> {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows 40; exec ${words}`, '/dev/null'], {
    cwd: options.cwd,
    env: {TERM: 'xterm-256color', SHELL: '/bin/sh', ...environmentOf(options)},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let drawn = '';
  const open = [...answers];
  child.stdout.on('data', (chunk: Buffer) => {
    drawn += chunk.toString();
    const [next] = open;
    if (!next || !next[0].test(stripVTControlCharacters(drawn))) return;
    open.shift();
    child.stdin.write(`${next[1]}\r`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const lines = drawn.split('\r\n').map((line) => stripVTControlCharacters(line.split('\r').at(-1) ?? ''));
  return {code, drawn, lines};
}
