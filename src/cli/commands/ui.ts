import {UsageError} from '../../errors.ts';
import {openBrowser} from '../../ui/open-browser.ts';
import {serveUi} from '../../ui/serve-ui.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf} from '../options.ts';
import type {uiOptions} from '../server-options.ts';
import type {Terminal} from '../terminal.ts';

/** The page, until a signal ends the process. A run that is under way is stopped in an orderly way first. */
export async function ui(args: ArgumentsOf<typeof uiOptions>, terminal: Terminal): Promise<CommandResult> {
  if (args.yes) throw new UsageError('the page asks before anything is sent', {hint: 'leave --yes away'});
  const {port, noOpen} = args;
  const settings = {...args, sandbox: args.sandbox || args.demo};
  const server = await serveUi({port, settings, stdin: terminal.stdin});
  terminal.result(`The page is at ${server.address}\nCtrl-C ends it.`);
  if (!noOpen) openBrowser(server.address);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(each, resolve);
  });
  await server.close();
  return {exitCode: 0, signal};
}
