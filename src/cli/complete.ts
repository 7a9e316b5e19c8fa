import {listJobs} from '../job/load-jobs.ts';
import {listRunDirectories} from '../run/run-directory.ts';
import {commands} from './command-list.ts';
import {globalOptions} from './options.ts';

/** What the shell script of `bulk42 completion` calls, with the words of the line so far. */
export const completionFlag = '--get-yargs-completions';

/**
 * Shell completion of the last of `words` (the program's name left out): commands, jobs, runs and options. Where it
 * has nothing to offer, the shell completes file names.
 */
export async function complete(words: readonly string[]): Promise<string[]> {
  const [name = ''] = words;
  const current = words.at(-1) ?? '';
  if (words.length <= 1) return [...commands.map(({usage}) => usage.split(' ')[0] as string), 'completion'];
  const command = commands.find(({usage}) => usage.split(' ')[0] === name);
  if (!command) return [];
  if (current.startsWith('-')) {
    return Object.keys({...command.options, ...globalOptions}).map((option) => `--${option}`);
  }
  if (words.length > 2) return [];
  if (/[<[]job[>\]]/.test(command.usage)) return listJobs();
  if (command.usage.includes('<run>'))
    return ['last', ...(await listRunDirectories('runs')).map(({id}) => id)];
  return [];
}
