import {rehearsalUrl} from '../../journal/rehearsal.ts';
import type {TargetSettings} from '../target.ts';
import {access} from 'node:fs/promises';
import {isSameApi} from '../../api/canonical-url.ts';
import {readConfig} from '../../config.ts';
import {InputError} from '../../errors.ts';
import type {RowHashes} from '../../input/row-hashes.ts';
import type {Job} from '../../job/job.ts';
import type {Values} from '../../job/row.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import {Fingerprints} from '../../runs/fingerprints.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {isRemoval} from '../../journal/run-title.ts';
import {readJournalEnds} from '../../runs/read-journal-ends.ts';
import {readJournal} from '../../runs/reopen-run.ts';
import {findRun, listRunDirectories, type RunDirectory} from '../../runs/run-directory.ts';
import {writtenSince} from '../../runs/written-since.ts';
import type {RunIo} from '../run-io.ts';

export interface EarlierRun {
  directory: RunDirectory;
  header: HeaderEntry;
}

/** The keyed hash of the key of a row that is still as an earlier run left it; undefined for every other row. */
export type KeyOfSame = (values: Values) => Promise<string | undefined>;

/**
 * `--changed-since`: the run that rows are compared with; undefined where there is none.
 *
 * @throws InputError (exit 65) for a run of another job, or one that keeps no record of its rows
 */
export async function findEarlier(
  run: string | undefined,
  job: Job,
  settings: TargetSettings,
  io: Pick<RunIo, 'notice'>,
): Promise<EarlierRun | undefined> {
  if (run === undefined) return undefined;
  const {out} = settings;
  const known = run === 'last' ? await newestOf(job, settings) : await named(run, out);
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
  await Fingerprints.read(directory.fingerprints);
  return known;
}

/**
 * Recognizes the rows that were successful, cell for cell, in the earlier run, secrets and the contents of files
 * included, and that no other run has written since. Called under the lock, since another run may be writing until then.
 */
export async function rowsSameAs(
  {directory}: EarlierRun,
  job: Job,
  {ledger, hashes, io}: {ledger: ApplicationLedger; hashes: RowHashes; io: Pick<RunIo, 'notice'>},
): Promise<KeyOfSame | undefined> {
  const fingerprints = await Fingerprints.read(directory.fingerprints);
  const {hashKey} = ledger;
  const since =
    hashKey.id === fingerprints.keyId
      ? await writtenSince(directory, await ledger.runsOf(job.name), {job: job.name, keyId: hashKey.id})
      : {unknown: `the record of run ${directory.id} cannot be compared with: it was kept under another key`};
  if ('unknown' in since) {
    io.notice(`every row counts as changed: ${since.unknown}`);
    return undefined;
  }
  return async (values) => {
    const key = fingerprints.keyOf(await hashes.row(values));
    return key === undefined || since.keys.has(key) ? undefined : key;
  };
}

async function named(run: string, out: string): Promise<EarlierRun> {
  const directory = await findRun(run, out);
  const {header} = await readJournalEnds(directory.journal);
  return {directory, header: header ?? (await readJournal(directory)).header};
}

/** The newest run of this job against this API that keeps a record of its rows. */
async function newestOf(job: Job, settings: TargetSettings): Promise<EarlierRun | undefined> {
  const href = settings.sandbox ? rehearsalUrl : readConfig(settings).baseUrl.href;
  for (const directory of (await listRunDirectories(settings.out)).toReversed()) {
    // One that another version wrote is none to compare with.
    const {header} = await readJournalEnds(directory.journal).catch(() => ({header: undefined}));
    if (header?.job !== job.name || isRemoval(header) || !isSameApi(header.baseUrl, href)) continue;
    const keepsRecord = await access(directory.fingerprints).then(
      () => true,
      () => false,
    );
    if (keepsRecord) return {directory, header};
  }
  return undefined;
}
