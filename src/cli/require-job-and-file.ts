import {stat} from 'node:fs/promises';
import {UsageError} from '../errors.ts';
import {shellQuote} from '../shell-quote.ts';

/** @throws UsageError that says what is missing, also where a file stands in the place of the job. */
export async function requireJobAndFile<A extends {job?: string; file?: string}>(
  args: A,
): Promise<A & {job: string; file: string}> {
  const {job, file} = args;
  if (job !== undefined && file !== undefined) return {...args, job, file};
  if (job === undefined) {
    throw new UsageError('name a job and a CSV file', {
      hint: 'bulk42 run cursus-users piscine.csv; bulk42 jobs lists the jobs',
    });
  }
  if (await isFile(job)) throw await fileInsteadOfJob(job);
  throw new UsageError(`name a CSV file for ${job}`, {
    hint: `bulk42 run ${shellQuote(job)} rows.csv; bulk42 template ${shellQuote(job)} > rows.csv begins one`,
  });
}

function isFile(path: string): Promise<boolean> {
  if (/\.[mc]?[jt]s$/.test(path)) return Promise.resolve(false);
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function fileInsteadOfJob(file: string): Promise<UsageError> {
  const {jobsThatFit} = await import('../app/jobs-that-fit.ts');
  const fitting = await jobsThatFit(file);
  const commands = fitting.map((job) => `bulk42 run ${job} ${shellQuote(file)}`);
  return new UsageError(`${file} is a file and no job`, {
    hint:
      commands.length > 0
        ? `its header fits: ${commands.join(', or ')}`
        : 'its header fits no job as it is; bulk42 jobs lists the jobs, --map reads a column from another header',
  });
}
