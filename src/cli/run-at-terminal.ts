import {constants} from 'node:os';
import {type Declined, executeRun} from '../app/execute-run.ts';
import type {RunResult} from '../app/steps/finish-run.ts';
import type {RunSpec} from '../app/run-spec.ts';
import {Bulk42Error, Interrupted, UsageError} from '../errors.ts';
import type {CommandResult} from './command-result.ts';
import {printResult, type ResultArguments} from './print/print-result.ts';
import {TerminalIo, type TerminalIoArguments} from './terminal-io.ts';
import type {Terminal} from './terminal.ts';

/** Executes a run and prints how it ended. */
export async function runAndPrint(
  spec: RunSpec,
  args: TerminalIoArguments & ResultArguments,
  terminal: Terminal,
): Promise<CommandResult> {
  const io = new TerminalIo(args, terminal);
  return runAtTerminal(spec, io, (result) => {
    if ('declined' in result)
      throw new UsageError('the answer was no; nothing was sent', {code: 'declined', hint: undefined});
    printResult(result, args, terminal);
    const {exitCode, failure, unwritten} = result;
    // What went wrong by itself is more severe than that a person ended it.
    return io.signal && failure === undefined && !unwritten ? {exitCode, signal: io.signal} : {exitCode};
  });
}

/** A signal before anything was sent is no failure: the process ends by it. */
export async function runAtTerminal(
  spec: RunSpec,
  io: TerminalIo,
  finish: (result: RunResult | Declined) => CommandResult,
): Promise<CommandResult> {
  try {
    const result = await executeRun(spec, io).finally(() => io.clear());
    const ended = finish(result);
    await io.end(ended.exitCode, 'summary' in result ? result.summary : undefined);
    return ended;
  } catch (error) {
    if (error instanceof Interrupted && io.signal) {
      await io.end(128 + (constants.signals[io.signal] ?? 0));
      return {exitCode: 0, signal: io.signal};
    }
    await io.end(error instanceof Bulk42Error ? error.exitCode : 70);
    throw error;
  }
}
