import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import type {SandboxOptions} from '../../../src/sandbox/server.ts';
import type {LedgerEntry} from '../../../src/sandbox/ledger.ts';
import {noCounts} from '../../../src/outcome.ts';
import {openStage, type Stage, writes} from '../../e2e/stage.ts';
import type {CliOptions, CliResult, startCli} from '../run-cli.ts';
import {type Failpoint, withFailpoint} from './failpoint.ts';
import {checkInvariants, type Invariants} from './invariants.ts';
import {type JournalView, viewJournal} from './journal-view.ts';
import {rebuild, recoverTwice} from './rebuild.ts';
import type {Scenario} from './scenarios.ts';

export interface TrialOptions {
  rows: number;
  sandbox?: SandboxOptions;
  /** Seconds; more than the latest effect of the sandbox. */
  settle?: number;
  concurrency?: number;
  /** Further options of the first command. */
  shape?: readonly string[];
  /** Each process works in another folder, with runs folders of their own. */
  isMoving?: boolean;
}

/** One run of a scenario through any number of processes, each of which may be killed. */
export interface Trial {
  readonly stage: Stage;
  readonly file: string;
  /** The run's folder; undefined while no journal has begun. */
  run: () => string | undefined;
  go: (failpoint?: Failpoint, more?: Partial<CliOptions>) => Promise<CliResult>;
  start: (failpoint?: Failpoint, more?: Partial<CliOptions>) => ReturnType<typeof startCli>;
  /** One process that has to die at the failpoint; then what must hold after a kill. */
  kill: (failpoint: Failpoint) => Promise<Invariants>;
  /** One process that has to end by itself with this code; then what must hold at the end. */
  end: (code: number) => Promise<Invariants>;
  check: (ended: boolean) => Promise<Invariants>;
}

/** An API of its own that knows enough people, without limits. */
export async function openTrial(scenario: Scenario, options: TrialOptions): Promise<Trial> {
  const {rows, settle = 0.3, concurrency = 2, shape = [], isMoving = false} = options;
  const stage = await openStage({users: Math.max(1000, rows + 500), ...options.sandbox});
  scenario.prepare?.(stage.folder);
  scenario.seed?.(stage.sandbox.store, rows);
  const file = join(stage.folder, stage.file('rows.csv', scenario.csv(rows)));
  const pace = [
    '--per-second',
    '1000',
    '--settle',
    String(settle),
    '--concurrency',
    String(concurrency),
    '--yes',
  ];
  if (scenario.existing) await createExisting(stage, scenario.job, scenario.existing(rows));
  let processes = 0;
  let before: JournalView | undefined;
  let startedAt = 0;

  /** The newest run that has a journal, and what that holds by now. */
  const latest = () => {
    for (const id of stage.runs().toReversed()) {
      const folder = join(stage.folder, 'runs', id);
      const journal = viewJournal(join(folder, 'journal.ndjson'));
      if (journal.entries.length > 0) return {folder, journal};
    }
    return undefined;
  };
  const run = () => latest()?.folder;
  /** Begins the run, or goes on with it: by `resume` and by the same `run` in turn. */
  const commandAfter = (journal: JournalView | undefined) => {
    const last = journal?.entries.at(-1)?.k;
    // Over a finished run, `run` would begin another one.
    const again = last !== undefined && (processes % 2 === 1 || last === 'complete');
    if (again) return ['resume', isMoving ? (run() ?? '') : 'last', ...pace];
    // From wherever it is typed, the same work goes on in the folder in which it began.
    const out = isMoving && last === undefined ? ['--out', join(stage.folder, 'runs')] : [];
    return [scenario.command ?? 'run', scenario.job, isMoving ? file : 'rows.csv', ...shape, ...out, ...pace];
  };
  const place = (): Partial<CliOptions> => {
    if (!isMoving) return {};
    const cwd = join(stage.folder, `place-${processes % 3}`);
    mkdirSync(cwd, {recursive: true});
    return {cwd, env: {XDG_STATE_HOME: join(stage.folder, '.state')}};
  };
  const start: Trial['start'] = (failpoint, more = {}) => {
    before = latest()?.journal;
    const given: Partial<CliOptions> = failpoint ? withFailpoint(failpoint) : {};
    const args = commandAfter(before);
    const at = place();
    processes++;
    startedAt = Date.now();
    return stage.start(args, {...at, ...given, ...more, env: {...at.env, ...given.env, ...more.env}});
  };
  const go: Trial['go'] = async (failpoint, more) => start(failpoint, more).ended;
  const check: Trial['check'] = async (ended) => {
    const folder = run();
    if (folder === undefined) {
      const early = writes(stage.sandbox).map(({path}) => `${path} was sent before there was a journal`);
      return {violations: early, counts: noCounts(), duplicates: 0, journal: viewJournal('')};
    }
    const {ledger} = stage.sandbox;
    const settleMs = settle * 1000;
    const {once} = scenario;
    const facts = {
      run: folder,
      input: file,
      ledger,
      settleMs,
      concurrency,
      once,
      ended,
      startedAt,
      ...(before && {before}),
    };
    const checked = checkInvariants(facts);
    const [first, second] = await recoverTwice(folder, join(stage.folder, `recovered-${processes}`));
    if (!first.equals(second)) checked.violations.push('recovering twice is not recovering once');
    if (!first.equals(checked.journal.bytes.subarray(0, checked.journal.good))) {
      checked.violations.push('recovering did not keep the whole part of the journal');
    }
    if (ended) {
      for (const [name, content] of await rebuild(folder, join(stage.folder, `rebuilt-${processes}`))) {
        if (stage.output(name, folder.split('/').at(-1)) !== content)
          checked.violations.push(`${name} cannot be rebuilt`);
      }
    }
    return checked;
  };
  const expectSound = (checked: Invariants, how: unknown): Invariants => {
    expect({how, violations: checked.violations}).toEqual({how, violations: []});
    return checked;
  };
  return {
    stage,
    file,
    run,
    go,
    start,
    check,
    async kill(failpoint) {
      const {signal, code, stderr} = await go(failpoint);
      expect({failpoint, signal, code, stderr: signal === 'SIGKILL' ? '' : stderr}).toEqual({
        failpoint,
        signal: 'SIGKILL',
        code: null,
        stderr: '',
      });
      return expectSound(await check(false), failpoint);
    },
    async end(code) {
      const result = await go();
      expect({code: result.code, stderr: result.code === code ? '' : result.stderr}).toEqual({
        code,
        stderr: '',
      });
      return expectSound(await check(true), 'the end');
    },
  };
}

/** In a folder of its own, and gone from the ledger, as if others had created them. */
async function createExisting(stage: Stage, job: string, csv: string): Promise<void> {
  stage.file('existing.csv', csv);
  const create = ['run', job, 'existing.csv', '--out', 'earlier', '--per-second', '1000', '--yes'];
  const {code, stderr} = await stage.cli(create);
  expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
  (stage.sandbox.ledger as LedgerEntry[]).length = 0;
}
