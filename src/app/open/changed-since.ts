import {access} from 'node:fs/promises';
import {isSameApi} from '../../api/canonical-url.ts';
import {readConfig} from '../../config.ts';
import {InputError} from '../../errors.ts';
import type {Job} from '../../job/job.ts';
import type {Values} from '../../job/row.ts';
import {Fingerprints} from '../../runs/fingerprints.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {readJournalEnds} from '../../runs/read-journal-ends.ts';
import {readJournal} from '../../runs/reopen-run.ts';
import {findRun, listRunDirectories, type RunDirectory} from '../../runs/run-directory.ts';
import type {RunIo} from '../run-io.ts';

/** `--changed-since`: recognizes the rows that were successful, cell for cell, in an earlier run of the same job. */
export async function unchangedSince(
  run: string | undefined,
  job: Job,
  out: string,
  io: Pick<RunIo, 'notice'>,
): Promise<((values: Values) => boolean) | undefined> {
  if (run === undefined) return undefined;
  const known = run === 'last' ? await newestOf(job, out) : await named(run, out);
  if (!known) {
    // The first night of a nightly import: a delta to nothing is everything.
    io.notice(`no earlier run of ${job.name} in ${out} to compare with: every row counts as changed`);
    return undefined;
  }
  const {directory, header} = known;
  if (header.job !== job.name || header.jobHash !== job.hash) {
    throw new InputError(`run ${directory.id} was of another job, or of another version of it`, {
      code: 'job_changed',
      hint: 'run once without --changed-since',
    });
  }
  const fingerprints = await Fingerprints.read(directory.fingerprints, job);
  return (values) => fingerprints.has(values);
}

interface EarlierRun {
  directory: RunDirectory;
  header: HeaderEntry;
}

async function named(run: string, out: string): Promise<EarlierRun> {
  const directory = await findRun(run, out);
  const {header} = await readJournalEnds(directory.journal);
  return {directory, header: header ?? (await readJournal(directory)).header};
}

/** The newest run of this job against this API that keeps a record of its rows. */
async function newestOf(job: Job, out: string): Promise<EarlierRun | undefined> {
  const baseUrl = readConfig().baseUrl.href.replace(/\/$/, '');
  for (const directory of (await listRunDirectories(out)).toReversed()) {
    // One that another version wrote is none to compare with.
    const {header} = await readJournalEnds(directory.journal).catch(() => ({header: undefined}));
    if (header?.job !== job.name || !isSameApi(header.baseUrl, baseUrl)) continue;
    const keepsRecord = await access(directory.fingerprints).then(
      () => true,
      () => false,
    );
    if (keepsRecord) return {directory, header};
  }
  return undefined;
}
