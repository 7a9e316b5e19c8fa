import {UsageError} from '../errors.ts';
import {shellQuote} from '../shell-quote.ts';

/** @throws UsageError that says what is missing */
export function requireJobAndFile<A extends {job?: string; file?: string}>(
  args: A,
): A & {job: string; file: string} {
  const {job, file} = args;
  if (job !== undefined && file !== undefined) return {...args, job, file};
  if (job === undefined) {
    throw new UsageError('name a job and a CSV file', {
      hint: 'bulk42 run cursus-users piscine.csv; bulk42 jobs lists the jobs',
    });
  }
  throw new UsageError(`name a CSV file for ${job}`, {
    hint: `bulk42 run ${shellQuote(job)} rows.csv; bulk42 template ${shellQuote(job)} > rows.csv begins one`,
  });
}
