import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {program} from '../helpers/run-cli.ts';
import {child, type Measured, measureNode, type MeasureOptions} from './measure.ts';

/** A folder for big files and an unlimited API in a process of its own; both go away with the benchmark. */
export interface BenchStage {
  folder: string;
  path: (name: string) => string;
  origin: string;
  /** What the program's environment needs to use that API. */
  env: Record<string, string>;
  /** The program as users run it, measured whole. */
  bulk42: (args: readonly string[], options?: Partial<MeasureOptions>) => Promise<Measured>;
  /** Time of the next request that reaches the API, in ms since 1970 with fractions. */
  nextRequest: () => Promise<number>;
}

/** How a run is compared with programs that look nothing up, ask nothing and show nothing. */
export const plainRun = ['--existing', 'send', '--yes', '--no-progress', '--concurrency', '16'];

export async function openBenchStage(options: {refuse?: boolean} = {}): Promise<BenchStage> {
  const folder = mkdtempSync(join(tmpdir(), 'bulk42-bench-'));
  const server = fork(child('server.mjs'), {
    env: {...process.env, ...(options.refuse === true && {REFUSE: '1'})},
    execArgv: [],
  });
  onTestFinished(async () => {
    const gone = once(server, 'exit');
    server.disconnect();
    await gone;
    rmSync(folder, {recursive: true, force: true});
  });
  const [{port}] = (await once(server, 'message')) as [{port: number}];
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    FORTYTWO_BASE_URL: origin,
    FORTYTWO_UID: 'u-bench',
    FORTYTWO_SECRET: 's-bench',
    XDG_STATE_HOME: join(folder, 'state'),
  };
  return {
    folder,
    origin,
    env,
    path: (name) => join(folder, name),
    bulk42(args, given) {
      // What one measurement spent is no business of the next.
      rmSync(env.XDG_STATE_HOME, {recursive: true, force: true});
      return measureNode([program, ...args], {cwd: folder, env, ...given});
    },
    async nextRequest() {
      const told = once(server, 'message');
      server.send('arm');
      const [{firstRequest}] = (await told) as [{firstRequest: number}];
      return firstRequest;
    },
  };
}
