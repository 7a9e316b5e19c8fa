import {copyFileSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {systemClock} from '../../../src/clock.ts';
import {jobFor} from '../../../src/job/job-for.ts';
import {loadJob} from '../../../src/job/load-jobs.ts';
import {Journal} from '../../../src/journal/journal.ts';
import {replay} from '../../../src/journal/replay.ts';
import {writeOutputs} from '../../../src/report/write-outputs.ts';
import {reopenInput} from '../../../src/runs/reopen-run.ts';
import {runDirectory} from '../../../src/runs/run-directory.ts';

/** The derived files of a run, made anew in another folder. */
export async function rebuild(run: string, folder: string): Promise<Map<string, string>> {
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const directory = runDirectory(run);
  const replayed = await replay(directory.journal);
  if (!replayed) throw new Error('an empty journal');
  const {header} = replayed;
  const job = jobFor(await loadJob(header.jobFile ?? header.job), header.existing);
  const input = await reopenInput(directory, header, job, new Date());
  try {
    await writeOutputs(runDirectory(folder), replayed, input);
  } finally {
    await input.close();
  }
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Cuts off a copy's torn end, twice, and gives the copy's bytes after each time. */
export async function recoverTwice(run: string, folder: string): Promise<[Buffer, Buffer]> {
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const path = join(folder, 'journal.ndjson');
  copyFileSync(join(run, 'journal.ndjson'), path);
  const recover = async () => {
    const replayed = await replay(path);
    if (replayed) await (await Journal.reopen(path, systemClock, replayed.end, () => undefined)).close();
    return readFileSync(path);
  };
  return [await recover(), await recover()];
}
