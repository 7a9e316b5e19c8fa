import {stat} from 'node:fs/promises';
import {UsageError} from '../errors.ts';
import {shellQuote} from '../shell-quote.ts';

/** @throws UsageError that names the jobs that fit, where a file of rows stands in the place of the job */
export async function refuseFileAsJob(command: string, given: string): Promise<void> {
  if (/\.[mc]?[jt]s$/.test(given)) return;
  const isFile = await stat(given).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) throw new UsageError(`${given} is a file and no job`, {hint: await jobsFor(command, given)});
  if (!/\.(?:csv|tsv|txt|xlsx?|ods)$/i.test(given)) return;
  throw new UsageError(`${given} is no job, and there is no such file`, {
    hint: 'the job comes first, then the file: bulk42 run cursus-users piscine.csv; bulk42 jobs lists the jobs',
  });
}

async function jobsFor(command: string, file: string): Promise<string> {
  const {jobsThatFit} = await import('../app/jobs-that-fit.ts');
  const takesFile = ['run', 'plan', 'validate', 'remove'].includes(command) ? command : 'run';
  const commands = (await jobsThatFit(file)).map((job) => `bulk42 ${takesFile} ${job} ${shellQuote(file)}`);
  return commands.length > 0
    ? `its header fits: ${commands.join(', or ')}`
    : `its header fits no job as it is; name the job (bulk42 jobs lists them), and it proposes the --map that is needed: bulk42 ${takesFile} cursus-users ${shellQuote(file)}`;
}
