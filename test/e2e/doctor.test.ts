import {describe, expect, it} from 'vitest';
import {checkNode} from '../../src/app/diagnose.ts';
import type {Finding} from '../../src/app/finding.ts';
import type {SandboxOptions} from '../../src/sandbox/server.ts';
import {type CliOptions, runCli, temporaryFolder} from '../helpers/run-cli.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';
import {openStage} from './stage.ts';
import {until} from '../helpers/until.ts';

const day = 24 * 3600;
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * day;

const wrong = {env: {FORTYTWO_SECRET: 's-wrong-canary'}};

interface Patient {
  api?: SandboxOptions;
  options?: string[];
  more?: Partial<CliOptions>;
}

/** What doctor finds, by its names, and its exit code; the same for people and for programs. */
async function examine({api, options = [], more = {}}: Patient = {}) {
  const stage = await openStage(api);
  stage.file('a-file', '');
  const {code, stdout, stderr} = await stage.cli(['doctor', '--json', ...options], more);
  expect(stderr).toBe('');
  expect(stdout).not.toContain(stage.sandbox.secret);
  const document = JSON.parse(stdout) as {ok: boolean; exitCode: number; findings: Finding[]};
  expect(document).toMatchObject({ok: code === 0, exitCode: code});
  const by = (check: string) => document.findings.filter((finding) => finding.check === check);
  return {code, stage, findings: document.findings, by};
}

it('says with --quiet only what is to be fixed', async () => {
  const stage = await openStage();
  expect(await stage.cli(['doctor', '--quiet'])).toMatchObject({code: 0, stdout: '', stderr: ''});
  const lacking = await openStage({roles: ['Basic staff']});
  const {stdout} = await lacking.cli(['doctor', '--quiet']);
  expect(stdout).toContain('roles');
  expect(stdout).not.toMatch(/^ok /m);
});

