import {describe, expect, it} from 'vitest';
import {applied, counts, csv, errorOf, fast, openStage, outcomes, type Stage, writes} from './stage.ts';

const run = (stage: Stage, job: string, ...more: string[]) =>
  stage.cli(['run', job, 'rows.csv', '--yes', '--concurrency', '1', ...fast, ...more]);

const bodies = ({sandbox}: Stage) => applied(sandbox).map(({body}) => body);

it('--map reads a column from another header, --set fills empty cells only', async () => {
  const stage = await openStage();
  stage.file(
    'rows.csv',
    csv('Login de la personne,cursus_id,Start', 'lbuckrid,,2027-02-01', '64,21,2027-02-01'),
  );
  const {code} = await run(
    stage,
    'cursus-users',
    '--map',
    'user_id=login DE la personne',
    '--map',
    'begin_at=start',
    '--set',
    'cursus_id=9',
    '--set',
    'has_coalition=no',
  );
  expect(code).toBe(0);
  const begin_at = expect.stringMatching(/^2027-02-01T00:00:00/);
  expect(bodies(stage)).toEqual([
    {cursus_user: {user_id: 46, cursus_id: 9, begin_at, has_coalition: false}},
    {cursus_user: {user_id: 64, cursus_id: 21, begin_at, has_coalition: false}},
  ]);
  expect(stage.report()[0]).toMatchObject({'Login de la personne': 'lbuckrid', cursus_id: ''});
});

it('an empty cell is not sent, <clear> is sent as null', async () => {
  const stage = await openStage();
  stage.file('rows.csv', csv('id,pool_month,pool_year,status', '46, <clear> ,,admis'));
  expect((await run(stage, 'users')).code).toBe(0);
  expect(bodies(stage)).toEqual([{user: {pool_month: null, status: 'admis'}}]);
  expect(stage.sandbox.store.users.get(46)).toMatchObject({
    pool_month: null,
    status: 'admis',
    pool_year: expect.stringMatching(/^\d{4}$/),
  });
});

it('--timezone is the zone of times written without one', async () => {
  const stage = await openStage();
  stage.file(
    'rows.csv',
    csv(
      'user_id,cursus_id,begin_at',
      '1000,9,2027-01-15 09:00:00',
      '1001,9,2027-07-15T09:00:00',
      '1002,9,2027-07-15',
      '1003,9,2027-07-15T09:00:00Z',
    ),
  );
  expect((await run(stage, 'cursus-users', '--timezone', 'Europe/Paris')).code).toBe(0);
  const begins = [...stage.sandbox.store.cursusUsers.values()].map(({begin_at}) =>
    new Date(begin_at).toISOString(),
  );
  expect(begins).toEqual([
    '2027-01-15T08:00:00.000Z',
    '2027-07-15T07:00:00.000Z',
    '2027-07-14T22:00:00.000Z',
    '2027-07-15T09:00:00.000Z',
  ]);
  // What was sent is what is there: the same command again sends nothing, and UTC is another time.
  expect((await run(stage, 'cursus-users', '--timezone', 'Europe/Paris')).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({unchanged: 4}));
  expect((await run(stage, 'cursus-users')).code).toBe(20);
  expect(outcomes(stage.report())).toEqual(['failed', 'failed', 'failed', 'unchanged']);
  expect(writes(stage.sandbox)).toHaveLength(4);
});

describe('--lines and --limit', () => {
  const people = csv('user_id,godfather_id', ...Array.from({length: 8}, (_, at) => `${1000 + at},64`));

  it('make the other rows no part of the run', async () => {
    const stage = await openStage();
    stage.file('rows.csv', people);
    expect((await run(stage, 'patronages', '--lines', '3-4,9')).code).toBe(0);
    expect(stage.report().map((row) => [row['bulk42_line'], row['user_id']])).toEqual([
      ['3', '1001'],
      ['4', '1002'],
      ['9', '1007'],
    ]);
    expect(stage.summary()).toMatchObject({input: {rows: 3}, counts: counts({created: 3})});

    expect((await run(stage, 'patronages', '--limit', '2')).code).toBe(0);
    expect(stage.summary()).toMatchObject({input: {rows: 2}, counts: counts({created: 1, unchanged: 1})});
    expect(applied(stage.sandbox)).toHaveLength(4);
  });

  it('leave invalid rows outside alone', async () => {
    const stage = await openStage();
    stage.file('rows.csv', people.replace('1003,64', '1003,1003'));
    expect((await run(stage, 'patronages')).code).toBe(65);
    expect((await run(stage, 'patronages', '--lines', '2-4,6-9')).code).toBe(0);
    expect(applied(stage.sandbox)).toHaveLength(7);
  });
});

