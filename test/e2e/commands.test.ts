import {describe, expect, it} from 'vitest';
import {listJobs} from '../../src/job/load-jobs.ts';
import {version} from '../../src/version.ts';
import {csv, errorOf, fast, fastReads, openStage, writes} from './stage.ts';
import {until} from '../helpers/until.ts';

it('--version shows the version alone', async () => {
  const stage = await openStage();
  expect(await stage.cli(['--version'])).toMatchObject({code: 0, stdout: `${version}\n`, stderr: ''});
});

describe('a command line that is wrong', () => {
  it('ends with 2 and a suggestion: two lines for people, one document for programs', async () => {
    const stage = await openStage();
    const args = ['run', 'patronage', 'x.csv', '--yes'];
    const asJson = await stage.cli([...args, '--json']);
    const {message, hint, ...facts} = errorOf(asJson);
    expect(asJson).toMatchObject({code: 2, stderr: ''});
    expect(facts).toEqual({code: 'unknown_job', exitCode: 2});
    expect(hint).toContain('patronages');
    expect(await stage.cli(args)).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `error: ${message}\n  → ${hint}\n`,
    });
    expect(stage.sandbox.ledger).toEqual([]);
  });
});

describe('a question that cannot be asked', () => {
  it('without a terminal: a run refuses unless --yes', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', 'nobody-1,64'));
    const refused = await stage.cli(['run', 'patronages', 'pairs.csv', '--json']);
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatchObject({code: 'nobody_to_ask', hint: expect.stringContaining('--yes')});
    expect(stage.sandbox.ledger).toEqual([]);
    expect(stage.runs()).toEqual([]);
  });

  it('because the rows come from standard input: it needs --yes, and works with it', async () => {
    const stage = await openStage();
    const input = csv('user_id,godfather_id', '46,64', 'nobody-1,64');
    const refused = await stage.cli(['run', 'patronages', '-'], {input});
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--yes');
    expect(stage.sandbox.ledger).toEqual([]);

    const sent = await stage.cli(['run', 'patronages', '-', '--yes', ...fast], {input});
    expect(sent.code).toBe(20);
    expect(stage.summary().input).toMatchObject({path: '-', rows: 2});
    expect(stage.report().map((row) => row['user_id'])).toEqual(['46', 'nobody-1']);
    const before = stage.output('report.csv');
    expect((await stage.cli(['report', 'last'])).code).toBe(0);
    expect(stage.output('report.csv')).toBe(before);
  });
});

describe('sandbox', () => {
  it('shows where it is as one line of JSON, can be used, and ends on SIGTERM', async () => {
    const stage = await openStage();
    const started = stage.start([
      'sandbox',
      '--json',
      '--per-second',
      '0',
      '--per-hour',
      '0',
      '--users',
      '10',
    ]);
    let out = '';
    started.child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await until(() => out.includes('\n'));
    const api = JSON.parse(out) as {url: string; uid: string; secret: string};
    expect(Object.keys(api).sort()).toEqual(['formatVersion', 'secret', 'uid', 'url']);
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1009,1000', '1010,1000'));
    expect((await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast], {api})).code).toBe(20);
    expect(stage.summary()).toMatchObject({baseUrl: api.url, counts: {created: 2, failed: 1}});

    started.child.kill('SIGTERM');
    const {signal, code} = await started.ended;
    expect([signal ?? 'SIGTERM', code ?? 143]).toEqual(['SIGTERM', 143]);
    expect(out.trim().split('\n')).toHaveLength(1);
  });

  it('is started for one command by --sandbox, without any credentials', async () => {
    const stage = await openStage();
    const nothing = {api: {url: '', uid: '', secret: ''}};
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
    expect(
      (await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--sandbox', ...fastReads], nothing)).code,
    ).toBe(0);
    expect(stage.summary().baseUrl).toBe('http://sandbox.localhost');
    expect(
      (await stage.cli(['plan', 'patronages', 'pairs.csv', '--sandbox', ...fastReads], nothing)).code,
    ).toBe(0);
    expect(writes(stage.sandbox)).toEqual([]);
  });
});

const jobNames = await listJobs();

describe('jobs and templates', () => {
  it('lists the jobs, and shows the columns, role and scope of one', async () => {
    const stage = await openStage();
    const {stdout} = await stage.cli(['jobs']);
    for (const name of jobNames) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
    const all = JSON.parse((await stage.cli(['jobs', '--json'])).stdout) as {job: string}[];
    expect(all.map(({job}) => job)).toEqual(jobNames);

    const closes = await stage.cli(['jobs', 'closes']);
    for (const word of ['closer_id', 'community_services', 'Basic staff', 'tig', '7200'])
      expect(closes.stdout).toContain(word);
    const [one] = JSON.parse((await stage.cli(['jobs', 'closes', '--json'])).stdout) as {
      columns: unknown[];
    }[];
    expect(one).toMatchObject({job: 'closes', roles: ['Basic staff'], scopes: ['tig']});
    expect(one?.columns).toContainEqual(expect.objectContaining({column: 'reason', required: true}));
    const accounts = (await stage.cli(['jobs', 'users-create'])).stdout;
    expect(accounts).toContain('needs Advanced tutor, and Advanced staff to read back');
    expect(accounts).toMatch(
      /what else happens:\n- moves the e-mail [\s\S]*how sure it is:\n[\s\S]*try one row first\n/,
    );
  });

  it.each(jobNames)('the template of %s is a file that lacks nothing but a real row', async (job) => {
    const stage = await openStage();
    const {code, stdout} = await stage.cli(['template', job]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    stage.file('filled.csv', stdout);
    const validated = await stage.cli(['validate', job, 'filled.csv', '--json']);
    expect(validated.code).toBe(65);
    expect(JSON.parse(validated.stdout)).toMatchObject({problems: [{line: 2, code: 'template_row'}]});
  });
});
