import {readFileSync, writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {InputError} from '../../src/errors.ts';
import {prepareInput} from '../../src/input/prepare-input.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {runHere} from '../helpers/run-here.ts';
import {openPlace, type Place} from '../cli/messages/stage.ts';
import {type CsvText, pollutions, Random, textOf} from './pollute.ts';

/** Files of each kind. BULK42_TEST_SCALE=10 tries ten times as many. */
const scale = Number(process.env['BULK42_TEST_SCALE'] ?? 1);
const cases = 24 * scale;

const texts = [
  '',
  'Marie, Anne',
  'Le "Goff"',
  'two\nlines',
  'Zoé',
  'Müller',
  'Åsa',
  'a;b|c',
  'x\ty',
  'Anne',
  ' spaced ',
  "d'Arc",
  '""',
];
const column = {
  login: (random: Random) => `cadet${10_000 + random.below(90_000)}`,
  text: (random: Random) => random.of(texts),
  date: (random: Random) => `2027-0${1 + random.below(9)}-1${random.below(10)}`,
  flag: (random: Random) => random.of(['', 'true', 'no']),
  filled: (random: Random) => random.of(texts.slice(1)),
};

/** Jobs with many columns that are alike, and with few; with texts that need quotes, and with none. */
const jobs: Record<string, Record<string, (random: Random) => string>> = {
  patronages: {user_id: column.login, godfather_id: column.login, ongoing: column.flag},
  'cursus-users': {
    user_id: column.login,
    cursus_id: () => '9',
    begin_at: column.date,
    has_coalition: column.flag,
  },
  closes: {user_id: column.login, closer_id: () => 'andre', kind: () => 'other', reason: column.filled},
  users: {
    id: column.login,
    first_name: column.text,
    last_name: column.text,
    usual_first_name: column.text,
    status: column.text,
  },
};

function cleanFile(job: string, random: Random): CsvText {
  const columns = jobs[job] ?? {};
  const delimiter = random.of([',', ';', '\t', '|']);
  const isQuoted = random.below(3) === 0;
  const written = (cell: string) =>
    isQuoted || /[",;\t|\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const count = random.of([2, 3, 18, 40]);
  const rows = Array.from({length: count}, () => Object.values(columns).map((make) => written(make(random))));
  const end = random.of(['\n', '\r\n']);
  const ends = rows.map(() => end);
  return {
    delimiter,
    rows: [Object.keys(columns).map(written), ...rows],
    ends: [...ends, random.of([end, ''])],
  };
}

const path = 'rows.csv';
const now = new Date('2026-11-23T08:42:00Z');

/** What is sent of a file, or the lines that are named where it is refused. */
async function read(name: string, content: string | Buffer): Promise<{values: string} | {lines: number[]}> {
  writeFileSync(path, content);
  const shape = {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false};
  try {
    const {input, checker, problems} = await prepareInput(path, await loadJob(name), shape, {now});
    const values: unknown[] = [];
    if (problems.length === 0)
      for await (const batch of input.rows()) for (const row of batch) values.push(await checker.check(row));
    await input.close();
    return problems.length > 0 ? {lines: problems.map(({line}) => line)} : {values: JSON.stringify(values)};
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {lines: [Number(/^line (\d+)/.exec(error.message)?.[1] ?? 1)]};
  }
}

interface Tally {
  kind: string;
  files: number;
  same: number;
  refused: number;
  wrong: string[];
  sent: number;
}

async function tryKind(kind: string, seed: number, place: Place): Promise<Tally> {
  const random = new Random(seed);
  const tally: Tally = {kind, files: 0, same: 0, refused: 0, wrong: [], sent: 0};
  let firstRefused: {job: string; text: string | Buffer} | undefined;
  while (tally.files < cases) {
    const job = random.of(Object.keys(jobs));
    const file = cleanFile(job, random);
    const polluted = pollutions[kind]?.(file, random);
    if (!polluted) continue;
    const clean = await read(job, textOf(file));
    // Two rows may have been given the same key.
    if ('lines' in clean) continue;
    tally.files++;
    const after = await read(job, polluted.text);
    const {lines} = polluted;
    if ('lines' in after && (lines === 'any' || after.lines.some((line) => lines.includes(line)))) {
      tally.refused++;
      firstRefused ??= {job, text: polluted.text};
    } else if ('values' in after && after.values === clean.values) tally.same++;
    else
      tally.wrong.push(
        JSON.stringify({job, after, lines, clean: textOf(file), text: polluted.text.toString()}),
      );
  }
  if (firstRefused) tally.sent = await requestsOf(firstRefused.job, firstRefused.text, place);
  return tally;
}

/** How many requests a run of the whole program sends of a file that is refused. */
async function requestsOf(job: string, text: string | Buffer, {sandbox}: Place): Promise<number> {
  writeFileSync(path, text);
  const {exit} = await runHere(['run', job, 'rows.csv', '--yes', '--per-second', '500']);
  expect(exit).toBe(65);
  return sandbox.ledger.length;
}

it('a polluted file is read as its clean one or refused at the right line, and the table in docs/reliability.md has it', async () => {
  const place = await openPlace({users: 30});
  const rows: string[] = [];
  const failures: object[] = [];
  for (const [at, kind] of Object.keys(pollutions).entries()) {
    const {files, same, refused, wrong, sent} = await tryKind(kind, at + 1, place);
    if (wrong.length > 0 || sent > 0) failures.push({kind, wrong: wrong.slice(0, 2), sent});
    rows.push(`| ${kind} | ${files} | ${same} | ${refused} | ${wrong.length} | ${sent} |`);
  }
  expect(failures).toEqual([]);
  if (scale !== 1) return;
  const docs = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  const table = docs.split('\n').map((line) => line.replaceAll(/ +\|/g, ' |'));
  expect(table).toEqual(expect.arrayContaining(rows));
}, 60_000);
