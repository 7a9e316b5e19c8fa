import {readFile} from 'node:fs/promises';
import {FileError} from '../../errors.ts';
import {parseFaults} from '../../sandbox/faults.ts';
import {resetRehearsal, serveRehearsal} from '../../app/rehearsal.ts';
import {stateFolder} from '../../config.ts';
import type {ArgumentsOf} from '../options.ts';
import type {sandboxOptions} from '../server-options.ts';
import type {CommandResult} from '../command-result.ts';
import {jsonDocument} from '../print/json-document.ts';
import type {Terminal} from '../terminal.ts';

/** An embedded 42 API that runs until a signal ends the process; its records outlive it. */
export async function sandbox(
  args: ArgumentsOf<typeof sandboxOptions>,
  terminal: Terminal,
): Promise<CommandResult> {
  const place = {out: args.out, stateFolder: stateFolder()};
  if (args.reset) {
    await resetRehearsal(place);
    terminal.error(`the records of rehearsals in ${args.out} are forgotten`);
    return {exitCode: 0};
  }
  const started = await serveRehearsal(place, {
    port: args.port,
    perSecond: args.perSecond || Infinity,
    perHour: args.perHour || Infinity,
    users: args.users,
    ...(args.faults !== undefined && {faults: parseFaults(await readFaults(args.faults))}),
  });
  const {url, uid, secret} = started;
  if (args.json) {
    terminal.result(jsonDocument({url, uid, secret}));
  } else {
    terminal.result(`The sandbox listens on ${url}. Point bulk42 at it in another terminal:\n`);
    terminal.result(
      `export FORTYTWO_BASE_URL=${url}\nexport FORTYTWO_UID=${uid}\nexport FORTYTWO_SECRET=${secret}\n`,
    );
    terminal.result(`Ctrl-C ends it. Its records are kept in ${args.out}, where --sandbox finds them too.`);
  }
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(each, resolve);
  });
  await started.close();
  return {exitCode: 0, signal};
}

function readFaults(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FileError(`cannot read ${path}`, {cause, hint: 'check the path'});
  });
}