it('a healthy installation has nothing to fix', async () => {
  const {code, findings} = await examine({api: {perSecond: 7, perHour: 3300, secretValidUntil: inDays(90)}});
  expect(code).toBe(0);
  expect(findings.map(({check, status}) => `${check}: ${status}`)).toEqual([
    'Node: ok',
    'settings: ok',
    'API: ok',
    'runs folder: ok',
    'memory: ok',
    'credentials: ok',
    'secret: ok',
    'scopes: ok',
    'application: ok',
    'roles: ok',
    'limits: ok',
    'clock: ok',
  ]);
  for (const finding of findings)
    expect(finding).toEqual({
      check: expect.any(String) as string,
      status: 'ok',
      detail: expect.stringMatching(/\S/) as string,
      fix: '',
      exitCode: 0,
    });
  const detailOf = (check: string) => findings.find((finding) => finding.check === check)?.detail;
  expect(detailOf('settings')).toMatch(/^no bulk42\.json in \S+, no \S+\/\.env$/);
  expect(detailOf('API')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(detailOf('application')).toBe('bulk42 sandbox');
  expect(findings.at(-2)?.detail).toBe('7 a second, 3300 an hour, 3299 left of this hour');
});

it('the settings that count are named', async () => {
  const stage = await openStage();
  stage.file('bulk42.json', '{"profiles": {"berlin": {"env-file": "berlin.env"}}}');
  stage.file('berlin.env', '');
  const {stdout} = await stage.cli(['doctor', '--sandbox', '--profile', 'berlin']);
  expect(stdout).toMatch(/^ok {6} settings: bulk42\.json, profile berlin, \S+\/berlin\.env$/m);
  expect(stdout).toMatch(/^ok {6} API: the embedded one, a rehearsal$/m);
});

it('people see a line for each, and what to do beneath the ones that are not well', async () => {
  const stage = await openStage({scopes: ['public'], roles: ['Basic staff']});
  const {code, stdout} = await stage.cli(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {6} Node: \d+\.\d+\.\d+$/m);
  expect(stdout).toMatch(
    /^warning {2}scopes: closes, community-services need the scope tig\n {9}→ add it to the application/m,
  );
  expect(stdout).toMatch(
    /^warning {2}roles: cannot run: .*users[^(]* \(Advanced tutor\).*\n {9}→ ask the intra team/m,
  );
});

it('a plan names the role that its removals need and the application lacks', async () => {
  const stage = await openStage({roles: ['Basic staff']});
  const warningsOf = async (...args: string[]) => {
    stage.file('services.csv', 'close_id,duration\n5000,7200\n');
    const {stdout} = await stage.cli([
      ...args,
      'community-services',
      'services.csv',
      '--json',
      '--per-second',
      '1000',
    ]);
    return (JSON.parse(stdout) as {warnings: string[]}).warnings;
  };
  expect(await warningsOf('plan')).toEqual([]);
  expect(await warningsOf('remove', '--dry-run')).toEqual([
    'the API will refuse these requests: the application lacks the role Advanced staff',
  ]);
});

it('the last line shows whether a run can begin', async () => {
  const last = async (api: SandboxOptions, more: Partial<CliOptions> = {}) =>
    (await (await openStage(api)).cli(['doctor'], more)).stdout.trimEnd().split('\n').at(-1);
  expect(await last({secretValidUntil: inDays(90)})).toMatch(/^ready\b(?!.*\d)/);
  expect(await last({scopes: ['public'], roles: ['Basic staff']})).toMatch(/^ready\b.* 3 warnings/);
  expect(await last({}, wrong)).toMatch(/^not ready\b.* 1 problem/);
});

it('what is known is shown while the API has not answered', async () => {
  const stage = await openStage({faults: [{on: {path: 'oauth/token'}, effect: 'none', answer: 'hang'}]});
  const {child, ended} = stage.start(['doctor']);
  let shown = '';
  child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await until(() => stage.sandbox.ledger.length > 0);
  await until(() => /memory: .*\n/.test(shown));
  expect(shown).toMatch(
    /^ok {6} Node: .*\nok {6} settings: .*\nok {6} API: .*\nok {6} runs folder: runs\nok {6} memory: .*\n$/,
  );
  child.kill('SIGKILL');
  await ended;
});

describe.each<[string, Patient, string, Partial<Finding>]>([
  [
    'a wrong secret',
    {more: wrong},
    'credentials',
    {status: 'problem', exitCode: 77, detail: 'the API does not accept FORTYTWO_UID and FORTYTWO_SECRET'},
  ],
  [
    'no secret',
    {more: {env: {FORTYTWO_SECRET: ''}}},
    'configuration',
    {status: 'problem', exitCode: 78, detail: 'FORTYTWO_SECRET not set'},
  ],
  [
    'a secret that is about to end',
    {api: {secretValidUntil: inDays(5)}},
    'secret',
    {
      status: 'warning',
      exitCode: 0,
      detail: expect.stringMatching(/^valid until \d{4}-\d\d-\d\d, [45] days$/),
    },
  ],
  [
    'a scope that is missing',
    {api: {scopes: ['public', 'projects']}},
    'scopes',
    {status: 'warning', exitCode: 0, detail: 'closes, community-services need the scope tig'},
  ],
  [
    'a role that some jobs need',
    {api: {roles: ['Advanced tutor']}},
    'roles',
    {
      status: 'warning',
      exitCode: 0,
      detail: expect.stringMatching(/^cannot run: .*\bcloses, community-services \(Basic staff\);/),
    },
  ],
  [
    'no role at all',
    {api: {roles: []}},
    'roles',
    {
      status: 'problem',
      exitCode: 77,
      detail: expect.stringMatching(/^no job can run: .*\bcloses, community-services \(Basic staff\);/),
    },
  ],
  [
    'a clock that is two minutes behind',
    {api: {now: () => Date.now() + 120_000}},
    'clock',
    {status: 'warning', exitCode: 0, detail: expect.stringMatching(/^1(19|20|21) s behind the API$/)},
  ],
  [
    'a clock that is ahead',
    {api: {now: () => Date.now() - 300_000}},
    'clock',
    {status: 'warning', exitCode: 0, detail: expect.stringMatching(/^(299|300|301) s ahead of the API$/)},
  ],
  [
    'a runs folder that cannot be',
    {options: ['--out', 'a-file/runs']},
    'runs folder',
    {status: 'problem', exitCode: 74, detail: 'a-file/runs cannot be written'},
  ],
  [
    'a folder that cannot keep what was sent',
    {more: {env: {XDG_STATE_HOME: 'a-file'}}},
    'memory',
    {
      status: 'warning',
      exitCode: 0,
      detail: expect.stringMatching(/^a-file\/bulk42 cannot be written, so a run/),
    },
  ],
  [
    'an hour whose requests are used up',
    {api: {perSecond: 3, perHour: 1}},
    'limits',
    {status: 'warning', exitCode: 0, detail: '3 a second, 1 an hour, 0 left of this hour'},
  ],
  [
    'a login page in place of the API',
    {api: {faults: [{on: {path: 'oauth/token'}, effect: 'none', answer: 'html-200'}]}},
    'credentials',
    {status: 'problem', exitCode: 75},
  ],
  [
    'an API that answers nothing but errors',
    {api: {faults: [{effect: 'none', answer: '503'}]}},
    'reading users',
    {status: 'problem', exitCode: 75, detail: 'the API answered 503'},
  ],
])('%s', (_what, patient, check, expected) => {
  it('is found, with what to do', async () => {
    const {code, by} = await examine(patient);
    expect(by(check)).toMatchObject([expected]);
    expect(by(check)[0]?.fix).toMatch(/\S{3}/);
    expect(code).toBe(expected.exitCode);
  });
});

it('an hour that is nearly used up is found, with what that means', async () => {
  const {sandbox, send} = await openSandbox({perHour: 40});
  for (let sent = 0; sent < 36; sent++) await send('GET', '/v2/users/46');
  const {stdout} = await runCli(['doctor', '--json'], {cwd: temporaryFolder(), api: sandbox});
  expect((JSON.parse(stdout) as {findings: Finding[]}).findings).toContainEqual({
    check: 'limits',
    status: 'warning',
    detail: '1000000 a second, 40 an hour, 3 left of this hour',
    fix: 'a run of more than 3 requests would wait for the next hour',
    exitCode: 0,
  });
});

it.each([
  ['18.20.8', 'problem'],
  ['20.18.3', 'problem'],
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
])('Node %s: %s', (version, status) => {
  expect(checkNode(version)).toMatchObject({check: 'Node', detail: version, status});
});

it('writes nothing to the API', async () => {
  const {stage} = await examine();
  expect(
    stage.sandbox.ledger.filter(({method, path}) => method !== 'GET' && !path.includes('token')),
  ).toEqual([]);
});
