/** Bugs that were met, or feared, while the program was written; see mutants.mjs for their form. */
export const furtherMutants = [
  {
    bug: 'what is left to do is read before the lock is taken',
    edits: [
      {
        file: 'src/app/open/open-resume.ts',
        from: 'const current = await rereadJournal(directory, replayed);',
        to: 'const current = replayed;',
      },
      {
        file: 'src/journal/journal.ts',
        from: '      if (size !== end.bytes + end.torn) {',
        to: '      if (size < end.bytes) {',
      },
      {
        file: 'src/journal/journal.ts',
        from: '      if (end.torn > 0) {',
        to: '      if (size > end.bytes) {',
      },
    ],
    tests: ['test/e2e/locks.test.ts', 'test/e2e/kill-lock.test.ts'],
  },
  {
    bug: 'an update in doubt is sent again without the ids of what exists by now',
    edits: [
      {
        file: 'src/send/decide-doubt.ts',
        from: 'whole: adoptIds(job, wholeOf(job, row), observed)',
        to: 'whole: adoptIds(job, wholeOf(job, row), {})',
      },
    ],
    tests: ['test/e2e/promise-what-was-sent.test.ts'],
  },
  {
    bug: 'the journal of a killed run is never completed',
    edits: [
      {
        file: 'src/app/steps/complete-run.ts',
        from: "  if (state !== 'finished') {",
        to: "  if (state === 'stopped') {",
      },
    ],
    tests: ['test/e2e/kill-creations.test.ts'],
  },
  {
    bug: 'half-written files of a killed process stay for ever',
    edits: [
      {
        file: 'src/files/write-file.ts',
        from: 'if (/^\\..+-[0-9a-f]{16}\\.tmp$/.test(name))',
        to: "if (name === '')",
      },
    ],
    tests: ['test/e2e/kill-creations.test.ts'],
  },
  {
    bug: 'writing goes on after a flush that failed',
    edits: [
      {
        file: 'src/journal/journal.ts',
        from: '        this.#failure = diskError(cause);\n        for (const {reject} of batch) reject(this.#failure);\n        break;\n',
        to: '        if (batch.length > 1e6) this.#failure = diskError(cause);\n',
      },
    ],
    tests: ['test/e2e/disk.test.ts'],
  },
  {
    bug: 'a refusal that turns out to stand is kept with all it says',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: "scrubMessage(refusal?.message ?? '', row.values)",
        to: "refusal?.message ?? ''",
      },
    ],
    tests: ['test/e2e/canaries.test.ts'],
  },
  {
    bug: 'a reader who leaves ends the run',
    edits: [{file: 'src/main.ts', from: "stream.on('error', () => undefined);", to: 'stream.resume?.();'}],
    tests: ['test/e2e/pipes.test.ts'],
  },
  {
    bug: 'a caller who hangs up on the lock ends the run',
    edits: [{file: 'src/files/lock.ts', from: "socket.on('error', () => undefined).end(", to: 'socket.end('}],
    tests: ['test/e2e/kill-lock.test.ts'],
  },
  {
    bug: 'a signal is swallowed: the parent sees a normal end',
    edits: [
      {
        file: 'src/main.ts',
        from: '  process.kill(process.pid, signal);',
        to: '  process.exitCode = exitCode;',
      },
    ],
    tests: ['test/e2e/signals.test.ts'],
  },
  {
    bug: 'a changed input is resumed',
    edits: [
      {
        file: 'src/app/open/reopen-rows.ts',
        from: '  if (prepared.checked.sha256 === rowsSha256Of(header)) return prepared;',
        to: '  if (prepared.checked.sha256 !== header.run) return prepared;',
      },
    ],
    tests: ['test/e2e/changed-input.test.ts'],
  },
  {
    bug: 'the pauses of an outage count anew for each opening of the breaker',
    edits: [
      {
        file: 'src/send/circuit-breaker.ts',
        from: 'if (this.#pausedMs + minElapsedMs',
        to: 'if (minElapsedMs',
      },
    ],
    tests: ['test/send/circuit-breaker.test.ts'],
  },
  {
    bug: 'an update that met a conflict is not tried once more',
    edits: [
      {
        file: 'src/send/settle-doubt.ts',
        from: 'return row.isIdempotent && resends === 0 ? undefined : refusal;',
        to: 'return refusal;',
      },
    ],
    tests: ['test/e2e/conflicts.test.ts'],
  },
  {
    bug: 'the id of a record whose answer was cut off is never read',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: 'states.createdWithoutId.size > 0',
        to: 'states.createdWithoutId.size < 0',
      },
    ],
    tests: ['test/e2e/cut-off-ids.test.ts'],
  },
  {
    bug: 'a run that a process is at work on can be removed',
    edits: [
      {
        file: 'src/app/remove-run.ts',
        from: '  const lock = await lockRun(directory, stateFolder(), clock);',
        to: '  const lock = {release: () => (clock ? lockRun : stateFolder)};',
      },
    ],
    tests: ['test/e2e/locks.test.ts'],
  },
  {
    bug: 'a response that nests without end is walked through',
    edits: [
      {
        file: 'src/http/parse-json.ts',
        from: 'return isDeeper(json, maxDepth) ? undefined : json;',
        to: 'return json;',
      },
    ],
    tests: ['test/api/judge-write.test.ts'],
  },
  {
    bug: 'the words of a foreign error are shown',
    edits: [
      {
        file: 'src/cli/print/render-error.ts',
        from: "`a bug: ${error instanceof Error ? error.name : 'unknown'}${placeOf(error)}`",
        to: '`a bug: ${error}${placeOf(error)}`',
      },
    ],
    tests: ['test/cli/print/render-error.test.ts'],
  },
  {
    bug: 'control characters reach the terminal',
    edits: [
      {
        file: 'src/cli/print/render-problems.ts',
        from: "import {escapeControlCharacters} from './escape-control-characters.ts';",
        to: 'const escapeControlCharacters = String;',
      },
    ],
    tests: ['test/e2e/foreign-text.test.ts'],
  },
  {
    bug: 'rows whose sender was killed use up the quota of resends',
    edits: [
      {
        file: 'src/send/settle-doubt.ts',
        from: "const byApi = states.doubts.get(r)?.why !== 'no_answer';",
        to: 'const byApi = states.doubts.has(r);',
      },
    ],
    tests: ['test/send/settle-doubt.test.ts'],
  },
  {
    bug: 'writes that wait for their permission are sent into an outage',
    edits: [
      {
        file: 'src/send/send-row.ts',
        from: '  if (breaker.isOpen) {',
        to: '  if (breaker.isOpen && step < 0) {',
      },
    ],
    tests: ['test/send/send-row.test.ts'],
  },
  {
    bug: 'a row that no token can send is tried without end',
    edits: [
      {
        file: 'src/api/retry-policy.ts',
        from: 'return history.unauthorized >= maxAttempts',
        to: 'return history.unauthorized >= Infinity',
      },
    ],
    tests: ['test/api/retry-policy.test.ts', 'test/send/send-row.test.ts'],
  },
  {
    bug: 'one 401 to a new token is taken for wrong credentials',
    edits: [
      {
        file: 'src/api/access-token.ts',
        from: 'const maxRefusedTokens = 3;',
        to: 'const maxRefusedTokens = 1;',
      },
    ],
    tests: ['test/api/access-token.test.ts'],
  },
  {
    bug: 'a request that may leave late is counted as if it left in time',
    edits: [
      {
        file: 'src/limits/second-rules.ts',
        from: '({from: slot, to: slot + spreadMs})',
        to: '({from: slot, to: slot + 0 * spreadMs})',
      },
    ],
    tests: ['test/limits/redis/shared-second.test.ts'],
  },
  {
    bug: 'a request counts as if no network had delayed it',
    edits: [
      {
        file: 'src/limits/step.ts',
        from: 'addInterval(draft, {from, to: from + excessMs});',
        to: 'addInterval(draft, {from, to: from + 0 * excessMs});',
      },
    ],
    tests: ['test/limits/second.test.ts'],
  },
  {
    bug: 'slots are given as far ahead as there are processes',
    edits: [
      {
        file: 'src/limits/step.ts',
        from: 'waitForRoom(draft, call, before, now) ?? waitForSlot(draft, call, before, now)',
        to: 'waitForRoom(draft, call, before, now) ?? (before < 0 ? waitForSlot(draft, call, before, now) : undefined)',
      },
    ],
    tests: ['test/limits/second.test.ts'],
  },
  {
    bug: 'who asks first has the next slot, however long others wait',
    edits: [
      {
        file: 'src/limits/step.ts',
        from: '(1000 * before) / perSecond;',
        to: '(0 * before) / perSecond;',
      },
    ],
    tests: ['test/limits/redis/fair-share.test.ts'],
  },
  {
    bug: 'a run begins with as many writes in flight as it may have',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: 'Math.min(max, 1 + this.#settled - this.#refused)',
        to: 'max + 0 * this.#settled',
      },
    ],
    tests: ['test/e2e/safety-options.test.ts'],
  },
  {
    bug: 'a removal in doubt is settled by its key, though another record has it by then',
    edits: [
      {
        file: 'src/send/decide-doubt.ts',
        from: 'const record = records.find((each) => each.id === id);',
        to: 'const [record] = records;',
      },
    ],
    tests: ['test/send/settle-doubt.test.ts'],
  },
  {
    bug: 'one of several records with the key of a row is removed',
    edits: [
      {
        file: 'src/plan/decide-row.ts',
        from: '  if (other) return ambiguous(compared);\n  const {id, values: record}',
        to: '  if (other && !only) return ambiguous(compared);\n  const {id, values: record}',
      },
    ],
    tests: ['test/e2e/remove.test.ts'],
  },
  {
    bug: 'a success proves a removal, whosever id was sent',
    edits: [
      {
        file: 'src/api/judge-write.ts',
        from: 'attempt.isRemoval && !attempt.isIdempotent',
        to: 'attempt.isRemoval && !attempt.method',
      },
    ],
    tests: ['test/e2e/remove.test.ts'],
  },
  {
    bug: 'a removal in doubt is sent again by a resume as a creation',
    edits: [
      {
        file: 'src/send/execute-plan.ts',
        from: "const isRemoval = existing === 'remove' ||",
        to: 'const isRemoval =',
      },
    ],
    tests: ['test/e2e/remove.test.ts'],
  },
  {
    bug: 'the scope that only updating needs is not asked for',
    edits: [
      {
        file: 'src/job/job-for.ts',
        from: '...(needs.update?.scopes ?? [])',
        to: '',
      },
    ],
    tests: ['test/e2e/every-job.test.ts'],
  },
  {
    bug: 'what no update changes is taken for updated',
    edits: [
      {
        file: 'src/plan/decide-row.ts',
        from: '  if (fixed.length > 0) return existsDifferent',
        to: '  if (fixed.length > 99) return existsDifferent',
      },
    ],
    tests: ['test/e2e/existing-update.test.ts'],
  },
  {
    bug: 'an update in doubt is sent as a creation by a resume',
    edits: [
      {
        file: 'src/send/outgoing-row.ts',
        from: 'if (id !== undefined) return {...row, ...updateOf',
        to: 'if (id === 0) return {...row, ...updateOf',
      },
    ],
    tests: ['test/e2e/existing-update.test.ts'],
  },
  {
    bug: 'points are taken that are to be given',
    edits: [{file: 'jobs/correction-points.ts', from: '...(amount > 0', to: '...(amount < 0'}],
    tests: ['test/jobs/requests.test.ts'],
  },
  {
    bug: 'a second award for another reason counts as the first',
    edits: [
      {file: 'jobs/correction-points.ts', from: "keys: [['user_id', 'reason']]", to: "keys: [['user_id']]"},
    ],
    tests: ['test/e2e/every-job.test.ts'],
  },
  {
    bug: 'a list is asked for either half of a reason with a comma',
    edits: [
      {
        file: 'jobs/correction-points.ts',
        from: "reason.includes(',') ? {} : {reason}",
        to: "reason.includes('//') ? {} : {reason}",
      },
    ],
    tests: ['test/e2e/every-job.test.ts'],
  },
  {
    bug: 'an account has the id of its candidature',
    edits: [
      {
        file: 'jobs/users-create.ts',
        from: "pick(item, ['user_id'])['user_id']",
        to: "pick(item, ['id'])['id']",
      },
    ],
    tests: ['test/e2e/new-accounts.test.ts'],
  },
];
