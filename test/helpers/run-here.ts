import {Readable} from 'node:stream';
import pc from 'picocolors';
import {runCommandLine} from '../../src/cli/parser.ts';
import type {Terminal} from '../../src/cli/terminal.ts';
import {checkDocuments} from './documents/check-documents.ts';

/**
 * Runs a command line in this process, which is ten times as fast as a child. Without an answer there is no terminal to
 * ask at.
 */
export async function runHere(
  argv: readonly string[],
  answer?: string,
): Promise<{exit: number; out: string; shown: string}> {
  let [out, shown] = ['', ''];
  const terminal: Terminal = {
    commandLine: argv,
    result: (text) => void (out += `${text}\n`),
    error: (text) => void (shown += `${text}\n`),
    draw: () => undefined,
    canAsk: answer !== undefined,
    ask: () => Promise.resolve(answer ?? ''),
    isLive: false,
    width: () => 100,
    resultWidth: () => Infinity,
    colors: pc.createColors(false),
    plain: () => undefined,
    stdin: Readable.from([]),
  };
  const {exitCode} = await runCommandLine(argv, terminal);
  await checkDocuments(argv, {stdout: out, stderr: shown}, process.cwd());
  return {exit: exitCode, out, shown};
}
