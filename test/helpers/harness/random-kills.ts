import {expect} from 'vitest';
import type {Fault} from '../../../src/sandbox/faults.ts';
import type {SandboxOptions} from '../../../src/sandbox/server.ts';
import {applied} from '../../e2e/stage.ts';
import type {Failpoint} from './failpoint.ts';
import type {Scenario} from './scenarios.ts';
import {openTrial, type Trial} from './trial.ts';

/** Latest effect of a request whose sender is gone, in milliseconds. */
const latest = 500;

/** A tenth of all writes goes wrong, in ways that do not show whether they were applied. */
function uncertainFaults(method: string, seed: number): Fault[] {
  const on = {method};
  const faults: Fault[] = [
    {effect: 'late', lateMs: latest, answer: 'reset'},
    {effect: 'late', lateMs: latest / 2, answer: '504'},
    {effect: 'before', answer: '500'},
    {effect: 'before', answer: 'truncated'},
    {effect: 'none', answer: '502'},
    {effect: 'none', answer: 'fin'},
  ];
  return faults.map((fault, at) => ({...fault, on, chance: 0.017, seed: seed + at}));
}

export interface RandomKills {
  scenario: Scenario;
  kills: number;
  rows: number;
  seed: number;
  method?: string;
  /** How this API behaves where the documents leave it open. */
  sandbox?: SandboxOptions;
  /** How far a process comes at most before it dies, in operations on disk and network: eight or so for a row. */
  reach?: number;
  /** Further options of the first command. */
  shape?: readonly string[];
  /** Each process works in another folder. */
  isMoving?: boolean;
}

/**
 * Kills one run at random moments, each time in the process that goes on with it, then lets it end. Every failure
 * names the seed and the kill.
 */
export async function expectRandomSurvival(options: RandomKills): Promise<Trial> {
  const {
    scenario,
    kills,
    rows,
    seed,
    method = 'POST',
    reach = 26,
    sandbox = {},
    shape = [],
    isMoving = false,
  } = options;
  const random = generator(seed);
  const faults = uncertainFaults(method, seed);
  const trial = await openTrial(scenario, {
    rows,
    settle: 0.7,
    shape,
    isMoving,
    sandbox: {latencyMs: 6, faults, ...sandbox},
  });
  let killed = 0;
  for (let started = 0; killed < kills && started < 2 * kills; started++) {
    const failpoint: Failpoint = {
      at: 'any',
      when: random() < 0.5 ? 'before' : 'after',
      from: 'open:journal',
      nth: 1 + Math.floor(random() * reach),
      afterMs: Math.floor(random() * 6),
    };
    const {signal} = await trial.go(failpoint);
    if (signal === 'SIGKILL') killed++;
    const {violations} = await trial.check(signal === null);
    expect({seed, killed, failpoint, violations}).toEqual({seed, killed, failpoint, violations: []});
  }
  expect(killed).toBe(kills);
  // A row whose three attempts in one process all met a fault is left in doubt by it (21), and the next one takes it up.
  let last = await trial.go();
  for (let more = 3; last.code === 21 && more > 0; more--) last = await trial.go();
  const {violations, counts, duplicates} = await trial.check(true);
  const written = applied(trial.stage.sandbox).length;
  process.stdout.write(
    `${killed} kills over ${rows} rows of ${[scenario.command, scenario.job, ...shape].join(' ').trim()} (seed ${seed}): ${written} applied, ${duplicates} twice\n`,
  );
  const {code, stderr} = last;
  const end = {code, stderr: code === 0 ? '' : stderr};
  expect({seed, end, violations}).toEqual({seed, end: {code: 0, stderr: ''}, violations: []});
  expect(counts.created + counts.updated + counts.removed).toBe(rows);
  if (scenario.once) expect(written).toBe(rows);
  return trial;
}

/** The same seed gives the same kills (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
