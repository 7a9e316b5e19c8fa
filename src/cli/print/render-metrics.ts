import {type Counts, outcomes} from '../../outcome.ts';
import type {Summary} from '../../report/summary.ts';

/** What is known of a run so far. */
export interface RunFacts {
  job: string;
  isRunning: boolean;
  /** Wall times, ms since 1970. */
  startedAt: number;
  now: number;
  counts?: Readonly<Counts> | undefined;
  /** Requests that are left in this hour. */
  left?: number | undefined;
  /** Once it has ended. */
  exitCode?: number | undefined;
  requests?: Summary['requests'] | undefined;
}

/** A run in the text format of Prometheus: every number is a gauge, of the run that wrote the file last. Pure. */
export function renderMetrics(facts: RunFacts): string {
  const {job, isRunning, startedAt, now, counts, left, exitCode, requests} = facts;
  const metric = (
    name: string,
    help: string,
    samples: readonly (readonly [label: string, value: number])[],
  ) => {
    const lines = samples.map(([label, value]) => `bulk42_${name}{job="${escaped(job)}"${label}} ${value}`);
    return lines.length === 0
      ? []
      : [`# HELP bulk42_${name} ${help}`, `# TYPE bulk42_${name} gauge`, ...lines];
  };
  const one = (value: number | undefined) => (value === undefined ? [] : [['', value] as const]);
  const ended = isRunning ? undefined : now / 1000;
  const lines = [
    ...metric('running', 'Whether the run is going on.', one(Number(isRunning))),
    ...metric(
      'rows',
      'Rows of the run by outcome.',
      counts ? outcomes.map((each) => [`,outcome="${each}"`, counts[each]]) : [],
    ),
    ...metric(
      'requests',
      'Requests of the run by kind; refused: by the rate limit.',
      requests
        ? (['writes', 'reads', 'refused'] as const).map((each) => [`,kind="${each}"`, requests[each]])
        : [],
    ),
    ...metric('requests_left', 'Requests that are left in this hour.', one(left)),
    ...metric(
      'run_duration_seconds',
      'How long the run has taken.',
      one(Math.max(0, now - startedAt) / 1000),
    ),
    ...metric('last_run_exit_code', 'Exit code of the run.', one(exitCode)),
    ...metric('last_run_timestamp_seconds', 'When the run ended.', one(ended)),
  ];
  return `${lines.join('\n')}\n`;
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
