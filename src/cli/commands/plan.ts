import {replaceFile} from '../../files/write-file.ts';
import {systemClock as clock} from '../../clock.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {assemblePlan} from '../../plan/assemble-plan.ts';
import {planDocument} from '../../plan/plan-document.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {Session} from '../../api/session.ts';
import {StopSignal} from '../../stop-signal.ts';
import {version} from '../../version.ts';
import {type ArgumentsOf, type planOptions, rowShapingOf} from '../options.ts';
import {sameAsIn} from '../earlier-run.ts';
import type {CommandResult} from '../command-result.ts';
import {ExampleRows} from '../print/example-rows.ts';
import {Progress} from '../print/progress.ts';
import {renderPlan} from '../print/render-plan.ts';
import {refuseTooManyChanges} from '../print/confirm-plan.ts';
import {openSharing} from '../../app/sharing.ts';
import {openSource} from '../../app/source.ts';
import {baseUrlOf, openTarget} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';
import {toPrintableJson} from '../print/escape-control-characters.ts';
import {refuseInvalid} from '../refuse-invalid.ts';

export type PlanArguments = ArgumentsOf<typeof planOptions> & {job: string; file: string};

/** Shows what a run would do. Reads only. */
export async function plan(args: PlanArguments, terminal: Terminal): Promise<CommandResult> {
  const job = await loadJob(args.job);
  const source = await openSource(args.file, terminal.stdin);
  try {
    const options = rowShapingOf(args);
    const isSame = await sameAsIn(args.changedSince, job, args.out, terminal);
    const prepared = await prepareInput(source.path, job, options, {
      now: new Date(clock.wall()),
      title: source.title,
      isSame,
    });
    try {
      refuseInvalid(prepared, args, terminal);
      const target = await openTarget(args);
      const stop = new StopSignal();
      const shared = await openSharing(args, target, (ms) => progress.waiting('redis', ms));
      const session = new Session({
        config: target.config,
        credentials: target.credentials,
        scopes: ['public', ...(job.definition.needs.scopes ?? [])],
        clock,
        stop,
        version,
        ...args,
        timeoutMs: args.timeout * 1000,
        onWait: (reason, ms) => progress.waiting(reason, ms),
        makeLimiter: shared?.limiter,
      });
      const {limiter} = session.connection;
      const progress = new Progress({
        terminal,
        silent: args.json || args.quiet || args.noProgress,
        limits: () => limiter.limits,
        now: () => clock.wall(),
      });
      try {
        const examples = new ExampleRows({all: args.json || args.save !== undefined});
        let seen = 0;
        const planned = await assemblePlan({
          input: prepared.input,
          checker: prepared.checker,
          reader: session.reader,
          existing: args.existing,
          logins: prepared.checked.logins,
          isSame,
          onRow: (action, describe) => examples.offer(action, describe),
          onProgress: (count) => progress.planning((seen += count), prepared.checked.rows),
        });
        progress.clear();
        const document = planDocument(planned, {
          job,
          input: {path: source.name, sha256: prepared.checked.sha256, rows: prepared.checked.rows},
          baseUrl: baseUrlOf(target),
          existing: args.existing,
          onInvalid: args.onInvalid,
          options,
          rows: examples.rows,
          reads: session.spent.reads,
          limits: limiter.limits,
          now: clock.wall(),
          warnings: prepared.input.csv.warnings,
        });
        if (args.save) await replaceFile(args.save, `${JSON.stringify(document, null, 2)}\n`);
        terminal.result(args.json ? toPrintableJson(document, 2) : renderPlan(document, terminal));
        refuseTooManyChanges(document, args);
        return {exitCode: document.counts.failed + document.counts.invalid > 0 ? 20 : 0};
      } finally {
        progress.clear();
        await session.close();
        await shared?.close();
        await target.close();
      }
    } finally {
      await prepared.input.close();
    }
  } finally {
    await source.close();
  }
}