describe('--existing', () => {
  async function openThere(): Promise<Stage> {
    const stage = await openStage();
    const at = '2024-01-01T00:00:00.000Z';
    stage.sandbox.store.patronages.insert((id) => ({
      id,
      user_id: 46,
      godfather_id: 64,
      ongoing: true,
      created_at: at,
      updated_at: at,
    }));
    stage.file('rows.csv', csv('user_id,godfather_id', '46,64', '1000,64'));
    return stage;
  }

  it.each([
    ['skip', 0, ['unchanged', 'created'], 1],
    ['fail', 20, ['failed', 'created'], 1],
    ['send', 0, ['created', 'created'], 2],
  ])('%s', async (existing, code, expected, sent) => {
    const stage = await openThere();
    expect((await run(stage, 'patronages', '--existing', existing)).code).toBe(code);
    expect(outcomes(stage.report())).toEqual(expected);
    expect(writes(stage.sandbox)).toHaveLength(sent);
    if (existing === 'skip')
      expect(stage.report()[0]).toMatchObject({bulk42_id: '123', bulk42_attempts: '0'});
    if (existing === 'fail') expect(stage.report()[0]).toMatchObject({bulk42_code: 'exists'});
    // Only the newest record is read: one with no higher id is not the run's.
    if (existing === 'send') {
      const reads = stage.sandbox.ledger.filter(({method}) => method === 'GET');
      expect(reads.map(({path, query}) => [path, query])).toEqual([
        ['/v2/patronages', 'sort=-id&page[size]=2'],
      ]);
    }
  });
});

it('--ignore-unknown leaves columns out that the job does not know, and sends no more than it does', async () => {
  const stage = await openStage();
  stage.file('rows.csv', csv('id,pool_year,correction_point,staff?', '46,2031,999,true'));
  expect((await run(stage, 'users')).code).toBe(65);
  expect((await run(stage, 'users', '--ignore-unknown')).code).toBe(0);
  expect(bodies(stage)).toEqual([{user: {pool_year: '2031'}}]);
  expect(stage.report()[0]).toMatchObject({correction_point: '999'});
});

it('--delimiter and --encoding overrule what was detected', async () => {
  const stage = await openStage();
  stage.file('rows.csv', Buffer.from('id|first_name|last_name\n46|Zo\xe9;,|Ch\xe2telet\n', 'latin1'));
  expect((await run(stage, 'users', '--delimiter', '|', '--encoding', 'windows-1252')).code).toBe(0);
  expect(stage.sandbox.store.users.get(46)).toMatchObject({first_name: 'Zoé;,', last_name: 'Châtelet'});
});

