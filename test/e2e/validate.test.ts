import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {csv, openStage} from './stage.ts';

/** No network and no credentials: whatever a test sends would be refused by the empty environment. */
const offline = {api: {url: 'http://127.0.0.1:9', uid: '', secret: ''}};

describe('validate', () => {
  it('finds a file valid', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', 'jeanne,kpedro', '46,64'));
    const plain = await stage.cli(['validate', 'patronages', 'pairs.csv'], offline);
    expect(plain).toMatchObject({code: 0, stdout: '2 rows are valid\n', stderr: ''});
    const asJson = await stage.cli(['validate', 'patronages', 'pairs.csv', '--json'], offline);
    expect(JSON.parse(asJson.stdout)).toEqual({
      formatVersion: 1,
      valid: true,
      rows: 2,
      invalid: 0,
      problems: [],
    });
    expect(stage.sandbox.ledger).toEqual([]);
    expect(stage.runs()).toEqual([]);
  });

  it('lists every problem of every row with line, column, value, code, message and hint', async () => {
    const stage = await openStage();
    stage.file(
      'closes.csv',
      csv(
        'user_id,closer_id,kind,reason,community_services.0.duration',
        '46,2,deserter,"Gone,',
        'for good",7200',
        '64,2,vacation,,7201',
        ',2,other,No user,',
      ),
    );
    const {code, stdout} = await stage.cli(['validate', 'closes', 'closes.csv', '--json'], offline);
    expect(code).toBe(65);
    const result = JSON.parse(stdout) as {problems: Record<string, unknown>[]};
    expect(result).toMatchObject({valid: false, rows: 3, invalid: 2});
    expect(result.problems.map(({line, column, value}) => [line, column, value])).toEqual([
      [4, 'kind', 'vacation'],
      [4, 'reason', ''],
      [4, 'community_services.0.duration', '7201'],
      [5, 'user_id', ''],
    ]);
    for (const problem of result.problems) {
      expect(problem).toEqual({
        line: expect.any(Number),
        column: expect.any(String),
        value: expect.any(String),
        code: expect.stringMatching(/^[a-z_]+$/),
        message: expect.stringMatching(/./),
        hint: expect.stringMatching(/./),
      });
    }

    const plain = await stage.cli(['validate', 'closes', 'closes.csv'], offline);
    expect(plain.code).toBe(65);
    expect(plain.stdout).toMatch(/kind: .*\n *line 4 \(vacation\)\n[^]*user_id: .*\n *line 5\n/);
    expect(plain.stdout).toMatch(/\b4 problems\b.*\b2 of 3 rows\b/);
  });

  it('shows problems of one kind together, and each of them with --all', async () => {
    const stage = await openStage();
    const rows = Array.from({length: 70}, (_, at) => `${1000 + at},maybe`);
    stage.file('users.csv', csv('id,email_stop', ...rows));
    const some = await stage.cli(['validate', 'users', 'users.csv'], offline);
    expect(some.stdout).toMatch(
      /email_stop: .*\n.*70 rows, for example line 2 \(maybe\)\n.*→.*\n.*lines 2-71\n/,
    );
    const all = await stage.cli(['validate', 'users', 'users.csv', '--all'], offline);
    expect(all.stdout.match(/^line \d+$/gm)).toHaveLength(70);

    const page = ['validate', 'users', 'users.csv', '--html', 'problems.html'];
    const written = await stage.cli([...page, '--json'], offline);
    expect(JSON.parse(written.stdout)).toMatchObject({invalid: 70});
    const path = join(stage.folder, 'problems.html');
    const text = readFileSync(path, 'utf8');
    expect(text.match(/<tr data-group/g)).toHaveLength(70);
    expect(text.replaceAll(/<[^>]+>/g, '')).toMatch(/bulk42 validate users users\.csv\s/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const misplaced = await stage.cli([...page.slice(0, -1), 'no-folder/problems.html'], offline);
    expect(misplaced).toMatchObject({code: 74, stderr: expect.stringContaining('no-folder/problems.html')});
  });

  it('reports a header that does not fit as a problem of its line', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id,colour', '46,64,red'));
    const {code, stdout} = await stage.cli(['validate', 'patronages', 'pairs.csv', '--json'], offline);
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{line: 1, column: 'colour', code: 'unknown_column'}],
    });
  });

  it('reads a file whose name begins with a dash, and prints nothing of a valid one with --quiet', async () => {
    const stage = await openStage();
    stage.file('-pairs.csv', csv('user_id,godfather_id', '46,64'));
    const dashes = await stage.cli(['validate', 'patronages', '--', '-pairs.csv'], offline);
    expect(dashes).toMatchObject({code: 0, stdout: '1 row is valid\n', stderr: ''});
    const quiet = await stage.cli(['validate', 'patronages', './-pairs.csv', '--quiet'], offline);
    expect(quiet).toMatchObject({code: 0, stdout: '', stderr: ''});
  });

  it('reads standard input', async () => {
    const stage = await openStage();
    const input = csv('user_id,godfather_id', '46,46');
    const {code, stdout} = await stage.cli(['validate', 'patronages', '-', '--json'], {...offline, input});
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({rows: 1, invalid: 1});
  });
});
