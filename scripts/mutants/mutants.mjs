import {faultMutants} from './fault-mutants.mjs';
import {furtherMutants} from './further-mutants.mjs';
import {promiseMutants} from './promise-mutants.mjs';

/**
 * Bugs that a program like this one has had, each as the smallest change that brings it back. `edits` are exact pieces
 * of the source and what takes their place; `tests` are the test files that ought to notice.
 */
export const mutants = [
  {
    bug: 'the intent is written after the answer',
    edits: [
      {
        file: 'src/send/send-row.ts',
        from: "  await journal.append({k: 'intent', r: line, a, q: requestId, ...row.hash, ...fresh, ...facts});\n",
        to: '',
      },
      {
        file: 'src/send/send-row.ts',
        from: '  const entry = entryOf(row, step, a, verdict, result);\n',
        to: "  await journal.append({k: 'intent', r: line, a, q: requestId, ...row.hash, ...fresh, ...facts});\n  const entry = entryOf(row, step, a, verdict, result);\n",
      },
    ],
    tests: ['test/e2e/kill-creations.test.ts'],
  },
  {
    bug: 'a run ends before its last results are on the disk',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: '    await this.#options.journal.flushed().catch((error: unknown) => this.#fail(error));\n',
        to: '',
      },
    ],
    tests: ['test/e2e/main-job.test.ts'],
  },
  {
    bug: 'the journal is not flushed',
    edits: [{file: 'src/journal/journal.ts', from: '        await this.#file.datasync();\n', to: ''}],
    tests: ['test/e2e/kill-creations.test.ts'],
  },
  {
    bug: 'no settling time',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: 'settleMs: () => this.#settleTime.ms,',
        to: 'settleMs: () => 0,',
      },
    ],
    tests: ['test/e2e/kill-late.test.ts'],
  },
  {
    bug: 'the settling time counts from the intent, not from the death of the sender',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: 'this.settler.add({row: rebuilt, since});',
        to: 'this.settler.add({row: rebuilt, since: {wall: states.doubts.get(row.line)?.intentAt ?? 0, mono: since.mono - since.wall + (states.doubts.get(row.line)?.intentAt ?? 0)}});',
      },
    ],
    tests: ['test/e2e/kill-late.test.ts'],
  },
  {
    bug: 'a 500 is taken for not applied, and sent again',
    edits: [
      {
        file: 'src/api/classify-response.ts',
        from: "  if (status >= 500) return {kind: 'server_error', response};",
        to: "  if (status >= 500) return {kind: status === 500 ? 'misdirected' : 'server_error', response};",
      },
    ],
    tests: ['test/api/judge-write.test.ts', 'test/e2e/outcomes-post.test.ts'],
  },
  {
    bug: 'a creation is sent again after a 504',
    edits: [
      {
        file: 'src/api/classify-response.ts',
        from: "  if (status >= 500) return {kind: 'server_error', response};",
        to: "  if (status >= 500) return {kind: status === 504 ? 'misdirected' : 'server_error', response};",
      },
    ],
    tests: ['test/api/judge-write.test.ts', 'test/e2e/outcomes-post.test.ts'],
  },
  {
    bug: 'a redirect is followed, and its page taken for a success',
    edits: [
      {
        file: 'src/api/classify-response.ts',
        from: '  if (status < 300) return',
        to: '  if (status < 400) return',
      },
    ],
    tests: ['test/api/judge-write.test.ts', 'test/e2e/outcomes-stop.test.ts'],
  },
  {
    bug: 'a connection that breaks is taken for one that was never made',
    edits: [
      {
        file: 'src/http/request-in-flight.ts',
        from: 'new TransportError(this.#sent, code',
        to: 'new TransportError(false, code',
      },
    ],
    tests: ['test/e2e/outcomes-post.test.ts'],
  },
  {
    bug: 'a success whose body is cut off is reported as a failure',
    edits: [
      {
        file: 'src/api/judge-write.ts',
        from: "  return isProof ? {kind: 'applied'} : unexpected;",
        to: "  return {kind: 'rejected', code: 'cut_off', message: ''};",
      },
    ],
    tests: ['test/api/judge-write.test.ts', 'test/e2e/outcomes-post.test.ts'],
  },
  {
    bug: 'a restart has a new hourly budget',
    edits: [
      {
        file: 'src/api/session.ts',
        from: 'store.open(this.#requestLog.recent, stop.signal)',
        to: 'store.open([], stop.signal)',
      },
    ],
    tests: ['test/e2e/kill-budget.test.ts'],
  },
  {
    bug: 'a row in doubt is tried without end',
    edits: [
      {
        file: 'src/send/settle-doubt.ts',
        from: 'if (resends >= maxResends || (byApi && this.#resent >= 10 + states.requests.writes / 10)) {',
        to: 'if (resends < 0) {',
      },
    ],
    tests: ['test/e2e/outcomes-stop.test.ts'],
  },
  {
    bug: 'a wait goes straight to a timer, which overflows',
    edits: [
      {
        file: 'src/clock.ts',
        from: '    const start = performance.now();\n    for (;;) {\n      const left = ms - (performance.now() - start);\n      if (!(left > 0) || signal?.aborted) return;\n      await oneTimer(Math.min(left, maxTimerMs), signal);\n    }',
        to: '    await oneTimer(ms, signal);',
      },
      {
        file: 'src/clock.ts',
        from: '  for (;;) {\n    const left = ms - minElapsedMs(clock, since);\n    if (left <= 0 || signal?.aborted) return;\n    await clock.sleep(Math.min(left, maxTimerMs), signal);\n  }',
        to: '  await clock.sleep(Math.min(ms - minElapsedMs(clock, since), Infinity, maxTimerMs * 1e9), signal);',
      },
    ],
    tests: ['test/e2e/kill-late.test.ts'],
  },
  {
    bug: 'the lock is a file with a process id',
    edits: [
      {
        file: 'src/files/lock.ts',
        from: '    const server = await listen(address);\n    if (server) return hold(server);\n',
        to: "    mkdirSync(options.folder, {recursive: true, mode: 0o700});\n    const file = join(options.folder, `${createHash('sha256').update(options.name).digest('hex')}.pid`);\n    try {\n      closeSync(openSync(file, 'wx', 0o600));\n      return {held: true, release: async () => rmSync(file)};\n    } catch {\n      if (address === '') return hold((await listen(address)) as Server);\n    }\n",
      },
    ],
    tests: ['test/e2e/kill-lock.test.ts', 'test/e2e/kill-creations.test.ts'],
  },
  {
    bug: 'damage anywhere in the journal is skipped',
    edits: [
      {
        file: 'src/journal/replay.ts',
        from: 'if (entry ? entry.b > this.#good.sequence : holdsWholeEntry(line))',
        to: 'if (!entry && holdsWholeEntry(line))',
      },
    ],
    tests: ['test/journal/damage.test.ts'],
  },
  {
    bug: 'two rows of one target are sent side by side',
    edits: [
      {
        file: 'src/input/check-input.ts',
        from: '    if (earlier !== undefined) return {issues: [this.#duplicate(values, earlier)]};',
        to: '    if (earlier === -1) return {issues: [this.#duplicate(values, earlier)]};',
      },
    ],
    tests: ['test/e2e/validate.test.ts', 'test/e2e/look-ups.test.ts', 'test/e2e/invalid-rows.test.ts'],
  },
  {
    bug: 'progress is counted before it is on the disk',
    edits: [
      {
        file: 'src/journal/journal.ts',
        from: '      for (const entry of stamped) this.#onDurable(entry);\n      for (const {resolve}',
        to: '      for (const {resolve}',
      },
      {
        file: 'src/journal/journal.ts',
        from: '      try {\n        await this.#expectInPlace();',
        to: '      for (const entry of stamped) this.#onDurable(entry);\n      try {\n        await this.#expectInPlace();',
      },
    ],
    tests: ['test/journal/journal.test.ts'],
  },
  ...furtherMutants,
  ...promiseMutants,
  ...faultMutants,
];
