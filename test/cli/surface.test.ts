import {expect, it} from 'vitest';
import {runHere} from '../helpers/run-here.ts';

/**
 * Every command with its arguments and options, as --help shows them, without the prose. What changes here changes for
 * everyone who has typed it into a cron job: a line that goes away or becomes another one breaks them.
 */
it('the command line is the one that people know', async () => {
  const help = async (...args: string[]) => (await runHere([...args, '--help'])).out;
  const overview = await help();
  const usages = [...overview.matchAll(/^ {2}(bulk42 [a-z]+(?: [<[]\w+[>\]])*)/gm)].map(
    ([, usage]) => usage ?? '',
  );
  expect(usages.length).toBeGreaterThan(10);
  const surface: string[] = [];
  for (const usage of usages) {
    const page = await help(usage.split(' ')[1] ?? '');
    surface.push([usage, ...optionsOf(page).map((option) => `  ${option}`)].join('\n'));
  }
  await expect(`${surface.sort().join('\n')}\n`).toMatchFileSnapshot('surface.golden.txt');
});

/** `-y, --yes [boolean] [default: false]` for every option of a help page, in the order of the alphabet. */
function optionsOf(page: string): string[] {
  const options: string[] = [];
  for (const line of page.split('\n')) {
    if (/^ +(-\w, )?--[a-z-]+( |$)/.test(line)) options.push(line.trim());
    else if (/^ {20,}/.test(line)) options.push(`${options.pop() ?? ''} ${line.trim()}`);
  }
  return options
    .map((option) =>
      [/^(?:-\w, )?--[a-z-]+/.exec(option)?.[0] ?? '', ...(option.match(/\[[^\]]*\]/g) ?? [])].join(' '),
    )
    .sort((one, other) => (one.replace(/^-\w, /, '') < other.replace(/^-\w, /, '') ? -1 : 1));
}
