import {expect, it} from 'vitest';
import {runCli, temporaryFolder} from '../helpers/run-cli.ts';

/**
 * Every command and option, as --help tells them. What changes here changes for everyone who has typed it into a cron
 * job: a renamed or removed line breaks them, an added one belongs into the README.
 */
it('the command line is the one that people have learnt', async () => {
  const cwd = temporaryFolder();
  const help = async (...args: string[]) => (await runCli([...args, '--help'], {cwd})).stdout.trimEnd();
  const overview = await help();
  const names = [...overview.matchAll(/^ {2}bulk42 ([a-z]+)/gm)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  const pages = await Promise.all(names.map((name) => help(name)));
  const text = [overview, ...pages].join(`\n\n${'-'.repeat(110)}\n\n`);
  await expect(`${text}\n`).toMatchFileSnapshot('surface.golden.txt');
});
