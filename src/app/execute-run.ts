import {Interrupted, TemporaryError} from '../errors.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import {StopSignal} from '../stop-signal.ts';
import {completeRun} from './steps/complete-run.ts';
import {confirmPlan} from './steps/confirm-plan.ts';
import {DisposerStack} from './disposer-stack.ts';
import {finishRun, type RunResult} from './steps/finish-run.ts';
import {openJournal} from './steps/open-journal.ts';
import {openRun} from './open/open-run.ts';
import {planRows} from './steps/plan-rows.ts';
import {requireAnswer} from './require-answer.ts';
import {openContext} from './steps/run-context.ts';
import type {RunIo} from './run-io.ts';
import type {RunSpec} from './run-spec.ts';
import {sendRows} from './steps/send-rows.ts';

/** The plan was shown and nothing was sent: the answer was no, or it is a dry run. */
export interface Declined {
  declined: PlanDocument;
}

/**
 * The one flow behind run, plan, resume, retry and undo: open the rows, lock, plan, show, ask, send, report.
 *
 * @throws Interrupted when a signal ended it before anything was sent
 */
export async function executeRun(spec: RunSpec, io: RunIo): Promise<RunResult | Declined> {
  const stop = new StopSignal();
  try {
    return await planAndSend(spec, io, stop);
  } catch (error) {
    if (!(error instanceof Interrupted) || stop.reason?.startsWith('SIG')) throw error;
    throw new TemporaryError('stopped while planning, before anything was sent', {
      code: stop.reason ?? 'stopped',
      hint: 'allow more requests or more time',
    });
  }
}

async function planAndSend(spec: RunSpec, io: RunIo, stop: StopSignal): Promise<RunResult | Declined> {
  await using stack = new DisposerStack();
  const opened = await openRun(spec, io, stack);
  if ('settled' in opened) return await completeRun(opened.settled, spec, io, stack);
  if (spec.sending) requireAnswer(io);
  const context = await openContext(spec, opened, io, stop, stack);
  const start = await opened.begin(context.target, context.ledger);
  const planned = await planRows(context, opened, start);
  const isConfirmed = await confirmPlan(context, opened, start, planned);
  if (!isConfirmed || !spec.sending) return {declined: planned.document};
  const open = await openJournal(context, start);
  const ended = await sendRows(context, spec.sending, planned.plan, open, start);
  return await finishRun(context, spec.sending, open.directory, planned, ended);
}
