import {systemClock as clock} from '../../clock.ts';
import {InputError} from '../../errors.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {isUnfinished} from '../../run/find-unfinished.ts';
import {prepareInput} from '../../run/prepare-run.ts';
import {firstFileOf, inputPathOf, joinedColumns, readJournal} from '../../run/reopen-run.ts';
import {findRun} from '../../run/run-directory.ts';
import {requireSomebodyToAsk} from '../ask.ts';
import type {Ended} from '../parser.ts';
import {resumeFlow} from '../resume-flow.ts';
import {baseUrlOf, runFlow} from '../run-flow.ts';
import {type RunArguments, runSettings} from '../run-settings.ts';
import {openTarget} from '../target.ts';
import type {Terminal} from '../terminal.ts';
import {writeReports} from './report.ts';

export async function resume(args: RunArguments & {run: string}, terminal: Terminal): Promise<Ended> {
  runSettings(args);
  const directory = await findRun(args.run, args.out);
  const replayed = await readJournal(directory);
  if (!isUnfinished(replayed)) {
    // Only the reports may be missing, if the process died after its last row.
    return writeReports(directory, replayed, args, terminal);
  }
  const {header} = replayed;
  const now = new Date(clock.wall());
  const job = await loadJob(header.jobFile ?? header.job);
  const prepared = await prepareInput(inputPathOf(directory, header), job, header.shape, {
    now,
    joined: await joinedColumns(header, job, now),
    filesBeside: firstFileOf(directory, header).path,
  });
  try {
    if (prepared.checked.sha256 !== header.input.sha256) {
      throw new InputError(`${prepared.input.csv.path} changed since run ${directory.id} began`, {
        code: 'input_changed',
        hint: 'put the file back as it was; rows that are to be different belong in a new run',
      });
    }
    requireSomebodyToAsk({terminal, yes: args.yes});
    const target = await openTarget(args);
    const flow = resumeFlow({directory, replayed}, job, prepared, baseUrlOf(target));
    return await runFlow(flow, args, target, terminal);
  } finally {
    await prepared.input.close();
  }
}
