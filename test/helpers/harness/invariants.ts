import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {type Counts, noCounts, type Outcome} from '../../../src/outcome.ts';
import type {Summary} from '../../../src/report/summary.ts';
import type {LedgerEntry} from '../../../src/sandbox/ledger.ts';
import {type JournalView, journalViolations, viewJournal} from './journal-view.ts';

export interface RunFacts {
  /** The run's folder. */
  run: string;
  /** The run's CSV file; every record is one line. */
  input: string;
  ledger: readonly LedgerEntry[];
  /** What was given as --settle, in milliseconds. */
  settleMs: number;
  /** What was given as --concurrency. */
  concurrency: number;
  /** A row applied twice is a fault (creations, and updates that add records). */
  once: boolean;
  /** The process ended by itself, so its outputs must be there and agree with the journal. */
  ended: boolean;
  /** When the last process was started, ms since 1970. */
  startedAt: number;
  /** The journal as it was before it. */
  before?: JournalView;
}

export interface Invariants {
  /** Everything that does not hold; empty when all is well. */
  violations: string[];
  counts: Counts;
  /** Rows that the server applied more than once. */
  duplicates: number;
  journal: JournalView;
}

/**
 * Holds a run's folder against the server's own ledger, request by request (an intent's `q` is the X-Request-Id), at
 * any moment: after a kill as well as after an orderly end.
 */
export function checkInvariants(facts: RunFacts): Invariants {
  const journal = viewJournal(join(facts.run, 'journal.ndjson'));
  const lines = inputLines(facts.input);
  const outcomes = new Map(lines.map((line) => [line, journal.rows.get(line)?.outcome ?? 'not_started']));
  const counts = noCounts();
  for (const outcome of outcomes.values()) counts[outcome]++;
  const ledger = ledgerViolations(journal, facts);
  const violations = [
    ...[...journal.rows.keys()].filter((line) => !outcomes.has(line)).map((line) => `line ${line} is no row`),
    ...journalViolations(journal, facts.settleMs),
    ...ledger.violations,
    ...growthViolations(journal, facts.before),
    ...haste(journal, facts),
    ...inFlightViolations(journal, facts.concurrency),
    ...modeViolations(facts.run),
    ...(facts.ended ? outputViolations(facts, journal, outcomes, counts) : []),
  ];
  return {violations, counts, duplicates: ledger.duplicates, journal};
}

/** Lines of the input's records: the header is line 1. */
function inputLines(path: string): number[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((_, at) => at + 2);
}

const succeeded = new Set<Outcome>(['created', 'updated', 'removed']);

function ledgerViolations(
  journal: JournalView,
  {ledger, once}: RunFacts,
): {violations: string[]; duplicates: number} {
  const violations: string[] = [];
  let duplicates = 0;
  const arrivals = new Map<string, LedgerEntry[]>();
  for (const entry of ledger) {
    if (entry.method === 'GET' || entry.path.startsWith('/oauth/')) continue;
    arrivals.set(entry.requestId, [...(arrivals.get(entry.requestId) ?? []), entry]);
  }
  for (const {line, outcome, intents, entries} of journal.rows.values()) {
    const received = intents.flatMap(({q}) => arrivals.get(q) ?? []);
    const applied = received.filter((entry) => entry.applied).length;
    if (once && applied > 1) {
      duplicates++;
      violations.push(`line ${line} was applied ${applied} times`);
    }
    const byPerson = entries.some((entry) => entry.k === 'done' && entry.via === 'person');
    if (succeeded.has(outcome) && applied === 0 && !byPerson)
      violations.push(`line ${line} is ${outcome} and was never applied`);
    const mayHaveEffect = succeeded.has(outcome) || outcome === 'in_doubt' || byPerson;
    // An update that was in doubt may be applied and be on its way once more.
    if (applied > 0 && !mayHaveEffect && (once || outcome !== 'not_started')) {
      violations.push(`line ${line} is ${outcome} and was applied`);
    }
    if (outcome === 'invalid' && intents.length > 0) violations.push(`line ${line} is invalid and was sent`);
    for (const intent of intents) {
      const [first, second] = arrivals.get(intent.q) ?? [];
      if (second) violations.push(`line ${line}: one request arrived twice`);
      if (first && first.at < intent.t) violations.push(`line ${line}: sent before its intent`);
      arrivals.delete(intent.q);
    }
  }
  for (const [id, [entry]] of arrivals) {
    violations.push(`${entry?.method} ${entry?.path} (${id}) has no intent in the journal`);
  }
  return {violations, duplicates};
}

