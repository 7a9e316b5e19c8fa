import pc from 'picocolors';
import {readTerminalFacts} from '../config.ts';
import {Interrupted, UsageError} from '../errors.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Where a command talks: results to stdout, everything else to stderr. The only place that writes to either. */
export interface Terminal {
  /** A result: a line or a document. */
  result(text: string): void;
  /** A line for the person at the terminal. */
  error(text: string): void;
  /** Writes to stderr as it is, for a line that is drawn again and again. */
  draw(text: string): void;
  /** There is a person to ask. */
  canAsk: boolean;
  /** Asks, until the signal aborts.
   *
   * @throws UsageError without an answer, Interrupted when it is no longer wanted
   */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** stderr is a terminal: a live line makes sense. */
  isLive: boolean;
  /** Columns of stderr. */
  width(): number;
  /** Columns for a result; without end where it goes into a file or to a program. */
  resultWidth(): number;
  colors: Colors;
  /** Colours off from now on. */
  plain(): void;
  stdin: NodeJS.ReadableStream;
  /** The words after the program's name, for commands that are proposed. */
  commandLine: readonly string[];
}

export function createTerminal({
  stdin,
  stdout,
  stderr,
  argv,
}: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'argv'>): Terminal {
  const write = (stream: NodeJS.WriteStream, text: string) => {
    if (!stream.destroyed) stream.write(text);
  };
  const {isAttended, isDumb} = readTerminalFacts();
  const isTerminal = ({isTTY}: {isTTY?: boolean}) => Boolean(isTTY) && !isDumb;
  const terminal: Terminal = {
    result: (text) => write(stdout, `${text}\n`),
    error: (text) => write(stderr, `${text}\n`),
    draw: (text) => write(stderr, text),
    canAsk: isAttended && isTerminal(stdin) && isTerminal(stderr),
    async ask(question, signal) {
      // Loaded here, since most commands ask nothing.
      const {createInterface} = await import('node:readline/promises');
      const dialogue = createInterface({input: stdin, output: stderr});
      // Ctrl-C and the end of the input are answers too: no.
      const hungUp = new AbortController();
      for (const event of ['SIGINT', 'close']) dialogue.once(event, () => hungUp.abort());
      try {
        const ended = AbortSignal.any([signal, hungUp.signal]);
        return (await dialogue.question(question, {signal: ended})).trim();
      } catch {
        if (signal.aborted) throw new Interrupted();
        throw new UsageError('no answer; nothing was sent', {code: 'declined', hint: undefined});
      } finally {
        dialogue.close();
      }
    },
    isLive: isTerminal(stderr),
    width: () => stderr.columns || 80,
    resultWidth: () => (isTerminal(stdout) ? stdout.columns || 80 : Infinity),
    // NO_COLOR and its relatives are the library's to know.
    colors: pc.createColors(pc.isColorSupported && isTerminal(stdout) && isTerminal(stderr)),
    plain() {
      terminal.colors = pc.createColors(false);
    },
    stdin,
    commandLine: argv.slice(2),
  };
  return terminal;
}
