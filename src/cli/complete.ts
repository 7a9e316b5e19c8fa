import {listJobs, loadJob} from '../job/load-jobs.ts';
import {listRunDirectories} from '../runs/run-directory.ts';
import {commands, nameOf} from './command-list.ts';
import {globalOptions} from './options.ts';

/**
 * Shell completion of the last of `words` (the program's name left out): commands, jobs, runs, options and those of
 * their values that can be listed. Where it has nothing to offer, the shell completes file names.
 */
export async function complete(words: readonly string[]): Promise<string[]> {
  const [name = '', job = ''] = words;
  const current = (words.at(-1) ?? '').trim();
  if (words.length <= 1) return commands.map(nameOf);
  const command = commands.find((each) => nameOf(each) === name);
  if (!command) return [];
  if (current.startsWith('-')) {
    return Object.keys({...command.options, ...globalOptions}).map((option) => `--${option}`);
  }
  const before = words.at(-2) ?? '';
  if (before === '--remove') return listRuns();
  if (before === '--set' || before === '--map' || before === '--each') return listColumns(job);
  if (before.startsWith('--')) return (command.options[before.slice(2)]?.choices ?? []).map(String);
  if (words.length > 2) return [];
  if (name === 'completion') return ['bash', 'zsh', 'fish', 'powershell'];
  if (/[<[]job[>\]]/.test(command.usage)) return listJobs();
  return command.usage.includes('<run>') ? listRuns() : [];
}

/** `user_id=`, to be followed by what the option takes; of a job that cannot be loaded there is nothing to offer. */
async function listColumns(job: string): Promise<string[]> {
  const loaded = await loadJob(job).catch(() => undefined);
  return loaded?.columns.map(({name}) => `${name}=`) ?? [];
}

async function listRuns(): Promise<string[]> {
  return ['last', ...(await listRunDirectories('runs')).map(({id}) => id)];
}
