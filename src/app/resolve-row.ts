import {applicationOf} from '../api/session.ts';
import {systemClock as clock} from '../clock.ts';
import {stateFolder} from '../config.ts';
import {UsageError} from '../errors.ts';
import {acquireLock} from '../files/lock.ts';
import type {InputRows} from '../input/input-rows.ts';
import {loadJobOf} from '../runs/load-job-of.ts';
import {Journal} from '../journal/journal.ts';
import type {Replayed} from '../journal/replay.ts';
import {isRemoval} from '../journal/run-title.ts';
import {appliedOutcomes, type WriteAction} from '../outcome.ts';
import {targetOf} from '../plan/describe-row.ts';
import {lockRun} from '../runs/lock-run.ts';
import {readJournal, reopenInput} from '../runs/reopen-run.ts';
import {findRun} from '../runs/run-directory.ts';
import {DisposerStack} from './disposer-stack.ts';
import {writeReport, type WrittenReport} from './write-report.ts';

export interface Resolution {
  run: string;
  out: string;
  /** The line in the first file, as reports name it. */
  line: number;
  as: 'applied' | 'not-applied';
}

/** Settles a row in doubt as a person found it, and writes the outputs anew. `target`: whom or what the row is about. */
export async function resolveRow({
  run,
  out,
  line,
  as,
}: Resolution): Promise<WrittenReport & {target: string}> {
  await using stack = new DisposerStack();
  const directory = await findRun(run, out);
  const {header} = await readJournal(directory);
  // The lock of the process that may be executing this run.
  const folder = stateFolder();
  const application = applicationOf(new URL(header.baseUrl), header.client);
  const lock = await acquireLock({name: application, folder, clock});
  stack.defer(() => lock.release());
  const runLock = await lockRun(directory, folder, clock);
  stack.defer(() => runLock.release());
  const replayed = await readJournal(directory);
  const {states, end} = replayed;
  const job = await loadJobOf(directory, header, folder);
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  stack.defer(() => input.close());
  const row = await findInDoubt(input, replayed, line);
  const journal = await Journal.reopen(directory.journal, clock, end, (entry) => states.fold(entry));
  const done = {k: 'done', r: row.line, a: states.row(row.line).attempts, via: 'person'} as const;
  await journal.append(
    as === 'applied'
      ? {...done, o: appliedOutcomes[row.action], ...(row.id !== undefined && {id: row.id})}
      : {...done, o: 'failed', code: 'not_applied', msg: 'a person found that it was not applied'},
  );
  await journal.close();
  return {...(await writeReport(directory)), target: row.target};
}

interface RowInDoubt {
  line: number;
  target: string;
  action: WriteAction;
  /** Of the record that it updates or removes. */
  id: number | undefined;
}

/** @throws UsageError that names the lines in doubt where this is none of them. */
async function findInDoubt(
  input: InputRows,
  {header, states}: Replayed,
  wanted: number,
): Promise<RowInDoubt> {
  const inDoubt: number[] = [];
  let found: RowInDoubt | undefined;
  for await (const batch of input.rows((line) => states.outcome(line) === 'in_doubt')) {
    for (const {line, origin, parsed} of batch) {
      inDoubt.push(origin);
      if (origin !== wanted || found) continue;
      const id = states.doubts.get(line)?.sent.id;
      const isUpdate =
        id !== undefined ||
        ('values' in parsed && input.job.definition.request(parsed.values).method === 'PUT');
      const action = isUpdate ? 'update' : 'create';
      const target = 'values' in parsed ? targetOf(input.job, parsed.values) : '';
      found = {line, target, action: isRemoval(header) ? 'remove' : action, id};
    }
  }
  if (found) return found;
  throw new UsageError(`line ${wanted} of run ${header.run} is not in doubt`, {
    code: 'not_in_doubt',
    hint: inDoubt.length > 0 ? `lines in doubt: ${inDoubt.join(', ')}` : 'no line of this run is in doubt',
  });
}
