import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {openStage, type Stage, writes} from '../e2e/stage.ts';
import {until} from '../helpers/until.ts';
import type {Summary} from '../../src/report/summary.ts';
import {codeBlocks} from './documents.ts';
import {execute, prepareShell, runScript, type Shell} from './shell.ts';

const page = 'docs/nightly.md';
const [byHand = '', script = '', ...others] = codeBlocks(page, 'sh');
const [oneJob = '', severalJobs = ''] = codeBlocks(page, 'crontab');
const [service = '', timer = ''] = codeBlocks(page, 'ini');
const [workflow = ''] = codeBlocks(page, 'yaml');

it('the page shows two scripts, two crontabs, two units and a workflow', () => {
  expect(others).toEqual([]);
  expect(byHand).toContain('bulk42 doctor');
  expect(script).toMatch(/^#!\/bin\/sh\n/);
  expect([oneJob, severalJobs, service, timer, workflow].filter((block) => block === '')).toEqual([]);
});

interface Night {
  stage: Stage;
  shell: Shell;
  /** The page's folder and hook, replaced by those of the test. */
  here: (text: string) => string;
  /** Tonight's export of 20 people, some of them with another status, and perhaps one more row. */
  export: (job: string, changed?: number, more?: string) => void;
  summary: (job: string) => Summary;
}

async function openNight(hook = 'http://127.0.0.1:9/'): Promise<Night> {
  const stage = await openStage();
  const {folder, sandbox} = stage;
  const shell = prepareShell(folder, sandbox);
  // Cron and a shell share the state folder, which is that of HOME.
  const {FORTYTWO_BASE_URL, FORTYTWO_UID, FORTYTWO_SECRET, XDG_STATE_HOME: _, ...env} = shell.env;
  const secrets = {FORTYTWO_BASE_URL, FORTYTWO_UID, FORTYTWO_SECRET};
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env'), lines.join(''), {mode: 0o600});
  mkdirSync(join(folder, 'exports'));
  const {stdout: today} = await runScript('date +%F', {...shell, env});
  const logins = [...sandbox.store.users.values()].map(({login}) => login).slice(10, 30);
  const tables: Record<string, (changed: number) => string[]> = {
    users: (changed) => [
      'id,status',
      ...logins.map((login, at) => `${login},${at < changed ? 'left' : 'admis'}`),
    ],
    'cursus-users': () => ['user_id,begin_at', ...logins.map((login) => `${login},2027-02-01`)],
    patronages: () => ['user_id,godfather_id', ...logins.map((login) => `${login},jeanne`)],
  };
  return {
    stage,
    shell: {...shell, env},
    here: (text) =>
      text
        .replaceAll('/srv/bulk42', folder)
        .replaceAll('/usr/local/bin', shell.bin)
        .replaceAll('https://chat.example.org/hooks/bulk42', hook)
        // The API of a test is never slow.
        .replaceAll('--wait-lock 3600', '--wait-lock 3600 --settle 0.2'),
    export: (job, changed = 0, more = '') =>
      writeFileSync(
        join(folder, 'exports', `${job}-${today.trim()}.csv`),
        [...(tables[job]?.(changed) ?? []), more].join('\n').replace(/[^\n]$/, '$&\n'),
      ),
    summary: (job) => {
      const run =
        readdirSync(join(folder, 'runs', job))
          .sort()
          .at(-1) ?? '';
      return JSON.parse(readFileSync(join(folder, 'runs', job, run, 'summary.json'), 'utf8')) as Summary;
    },
  };
}

/** The last line of a crontab as cron would run it: its own assignments, a bare environment, no terminal, and `\%`. */
function runAsCron({shell, here}: Night, crontab: string) {
  const lines = here(crontab).trim().split('\n');
  const command = (lines.at(-1) ?? '').split(' ').slice(5).join(' ');
  expect(command).not.toMatch(/(?<!\\)%/);
  const bare = ['PATH=/usr/bin:/bin', `HOME=${shell.folder}`, 'SHELL=/bin/sh', 'LOGNAME=bulk42'];
  const timeZone = `TZ=${shell.env['TZ'] ?? ''}`;
  const given = ['-i', ...bare, timeZone, ...lines.slice(0, -1), 'sh', '-c', command.replaceAll('\\%', '%')];
  return execute('/usr/bin/env', given, '/', {});
}

/** The page's script for a first night, which may change everything, with all of its jobs or some. */
function installScript({stage, here}: Night, ...jobs: string[]): string {
  const path = join(stage.folder, 'nightly.sh');
  const lines = here(script).replace('--max-changes 20% ', '').split('\n');
  const isLeftOut = (line: string) => /^night \w/.test(line) && !jobs.includes(line.split(' ')[1] ?? '');
  writeFileSync(path, (jobs.length > 0 ? lines.filter((line) => !isLeftOut(line)) : lines).join('\n'));
  chmodSync(path, 0o755);
  return path;
}

it('one job from cron, after a first run by hand, sends only what changed and refuses what changed too much', async () => {
  const night = await openNight();
  const {sandbox} = night.stage;
  night.export('users');
  const first = await runScript(night.here(byHand), night.shell);
  expect({code: first.code, stderr: first.code === 0 ? '' : first.stderr}).toEqual({code: 0, stderr: ''});
  expect(night.summary('users').counts).toMatchObject({updated: 20});
  const sent = writes(sandbox).length;

  night.export('users', 5);
  const refused = await runAsCron(night, oneJob);
  expect(refused).toMatchObject({code: 22, stderr: expect.stringContaining('5 of 20 rows') as string});
  expect(writes(sandbox)).toHaveLength(sent);

  night.export('users', 2);
  expect(await runAsCron(night, oneJob)).toMatchObject({code: 0, stderr: ''});
  expect(night.summary('users').counts).toMatchObject({updated: 2, unchanged: 18});
  expect(writes(sandbox)).toHaveLength(sent + 2);
});

describe('several jobs from cron', () => {
  it('are done one after the other, and nothing is mailed', async () => {
    const night = await openNight();
    for (const job of ['users', 'cursus-users', 'patronages']) night.export(job);
    installScript(night);
    const result = await runAsCron(night, severalJobs);
    expect(result).toMatchObject({code: 0, stdout: '', stderr: ''});
    const log = readFileSync(join(night.stage.folder, 'nightly.log'), 'utf8');
    expect(log.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+: exit code \d+$/gm)).toEqual([
      expect.stringContaining(' users: exit code 0'),
      expect.stringContaining(' cursus-users: exit code 0'),
      expect.stringContaining(' patronages: exit code 0'),
    ]);
    expect(night.summary('cursus-users').counts.created).toBe(20);
  });

  it('are mailed when an export did not come, and the others are done all the same', async () => {
    const night = await openNight();
    night.export('patronages');
    installScript(night, 'users', 'patronages');
    const result = await runAsCron(night, severalJobs);
    expect(result.stdout).toContain('users: exit code 66');
    expect(result.stdout).toMatch(/users-\d{4}-\d\d-\d\d\.csv/);
    expect(night.summary('patronages').counts.created).toBe(20);
  });

  it('settle first what a night that crashed left in doubt', async () => {
    const night = await openNight();
    const {stage} = night;
    const {sandbox, folder} = stage;
    night.export('patronages');
    sandbox.addFault({
      on: {method: 'POST', path: 'patronages'},
      nth: 3,
      effect: 'before',
      answer: 'hang',
    });
    stage.file('old.csv', 'user_id,godfather_id\n46,2\n64,2\n1,2\n');
    const crashing = stage.start(['run', 'patronages', 'old.csv', '--out', 'runs/patronages', '--yes'], {
      env: {XDG_STATE_HOME: ''},
    });
    await until(() => writes(sandbox).length === 3);
    crashing.child.kill('SIGKILL');
    await crashing.ended;
    sandbox.clearFaults();

    installScript(night, 'patronages');
    const result = await runScript(join(folder, 'nightly.sh'), night.shell);
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('patronages: exit code 0') as string,
    });
    expect(sandbox.store.patronages.size).toBe(23);
    expect(night.summary('patronages').counts.created).toBe(20);
  });

  it('notify a receiver of a run that did not end well', async () => {
    const posted: Summary[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        posted.push(JSON.parse(body) as Summary);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    await until(() => receiver.listening);
    const night = await openNight(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
    night.export('users', 0, 'unknown-login,admis');
    installScript(night, 'users');
    const result = await runScript(join(night.stage.folder, 'nightly.sh'), night.shell);
    expect(result.code).toBe(20);
    expect(posted.map(({job, exitCode, counts}) => [job, exitCode, counts.failed])).toEqual([
      ['users', 20, 1],
    ]);
  });
});

