import {systemClock as clock} from '../clock.ts';
import {Bulk42Error} from '../errors.ts';
import {DisposerStack} from './disposer-stack.ts';
import {InputRows} from '../input/input-rows.ts';
import type {Job} from '../job/job.ts';
import {listJobs, loadJob} from '../job/load-jobs.ts';
import {openSource, type Source} from './open/open-source.ts';

/** The names of the jobs that can read a file with this header. */
export async function jobsThatFit(path: string): Promise<string[]> {
  const jobs = await Promise.all((await listJobs()).map(loadJob));
  const shape = {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false};
  await using stack = new DisposerStack();
  const source = await openSource(path, process.stdin, shape);
  stack.defer(() => source.close());
  const fits = await Promise.all(jobs.map((job) => fitsHeader(source, job)));
  return jobs.filter((_, at) => fits[at]).map(({name}) => name);
}

async function fitsHeader({path, shape}: Source, job: Job): Promise<boolean> {
  try {
    const input = await InputRows.open(path, job, shape, {now: new Date(clock.wall())});
    await input.close();
    return input.headerProblems.length === 0;
  } catch (error) {
    if (error instanceof Bulk42Error) return false;
    throw error;
  }
}
