import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {arrivedWrites} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {program} from '../helpers/run-cli.ts';
import {csv, fast, openStage} from './stage.ts';

const run = ['run', 'patronages', 'pairs.csv', '--yes', ...fast];
const pairs = csv('user_id,godfather_id', '46,64', '1000,64', '1001,nobody-1');
const linux = process.platform === 'linux';

describe('the secret', () => {
  it.runIf(linux)('is not on the command line of a process, where other users could read it', async () => {
    const trial = await openTrial(scenarios.listable, {rows: 9, sandbox: {latencyMs: 40}});
    const {child, ended} = trial.start();
    await until(() => arrivedWrites(trial.stage.sandbox.ledger) > 0, 'rows are being sent');
    const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
    expect(line).toContain('patronages');
    expect(line).not.toContain(trial.stage.sandbox.secret);
    await ended;
  });

  it.each(['--secret', '--uid', '--token', '--password'])('has no option: %s', async (option) => {
    const stage = await openStage();
    stage.file('pairs.csv', pairs);
    expect((await stage.cli([...run, option, 's-s4t2ud-x'])).code).toBe(2);
    expect(stage.sandbox.ledger).toEqual([]);
  });

  it('and the token are in no address: the token goes out in a header, the secret in one body', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', pairs);
    await stage.cli(run);
    const {secret, ledger} = stage.sandbox;
    expect(ledger.length).toBeGreaterThan(3);
    for (const {path, query} of ledger) expect(`${path}?${query}`).not.toMatch(/token=|secret/);
    const holders = ledger.filter(({body}) => JSON.stringify(body ?? '').includes(secret));
    expect(holders.map(({path}) => path)).toEqual(['/oauth/token']);
  });
});

it.each([
  [13, 'warning'],
  [40, 'ok'],
] as const)('a secret that works for %i more days is reported by doctor: %s', async (days, status) => {
  const secretValidUntil = Math.round(Date.now() / 1000) + days * 24 * 3600;
  const stage = await openStage({secretValidUntil});
  const {stdout} = await stage.cli(['doctor', '--json']);
  const {findings} = JSON.parse(stdout) as {findings: {check: string; status: string}[]};
  expect(findings.find(({check}) => check === 'secret')).toMatchObject({status});
});

it('no host but the API gets a request, whatever the command', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', pairs);
  const record = join(stage.folder, 'hosts');
  const recorder = fileURLToPath(new URL('../helpers/harness/record-hosts.mjs', import.meta.url));
  const watched = {node: ['--import', recorder], env: {RECORD_HOSTS: record}};
  for (const command of [
    ['jobs'],
    ['template', 'users'],
    ['validate', 'patronages', 'pairs.csv'],
    ['runs'],
  ]) {
    expect((await stage.cli(command, watched)).code).toBe(0);
  }
  expect(existsSync(record)).toBe(false);
  for (const command of [
    ['doctor'],
    ['plan', ...run.slice(1, 3)],
    run,
    ['report', 'last'],
    ['undo', 'last', '--yes'],
  ]) {
    await stage.cli(command, watched);
  }
  const hosts = new Set(readFileSync(record, 'utf8').trimEnd().split('\n'));
  expect([...hosts]).toEqual([new URL(stage.sandbox.url).host]);
});

/** Everything below a folder with its mode, but what the test put there. */
function modesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name): string[] => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o777).toString(8);
    return stat.isDirectory() ? [`folder ${mode}`, ...modesBelow(path)] : [`file ${mode}`];
  });
}

it.each(['000', '022', '077'])(
  'what is written is for its owner alone under a umask of %s',
  async (umask) => {
    const {folder, sandbox, ...stage} = await openStage();
    stage.file('pairs.csv', pairs);
    const command = [process.execPath, program, ...run].join(' ');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, '.state'),
      FORTYTWO_BASE_URL: sandbox.url,
      FORTYTWO_UID: sandbox.uid,
      FORTYTWO_SECRET: sandbox.secret,
    };
    const child = spawn('sh', ['-c', `umask ${umask}; ${command}`], {cwd: folder, env, stdio: 'ignore'});
    expect(await once(child, 'close')).toEqual([20, null]);
    const modes = new Set([...modesBelow(join(folder, 'runs')), ...modesBelow(join(folder, '.state'))]);
    expect([...modes].toSorted()).toEqual(['file 600', 'folder 700']);
  },
);
