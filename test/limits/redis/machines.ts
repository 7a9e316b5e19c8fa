import {cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {csv} from '../../e2e/stage.ts';
import type {Summary} from '../../../src/report/summary.ts';
import {type CliOptions, type CliResult, startCli, temporaryFolder} from '../../helpers/run-cli.ts';

const preload = fileURLToPath(new URL('../../helpers/other-machine.mjs', import.meta.url));

/**
 * Options that keep a test short. The rate is well below what the API allows, but not below the half: on a busy computer
 * requests arrive closer than they left. How closely the limit is kept is looked at in virtual time, and measured by
 * `npm run bench -- limits`.
 */
export const apiPerSecond = 30;
export const pace = ['--yes', '--settle', '0.3', '--per-second', '18'] as const;

/** A computer with a folder and a lock of its own. */
export interface Machine {
  folder: string;
  /** Writes a file of pairs whose users are these, one after the other. */
  pairs: (name: string, first: number, count: number) => void;
  /** The same for another job: each gets a title. */
  titles: (name: string, first: number, count: number) => void;
  start: (
    args: readonly string[],
    more?: Partial<Pick<CliOptions, 'under' | 'node' | 'env' | 'cwd'>>,
  ) => ReturnType<typeof startCli>;
  cli: (args: readonly string[], more?: {cwd: string}) => Promise<CliResult>;
  /** Its newest run. */
  run: () => string;
  summary: () => Summary;
  journal: () => string;
  /** Names of the requests that its newest run was about to send. */
  intents: () => string[];
}

/** Machines that use one API and one Redis. */
export function openMachines(
  count: number,
  api: NonNullable<CliOptions['api']>,
  redisUrl: string,
): Machine[] {
  const root = temporaryFolder();
  return Array.from({length: count}, (_, at) => {
    const folder = join(root, `machine-${at + 1}`);
    mkdirSync(folder);
    const env = {MACHINE: folder, BULK42_REDIS_URL: redisUrl};
    const start: Machine['start'] = (args, {under = [], node = [], env: moreEnv, cwd = folder} = {}) =>
      startCli(args, {
        cwd,
        api,
        env: {...env, ...moreEnv},
        node: ['--import', preload, ...node],
        under,
      });
    const run = () => {
      const names = readdirSync(join(folder, 'runs')).filter((name) => name !== '.gitignore');
      return join(folder, 'runs', names.sort().at(-1) ?? '');
    };
    const output = (name: string) => readFileSync(join(run(), name), 'utf8');
    const write = (header: string, other: number) => (name: string, first: number, many: number) => {
      const rows = Array.from({length: many}, (_row, more) => `${first + more},${other}`);
      writeFileSync(join(folder, name), csv(header, ...rows));
    };
    return {
      folder,
      pairs: write('user_id,godfather_id', 64),
      titles: write('user_id,title_id', 7),
      start,
      cli: async (args, more) => start(args, more).ended,
      run,
      summary: () => JSON.parse(output('summary.json')) as Summary,
      journal: () => output('journal.ndjson'),
      intents: () =>
        [...output('journal.ndjson').matchAll(/"k":"intent".*?"q":"([^"]+)"/g)].map(([, q = '']) => q),
    };
  });
}

/** Takes a machine's files to another one, as somebody would who goes on there. */
export function copyRuns(from: Machine, to: Machine): void {
  cpSync(from.folder, to.folder, {recursive: true, filter: (path) => !path.endsWith('.state')});
}
