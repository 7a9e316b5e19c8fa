import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {applied, csv, errorOf, fastReads, openStage, type Stage, writes} from './stage.ts';

const born = {created_at: '2024-01-01T00:00:00.000Z', updated_at: '2024-01-01T00:00:00.000Z'};

/** One row of each kind: new, there already, there with other values, and of an unknown user. */
async function openMixed(): Promise<Stage> {
  const stage = await openStage();
  const {cursusUsers} = stage.sandbox.store;
  for (const user_id of [64, 1]) {
    cursusUsers.insert((id) => ({
      id,
      user_id,
      cursus_id: 9,
      begin_at: '2027-02-01T00:00:00.000Z',
      end_at: null,
      has_coalition: true,
      ...born,
    }));
  }
  stage.file(
    'piscine.csv',
    csv(
      'user_id,cursus_id,begin_at',
      'lbuckrid,9,2027-02-01',
      '64,9,2027-02-01',
      'jeanne,9,2027-03-01',
      'nobody-here,9,2027-02-01',
    ),
  );
  return stage;
}

const command = ['plan', 'cursus-users', 'piscine.csv', ...fastReads];

describe('plan', () => {
  it('shows what a run would do with each row, and sends no write', async () => {
    const stage = await openMixed();
    const {code, stdout} = await stage.cli([...command, '--json']);
    expect(code).toBe(20);
    expect(writes(stage.sandbox)).toEqual([]);
    expect(stage.runs()).toEqual([]);
    const plan = JSON.parse(stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({
      job: 'cursus-users',
      input: {rows: 4},
      baseUrl: stage.sandbox.url,
      counts: {create: 1, update: 0, unchanged: 1, failed: 2, invalid: 0},
      requests: {writes: 1, reads: stage.sandbox.ledger.length, total: stage.sandbox.ledger.length + 1},
      rows: [
        {line: 2, action: 'create'},
        {line: 3, action: 'unchanged'},
        {line: 4, action: 'failed', code: 'exists_different', message: expect.stringContaining('begin_at')},
        {line: 5, action: 'failed', code: 'unknown_user', message: expect.stringContaining('nobody-here')},
      ],
    });

    const plain = await stage.cli(command);
    expect(plain.code).toBe(20);
    expect(plain.stdout).toContain(new URL(stage.sandbox.url).host);
    expect(plain.stdout).toMatch(/^1 request, done about .*; \d+ reads made for this plan$/m);
    for (const word of ['1 to create', '1 unchanged', '2 cannot be sent', 'nobody-here', 'begin_at']) {
      expect(plain.stdout).toContain(word);
    }
    expect(applied(stage.sandbox)).toEqual([]);
  });

  it('shows every row with --all, and writes a page with --html, beside --json too', async () => {
    const stage = await openStage();
    const rows = Array.from({length: 23}, (_, at) => `${at + 46},${at + 400}`);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...rows, '12,nobody-here'));
    const {patronages} = stage.sandbox.store;
    for (let at = 0; at < 22; at++)
      patronages.insert((id) => ({id, user_id: at + 46, godfather_id: at + 400, ongoing: true, ...born}));
    const pairs = ['plan', 'patronages', 'pairs.csv', ...fastReads];
    const some = await stage.cli(pairs);
    expect(some.stdout).toMatch(/= line 6: .*\n.*and 17 more/);
    const all = await stage.cli([...pairs, '--all', '--html', 'plan.html']);
    expect(all).toMatchObject({code: 20, stderr: expect.stringContaining('page: plan.html')});
    expect(all.stdout.match(/= line \d+/g)).toHaveLength(22);
    expect(all.stdout).not.toContain('more');
    const path = join(stage.folder, 'plan.html');
    const page = readFileSync(path, 'utf8');
    expect(page.match(/<tr data-group="unchanged"/g)).toHaveLength(22);
    expect(page).toContain('1 of 24 rows cannot be sent');
    expect(page.replaceAll(/<[^>]+>/g, '')).toContain(
      `bulk42 run patronages pairs.csv ${fastReads.join(' ')}`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const both = await stage.cli([...pairs, '--json', '--html=plan.html', '--save', 'plan.json']);
    expect(both.stderr).not.toContain('page:');
    expect(JSON.parse(both.stdout)).toMatchObject({counts: {unchanged: 22}});
    expect(readFileSync(path, 'utf8').replaceAll(/<[^>]+>/g, '')).toContain('bulk42 run --plan plan.json');

    const refused = await stage.cli([...pairs, '--html', 'pairs.csv']);
    expect(refused).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining('pairs.csv')});
    expect(readFileSync(join(stage.folder, 'pairs.csv'), 'utf8')).toContain('nobody-here');
  });

  it('shows what an update changes, and never a secret', async () => {
    const stage = await openStage();
    stage.file('users.csv', csv('id,pool_year,password', 'lbuckrid,2031,Tr4veller-Owl!'));
    const pages = ['--json', '--html', 'plan.html'];
    const {code, stdout, stderr} = await stage.cli(['plan', 'users', 'users.csv', ...fastReads, ...pages]);
    expect(code).toBe(0);
    const was = stage.sandbox.store.users.get(46)?.pool_year;
    expect(JSON.parse(stdout)).toMatchObject({
      counts: {update: 1},
      rows: [{line: 2, action: 'update', changes: [{column: 'pool_year', from: was, to: '2031'}]}],
    });
    const page = readFileSync(join(stage.folder, 'plan.html'), 'utf8');
    expect(page).toContain('<b>pool_year</b>');
    expect(stdout + stderr + page).not.toContain('Tr4veller');
    expect(writes(stage.sandbox)).toEqual([]);
  });

  it('is what run --dry-run does', async () => {
    const stage = await openMixed();
    const asPlan = JSON.parse((await stage.cli([...command, '--json'])).stdout) as {rows: unknown};
    const dry = await stage.cli(['run', ...command.slice(1), '--dry-run', '--json']);
    expect(dry.code).toBe(20);
    expect((JSON.parse(dry.stdout) as {rows: unknown}).rows).toEqual(asPlan.rows);
    expect(writes(stage.sandbox)).toEqual([]);
  });

  it('refuses an invalid file as run does', async () => {
    const stage = await openStage();
    stage.file('piscine.csv', csv('user_id,cursus_id,begin_at', '46,9,soon'));
    const result = await stage.cli([...command, '--json']);
    expect(result.code).toBe(65);
    expect(errorOf(result).code).toBe('invalid_rows');
    expect(stage.sandbox.ledger).toEqual([]);
  });
});
