#!/usr/bin/env node
import {isSupported, minNode, version} from './version.ts';

/**
 * argv in, exit code out: the only file that sets the exit code. It never calls process.exit with output pending,
 * since a slow pipe would lose it; it sets the code and lets the event loop run dry.
 */
// A reader that went away (`bulk42 … | head -1`) ends the printing, never the run.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// By default this signal opens a debugger port, through which another user could read the secret.
process.on('SIGUSR1', () => undefined);

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === '--version') {
  // Asked in scripts and by other programs, for whom loading the rest would double the time.
  process.stdout.write(`${version}\n`);
} else if (isSupported(process.versions.node)) {
  await runCommand();
} else {
  // An older one would end in a stack trace about whatever it does not know first.
  process.stderr.write(
    `bulk42 needs Node ${minNode} or later, and this is ${process.versions.node}: nodejs.org has it\n`,
  );
  process.exitCode = 78;
}

async function runCommand(): Promise<void> {
  const [{createTerminal}, {runCommandLine}] = await Promise.all([
    import('./cli/terminal.ts'),
    import('./cli/parser.ts'),
  ]);
  const terminal = createTerminal(process);
  let ending = false;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (ending) return;
      ending = true;
      terminal.error(
        `bulk42: a bug: ${error instanceof Error ? error.name : 'unknown'}; run with --verbose and report it`,
      );
      process.exit(70);
    });
  }

  const {exitCode, signal} = await runCommandLine(argv, terminal);
  process.exitCode = exitCode;
  if (signal) {
    // The parent must see that a signal ended us, and which; the handlers are gone by now.
    process.kill(process.pid, signal);
  } else {
    // Whatever is still open after everything was closed is a bug; it must not keep a cron job alive for ever.
    setTimeout(() => {
      terminal.error('bulk42: something was left open at the end; please report it');
      process.exit(70);
    }, 5000).unref();
  }
}