describe('a list of logins', () => {
  it('is a whole file by --columns, and is retried', async () => {
    const stage = await openStage();
    stage.file('rows.csv', 'jeanne\nnobody-there\n\ngargamel\n');
    const options = ['--columns', ' user_id ', '--set', 'group_id=12'];
    expect((await run(stage, 'groups-users', ...options)).code).toBe(20);
    const lines = () =>
      stage.report().map((row) => [row['bulk42_line'], row['user_id'], row['bulk42_outcome']]);
    expect(lines()).toEqual([
      ['1', 'jeanne', 'created'],
      ['2', 'nobody-there', 'failed'],
      ['4', 'gargamel', 'created'],
    ]);
    const {code} = await stage.cli(['retry', 'last', '--yes', ...fast]);
    expect([code, ...lines()]).toEqual([20, ['2', 'nobody-there', 'failed']]);
  });

  it('stands once for each value of --each, and goes on after an interruption', async () => {
    const stage = await openStage();
    stage.file('rows.csv', 'jeanne;x\ngargamel;y\n');
    const options = ['--columns', 'user_id,room', '--ignore-unknown', '--each', 'project_id=1314,1315,1316'];
    expect((await run(stage, 'projects-users', ...options, '--max-requests', '8')).code).toBe(75);
    expect((await run(stage, 'projects-users', ...options)).code).toBe(0);
    expect(stage.runs()).toHaveLength(1);
    expect(stage.summary().counts).toEqual(counts({created: 6}));
    const pairs = bodies(stage).map((body) => Object.values((body as {projects_user: object}).projects_user));
    const projects = [1314, 1315, 1316];
    expect(pairs).toEqual([...projects.map((id) => [id, 1]), ...projects.map((id) => [id, 3])]);
    expect(stage.report().map(({user_id, project_id}) => `${user_id} ${project_id}`)).toEqual(
      ['jeanne', 'gargamel'].flatMap((login) => projects.map((id) => `${login} ${id}`)),
    );
    expect(stage.report().map((row) => row['bulk42_line'])).toEqual(['1', '1', '1', '2', '2', '2']);
    const both = await run(stage, 'projects-users', ...options, '--each', 'room=1,2', '--json');
    expect(both.code).toBe(2);
    expect(errorOf(both)).toMatchObject({code: 'each_column', message: expect.stringContaining('room')});
  });

  it('with --each goes by the lines of the file that was given, also when it is retried and undone', async () => {
    const stage = await openStage();
    stage.file('rows.csv', 'user_id,bulk42_line\njeanne,7\ngargamel,8\nnobody-there,9\nkpedro,9\n');
    const options = ['--each', 'group_id=12,13'];
    stage.file('wrong.csv', 'user_id\njeanne\nJEANNE\n');
    const wrong = await stage.cli(['validate', 'groups-users', 'wrong.csv', ...options, '--json']);
    const {problems} = JSON.parse(wrong.stdout) as {problems: {line: number; message: string}[]};
    expect(problems.map(({line, message}) => [line, message.includes('line 2')])).toEqual([
      [3, true],
      [3, true],
    ]);

    expect((await run(stage, 'groups-users', ...options, '--lines', '2,4-5', '--limit', '2')).code).toBe(20);
    const lines = () =>
      stage
        .report()
        .map((row) => [row['bulk42_line'], row['user_id'], row['group_id'], row['bulk42_outcome']]);
    const left = [
      ['4', 'nobody-there', '12', 'failed'],
      ['4', 'nobody-there', '13', 'failed'],
    ];
    expect(lines()).toEqual([['2', 'jeanne', '12', 'created'], ['2', 'jeanne', '13', 'created'], ...left]);
    const [first = ''] = stage.runs();

    expect((await stage.cli(['retry', 'last', '--yes', ...fast])).code).toBe(20);
    expect(lines()).toEqual(left);
    // A row more than the first file had with this line is one that was copied.
    const [second = ''] = stage.runs().slice(-1);
    const retry = stage.output('retry.csv');
    stage.file(`runs/${second}/retry.csv`, `${retry}${retry.trimEnd().split('\n').at(-1)}\n`);
    const copied = await stage.cli(['retry', 'last', '--yes', '--json', ...fast]);
    expect(errorOf(copied)).toMatchObject({code: 'retry_log', exitCode: 65});
    stage.file(`runs/${second}/retry.csv`, retry.replace('nobody-there', 'andre'));
    expect((await stage.cli(['retry', 'last', '--yes', ...fast])).code).toBe(20);
    expect(lines()).toEqual([['4', 'andre', '12', 'created'], left[1]]);

    expect((await stage.cli(['undo', first, '--yes', ...fast])).code).toBe(0);
    expect(lines()).toEqual([
      ['2', 'jeanne', '12', 'removed'],
      ['2', 'jeanne', '13', 'removed'],
    ]);
    const nothing = await run(stage, 'groups-users', ...options, '--lines', '9', '--json');
    expect([nothing.code, errorOf(nothing).message]).toEqual([2, expect.stringContaining('--lines 9')]);
  });
});