/** Nothing that was once whole may be gone. */
function growthViolations({bytes}: JournalView, before: JournalView | undefined): string[] {
  if (!before) return [];
  const kept = bytes.subarray(0, before.good).equals(before.bytes.subarray(0, before.good));
  return kept ? [] : ['the journal lost what it once held'];
}

/** A process can know that the one before it is dead only from its own start on, whatever the intents' times are. */
function haste({entries}: JournalView, {startedAt, settleMs, before}: RunFacts): string[] {
  return entries.slice(before?.entries.length ?? 0).flatMap((entry) => {
    const waited = entry.t - startedAt;
    return entry.k === 'not_applied' && waited < settleMs
      ? [`line ${entry.r}: settled ${waited} ms after the start`]
      : [];
  });
}

/** Attempts that were open when the last process ended. */
function inFlightViolations({entries, rows}: JournalView, concurrency: number): string[] {
  const opened = entries.findLast(({k}) => k === 'open')?.s ?? 0;
  const open = [...rows.values()].filter((row) => {
    const last = row.entries.at(-1);
    return last?.k === 'intent' && last.s > opened;
  });
  return open.length <= concurrency ? [] : [`${open.length} rows were on their way at once`];
}

function modeViolations(run: string): string[] {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const wrong = mode(run) === '700' ? [] : [`${run} has mode ${mode(run)}`];
  for (const name of readdirSync(run)) {
    if (mode(join(run, name)) !== '600') wrong.push(`${name} has mode ${mode(join(run, name))}`);
  }
  return wrong;
}

type Row = Record<string, string>;

function outputViolations(
  {run, input}: RunFacts,
  journal: JournalView,
  outcomes: ReadonlyMap<number, Outcome>,
  counts: Counts,
): string[] {
  const wrong = readdirSync(run)
    .filter((name) => name.endsWith('.tmp'))
    .map((name) => `${name} was left behind`);
  if (journal.good !== journal.bytes.length) wrong.push('the journal has a torn end');
  const last = journal.entries.at(-1)?.k;
  if (last !== 'complete' && last !== 'stop') wrong.push(`the journal ends with ${last}`);

  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as Summary;
  if (JSON.stringify(summary.counts) !== JSON.stringify(counts)) {
    wrong.push(
      `summary.json counts ${JSON.stringify(summary.counts)}, the journal ${JSON.stringify(counts)}`,
    );
  }
  const read = (path: string) => parse<Row>(readFileSync(path, 'utf8'), {columns: true});
  // A report guards what a spreadsheet would take for a formula: a negative number.
  const own = (row: Row) =>
    JSON.stringify(
      Object.entries(row).flatMap(([name, cell]) =>
        name.startsWith('bulk42_') ? [] : [[name, cell.replace(/^'(?=-)/, '')]],
      ),
    );
  const rows = new Map(read(input).map((row, at) => [at + 2, own(row)]));
  const expected = (lines: Iterable<number>) =>
    [...lines].map((line) => `${line} ${outcomes.get(line)} ${rows.get(line)}`);
  const found = (name: string) =>
    read(join(run, name)).map((row) => `${row['bulk42_line']} ${row['bulk42_outcome']} ${own(row)}`);
  const refused = [...outcomes].flatMap(([line, outcome]) =>
    ['invalid', 'failed', 'not_started'].includes(outcome) ? [line] : [],
  );
  if (found('report.csv').join('\n') !== expected(outcomes.keys()).join('\n'))
    wrong.push('report.csv is not the journal');
  if (found('retry.csv').join('\n') !== expected(refused).join('\n'))
    wrong.push('retry.csv is not what was not applied');
  return wrong;
}
