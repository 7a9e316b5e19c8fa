/**
 * Plants known bugs, one at a time, in a copy of this repository, and shows which test notices each.
 *
 *   node scripts/mutants/plant.mjs [part of a bug's name] > docs/planted-bugs.md
 *
 * Exit code 1 when a bug went unnoticed, or when the source no longer has the place where it is planted.
 */
import {spawnSync} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {mutants} from './mutants.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const left = ['node_modules', 'dist', '.git', 'runs'].map((name) => join(repository, name));

function copyRepository() {
  const copy = mkdtempSync(join(tmpdir(), 'bulk42-mutants-'));
  cpSync(repository, copy, {recursive: true, filter: (path) => !left.includes(path)});
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Applies a mutant's edits; gives what takes them back. */
function plant(copy, {bug, edits}) {
  const originals = new Map();
  for (const {file, from, to} of edits) {
    const path = join(copy, file);
    const source = readFileSync(path, 'utf8');
    if (!originals.has(path)) originals.set(path, source);
    if (source.split(from).length !== 2) {
      throw new Error(`${bug}: ${file} does not have this place, or has it more than once:\n${from}`);
    }
    writeFileSync(
      path,
      source.replace(from, () => to),
    );
  }
  return () => originals.forEach((source, path) => writeFileSync(path, source));
}

function run(copy, command, args) {
  const {status, stdout, stderr} = spawnSync(command, args, {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return {status, output: `${stdout}${stderr}`};
}

/** Titles of the tests that fail. */
function failures(copy, tests) {
  const report = join(copy, 'report.json');
  rmSync(report, {force: true});
  run(copy, 'npx', ['vitest', 'run', '--reporter=json', `--outputFile=${report}`, ...tests]);
  const {testResults} = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap(({name, assertionResults, status, message}) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    const file = name.slice(name.indexOf('/test/') + 1);
    if (failed.length === 0 && status === 'failed') failed.push(message.split('\n')[0]);
    return failed.map((title) => ({file, title}));
  });
}

const wanted = process.argv[2] ?? '';
const copy = copyRepository();
const rows = [];
let unnoticed = 0;
try {
  for (const mutant of mutants.filter(({bug}) => bug.includes(wanted))) {
    const undo = plant(copy, mutant);
    const built = run(copy, 'node', ['scripts/build.mjs']);
    // A program that cannot be built fails every test, which shows nothing.
    const caught = built.status === 0 ? failures(copy, mutant.tests) : [];
    undo();
    if (caught.length === 0) unnoticed++;
    process.stderr.write(`${caught.length === 0 ? 'UNNOTICED' : 'noticed'}: ${mutant.bug}\n`);
    if (built.status !== 0) process.stderr.write(`  (it cannot be built: ${built.output.slice(0, 500)})\n`);
    const [first] = caught;
    const places = [...new Set(mutant.edits.map(({file}) => `\`${file}\``))].join(', ');
    const by = first ? `\`${first.file}\`: ${first.title.replaceAll('|', '\\|')}` : '**nothing**';
    rows.push(
      `| ${rows.length + 1} | ${mutant.bug} | ${places} | ${by}${caught.length > 1 ? ` (and ${caught.length - 1} more)` : ''} |`,
    );
  }
} finally {
  rmSync(copy, {recursive: true, force: true});
}
process.stdout.write(
  [
    '# Planted bugs',
    '',
    'Bugs that programs of this kind have had, planted one at a time in a copy of the source, and the test that notices.',
    '`npm run mutants` makes this table; the name of a bug tries that one alone.',
    '',
    '| # | bug | planted in | noticed by |',
    '| - | --- | ---------- | ---------- |',
    ...rows,
    '',
    `${rows.length - unnoticed} of ${rows.length} noticed.`,
    '',
  ].join('\n'),
);
process.exitCode = unnoticed === 0 ? 0 : 1;
