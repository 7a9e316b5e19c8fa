/** Bugs at the edges of the promise: an intent, an absence, the application's open work, and what is ours. */
const one = (bug, file, from, to, test) => ({bug, edits: [{file, from, to}], tests: [test]});

export const promiseMutants = [
  one(
    'a row in doubt is made again without the ids of the nested records that it was sent with',
    'src/send/outgoing-row.ts',
    'withWhole(job, row, wholeOf(job, row))',
    'withWhole(job, row, row.bound)',
    'test/e2e/promise-what-was-sent.test.ts',
  ),
  one(
    'a row in doubt is sent again though its request would be another one',
    'src/send/outgoing-row.ts',
    'const isComparable = body !== undefined',
    'const isComparable = body === undefined',
    'test/e2e/promise-what-was-sent.test.ts',
  ),
  one(
    'a nested record that cannot be seen counts as added',
    'src/send/decide-doubt.ts',
    'return proofs.some((column) => !unreadable.includes(column))',
    'return cols.length >= unreadable.length',
    'test/e2e/promise-what-was-sent.test.ts',
  ),
  one(
    'what another client made after the plan is taken for the row’s own',
    'src/send/decide-doubt.ts',
    'const isOlder = ({id}: ObservedRecord) => top !== undefined && id !== undefined && id <= top;',
    'const isOlder = ({id}: ObservedRecord) => top !== undefined && id !== undefined && id < 0;',
    'test/send/decide-doubt.test.ts',
  ),
  one(
    'a 409 is read back as a success',
    'src/send/settle-doubt.ts',
    'isRefused: refused.has(row.line)',
    'isRefused: refused.has(-1)',
    'test/e2e/promise-ours.test.ts',
  ),
  one(
    'a removal that the API does not know is taken for done',
    'src/send/decide-doubt.ts',
    "if (action === 'remove') return record ?",
    "if (action === 'remove') return record && key.length > 9 ?",
    'test/e2e/promise-ours.test.ts',
  ),
  one(
    'what was written just now is not known to the next run',
    'src/plan/decide-rows.ts',
    'if (!recent || recent.writes.isEmpty',
    'if (!recent || !recent.writes.isEmpty',
    'test/e2e/promise-open-work.test.ts',
  ),
  one(
    'a run that is unfinished in another folder is not found',
    'src/runs/open-work.ts',
    'if (entry.job === job) found.push',
    'if (entry.job !== job) found.push',
    'test/e2e/promise-open-work.test.ts',
  ),
  one(
    'a row that a later run wrote counts as the same',
    'src/app/open/changed-since.ts',
    'key === undefined || since.keys.has(key)',
    'key === undefined',
    'test/e2e/promise-same-as-last-time.test.ts',
  ),
];
