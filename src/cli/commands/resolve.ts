import {systemClock as clock} from '../../clock.ts';
import {UsageError} from '../../errors.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {Journal} from '../../journal/journal.ts';
import {appliedOutcomes, type WriteAction} from '../../outcome.ts';
import {acquireLock} from '../../files/lock.ts';
import {readConfig} from '../../config.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {readJournal, reopenInput} from '../../runs/reopen-run.ts';
import {findRun} from '../../runs/run-directory.ts';
import {applicationOf} from '../../api/session.ts';
import type {ArgumentsOf, resolveOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import type {Terminal} from '../terminal.ts';
import {writeReports} from './report.ts';

type ResolveArguments = ArgumentsOf<typeof resolveOptions> & {run: string};

/** A person's word on a row in doubt. `--line` is the line in the first file, as reports name it. */
export async function resolve(args: ResolveArguments, terminal: Terminal): Promise<CommandResult> {
  const directory = await findRun(args.run, args.out);
  const {header} = await readJournal(directory);
  // The lock of whoever could be carrying out this run.
  const folder = readConfig().stateFolder;
  const locks = [
    await acquireLock({name: applicationOf(new URL(header.baseUrl), header.client), folder, clock}),
  ];
  try {
    locks.push(await lockRun(directory, folder, clock));
    const replayed = await readJournal(directory);
    const {states, end} = replayed;
    const job = await loadJob(header.jobFile ?? header.job);
    const input = await reopenInput(directory, header, job, new Date(clock.wall()));
    let line: number | undefined;
    const doubtful: number[] = [];
    let action: WriteAction = header.undoOf === undefined ? 'create' : 'remove';
    for await (const batch of input.rows()) {
      for (const each of batch) if (states.outcome(each.line) === 'in_doubt') doubtful.push(each.origin);
      const row = batch.find(({origin}) => origin === args.line);
      if (!row) continue;
      line = row.line;
      if (
        action === 'create' &&
        'values' in row.parsed &&
        job.definition.request(row.parsed.values).method === 'PUT'
      )
        action = 'update';
    }
    await input.close();
    if (line === undefined || states.outcome(line) !== 'in_doubt') {
      throw new UsageError(`line ${args.line} of run ${directory.id} is not in doubt`, {
        code: 'not_in_doubt',
        hint:
          doubtful.length > 0 ? `lines in doubt: ${doubtful.join(', ')}` : 'no line of this run is in doubt',
      });
    }
    const journal = await Journal.reopen(directory.journal, clock, end, (entry) => states.fold(entry));
    const a = states.row(line).attempts;
    await journal.append(
      args.as === 'applied'
        ? {k: 'done', r: line, a, o: appliedOutcomes[action], via: 'person'}
        : {
            k: 'done',
            r: line,
            a,
            o: 'failed',
            via: 'person',
            code: 'not_applied',
            msg: 'a person found that it was not applied',
          },
    );
    await journal.close();
    return await writeReports(directory, await readJournal(directory), args, terminal);
  } finally {
    for (const lock of locks.toReversed()) await lock.release();
  }
}