it('the script ends the night when the window is over or the API is down', async () => {
  const night = await openNight();
  const path = installScript(night);
  writeFileSync(join(night.shell.bin, 'bulk42'), '#!/bin/sh\necho "called $*"\nexit 75\n');
  const result = await runScript(path, night.shell);
  expect(result.code).toBe(75);
  expect(result.stdout.match(/^called run \S+/gm)).toEqual(['called run users']);
});

const verify = spawnSync('systemd-analyze', ['--version']);

describe('systemd', () => {
  it.skipIf(verify.error)(
    'finds nothing wrong with the units (skipped where systemd is missing)',
    async () => {
      const night = await openNight();
      installScript(night);
      const units = {'bulk42.service': service, 'bulk42.timer': timer};
      const paths = Object.entries(units).map(([name, unit]) => {
        writeFileSync(join(night.stage.folder, name), night.here(unit));
        return join(night.stage.folder, name);
      });
      const {status, stderr} = spawnSync('systemd-analyze', ['verify', ...paths], {encoding: 'utf8'});
      expect({status, stderr}).toEqual({status: 0, stderr: ''});
      const security = ['security', '--offline=true', '--threshold=30', paths[0] ?? ''];
      expect(spawnSync('systemd-analyze', security).status).toBe(0);
    },
  );

  it('starts what the page shows, where it lies', () => {
    expect(service).toContain('ExecStart=/srv/bulk42/nightly.sh\n');
    expect(service).toContain('WorkingDirectory=/srv/bulk42\n');
    expect(timer).toMatch(/OnCalendar=.*\n/);
  });
});

it('the steps of the workflow run, and the summary of the job shows how it ended', async () => {
  const night = await openNight();
  night.export('users');
  const steps = [...workflow.matchAll(/^( +)run: \|\n((?:\1 {2}.*\n)+)/gm)].map(([, , step = '']) => step);
  expect(steps).toHaveLength(2);
  const secrets = [...workflow.matchAll(/^ +(\w+): \$\{\{ secrets\.(\w+) \}\}$/gm)];
  expect(secrets.map(([, name, secret]) => [name, secret])).toEqual([
    ['FORTYTWO_UID', 'FORTYTWO_UID'],
    ['FORTYTWO_SECRET', 'FORTYTWO_SECRET'],
  ]);
  const summary = join(night.stage.folder, 'step-summary.json');
  const env = {...night.shell.env, GITHUB_STEP_SUMMARY: summary};
  for (const step of steps) {
    const result = await runScript(night.here(step).replace('--max-changes 20%', ''), {...night.shell, env});
    expect(result.code).toBe(0);
  }
  expect(existsSync(summary)).toBe(true);
  expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({job: 'users', counts: {updated: 20}});
});
