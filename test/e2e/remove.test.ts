import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Sandbox} from '../../src/sandbox/server.ts';
import {atTerminal} from '../helpers/at-terminal.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied, counts, csv, errorOf, fast, lastLine, openStage, outcomes, writes} from './stage.ts';

const at = '2030-01-02T03:04:05.000Z';
const pace = ['--yes', '--concurrency', '1', '--timeout', '2', ...fast];

interface Removal {
  job: string;
  /** More columns than a removal needs: cells of them that break a rule are none of its business. */
  header: string;
  row: (user: number) => string;
  ignored?: string;
  seed: (sandbox: Sandbox, user: number) => void;
  /** Of people whose record is there. */
  left: (sandbox: Sandbox) => number[];
  /** Requests for one record. */
  requests: number;
}

const users = (rows: Iterable<{user_id?: unknown} | Record<string, unknown>>) =>
  [...rows].map((row) => Number(row['user_id' as keyof typeof row]));

const removals: Removal[] = [
  {
    job: 'patronages',
    header: 'user_id,godfather_id,ongoing',
    row: (user) => `${user},65,perhaps`,
    ignored: 'ongoing',
    seed: ({store}, user) => {
      store.patronages.insert((id) => ({
        id,
        user_id: user,
        godfather_id: 65,
        ongoing: true,
        created_at: at,
        updated_at: at,
      }));
    },
    left: ({store}) => users(store.patronages.values()),
    requests: 1,
  },
  {
    // One that has begun is moved to the future first.
    job: 'cursus-users',
    header: 'cursus_id,user_id,skip_begin_validation,begin_at',
    row: (user) => `9,${user},,31 February`,
    ignored: 'skip_begin_validation, begin_at',
    seed: ({store}, user) => {
      const times = {begin_at: '2020-01-02T03:04:05.000Z', end_at: null, created_at: at, updated_at: at};
      store.cursusUsers.insert((id) => ({
        id,
        user_id: user,
        cursus_id: 9,
        grade: null,
        level: 0,
        blackholed_at: null,
        has_coalition: true,
        ...times,
      }));
    },
    left: ({store}) => users(store.cursusUsers.values()),
    requests: 2,
  },
  {
    job: 'closes',
    header: 'user_id,kind,reason,community_services.0.duration',
    row: (user) => `${user},agu,Went abroad,3`,
    ignored: 'community_services.0.duration',
    seed: ({store}, user) => {
      const close = {
        user_id: user,
        closer_id: 2,
        kind: 'agu',
        reason: 'Went abroad',
        state: 'close' as const,
      };
      const id = 700 + user;
      store.closes.set(id, {id, ...close, end_at: null, created_at: at, updated_at: at});
    },
    left: ({store}) => users([...store.closes.values()].filter(({state}) => state === 'close')),
    requests: 1,
  },
  {
    job: 'groups-users',
    header: 'user_id,group_id',
    row: (user) => `${user},12`,
    seed: ({store}, user) => {
      const id = 300 + user;
      store.tables.groups_users.set(id, {id, group_id: 12, user_id: user, created_at: at, updated_at: at});
    },
    left: ({store}) => users(store.tables.groups_users.values()),
    requests: 1,
  },
];

describe.each(removals)('remove $job', (removal) => {
  const {job, header, row, ignored, requests} = removal;
  const rows = Array.from({length: 15}, (_, n) => 70 + n);

  it('removes what the keys name and nothing else, though responses get lost; again it finds nothing', async () => {
    const stage = await openStage();
    const {sandbox} = stage;
    const others = removal.left(sandbox);
    for (const user of [...rows, 90]) removal.seed(sandbox, user);
    stage.file('rows.csv', csv(header, ...rows.map(row), row(91)));
    const answers = ['500', 'reset', '504', 'fin', '408'] as const;
    for (const [n, answer] of answers.entries()) {
      const on = {body: () => true, ...(requests === 2 && {method: 'DELETE'})};
      const nth = 1 + 3 * n;
      sandbox.addFault({
        on: {method: job === 'closes' ? 'PUT' : 'DELETE', ...on},
        nth,
        answer,
        effect: n % 2 ? 'none' : 'before',
      });
    }
    const removed = await stage.cli(['remove', job, 'rows.csv', ...pace]);
    expect([removed.code, stage.summary().counts]).toEqual([0, counts({removed: 15, unchanged: 1})]);
    expect(removal.left(sandbox)).toEqual([...others, 90]);
    const last = applied(sandbox).filter(({method}) => requests === 1 || method === 'DELETE');
    expect(last).toHaveLength(15);
    expect(outcomes(stage.report())).toEqual([...rows.map(() => 'removed'), 'unchanged']);
    expect(removed.stderr.includes('not needed to remove records')).toBe(ignored !== undefined);
    if (ignored !== undefined) expect(removed.stderr).toContain(`and ignored: ${ignored}\n`);
    const sent = writes(sandbox).length;

    const again = await stage.cli(['remove', job, 'rows.csv', ...pace]);
    expect([again.code, writes(sandbox).length]).toEqual([0, sent]);
    expect(stage.summary()).toMatchObject({job: `remove-${job}`, counts: counts({unchanged: 16})});
    // What is gone is not taken for the work of this file when its rows are created again.
    expect(stage.runs().every((run) => run.includes(`-remove-${job}`))).toBe(true);
  });

  it('loses no row when it is killed', async () => {
    const people = Array.from({length: 6}, (_, n) => 1000 + n);
    const scenario = {
      job,
      command: 'remove',
      once: requests === 1,
      csv: () => csv(header, ...people.map(row)),
    } as const;
    const trial = await openTrial(scenario, {rows: 6, sandbox: {latencyMs: 8}});
    const {sandbox} = trial.stage;
    for (const user of people) removal.seed(sandbox, user);
    await trial.kill({at: 'sent:write', nth: 2});
    // The rest is settled by the ids that the intents name: a new record with the key of a removed one stays.
    const {counts: ended} = await trial.end(0);
    expect(ended).toEqual(counts({removed: 6}));
    expect(removal.left(sandbox).filter((user) => user >= 1000)).toEqual([]);
  });
});

describe('a removal', () => {
  const pairs = csv('user_id,godfather_id', '71,65', '72,65', '73,65');
  const openPairs = async (...people: number[]) => {
    const stage = await openStage();
    for (const user of people) removals[0]?.seed(stage.sandbox, user);
    stage.file('pairs.csv', pairs);
    return stage;
  };

  it('leaves a row alone whose key several records have, and names them', async () => {
    const stage = await openPairs(71, 72, 72);
    const [, first, second] = [...stage.sandbox.store.patronages.keys()].slice(-3);
    expect((await stage.cli(['remove', 'patronages', 'pairs.csv', ...pace])).code).toBe(20);
    expect(outcomes(stage.report())).toEqual(['removed', 'failed', 'unchanged']);
    expect(stage.report()[1]).toMatchObject({
      bulk42_code: 'ambiguous',
      bulk42_message: expect.stringContaining(`${first}, ${second}`) as string,
    });
  });

  it('takes no 404 for a proof: a record that is still shown was not removed', async () => {
    const stage = await openPairs(71, 72);
    const [gone, stays] = [...stage.sandbox.store.patronages.keys()].slice(-2);
    const on = (id: number | undefined) => ({method: 'DELETE', path: `patronages/${id}`});
    stage.sandbox.addFault({on: on(gone), effect: 'before', answer: '404-empty-object'});
    stage.sandbox.addFault({on: on(stays), effect: 'none', answer: '404-empty-object'});
    expect((await stage.cli(['remove', 'patronages', 'pairs.csv', ...pace])).code).toBe(20);
    expect(stage.report()).toMatchObject([
      {bulk42_outcome: 'removed', bulk42_via: 'readback', bulk42_id: String(gone)},
      {bulk42_outcome: 'failed', bulk42_code: 'not_found'},
      {bulk42_outcome: 'unchanged'},
    ]);
    stage.sandbox.clearFaults();
    // The run is a removal all the way: its retry, and undo has nothing to take back.
    const retried = await stage.cli(['retry', 'last', ...pace]);
    expect([retried.code, stage.summary().counts]).toEqual([0, counts({removed: 1})]);
    expect(stage.sandbox.store.patronages.has(stays ?? 0)).toBe(false);
    const undone = await stage.cli(['undo', 'last', '--json', ...pace]);
    expect(errorOf(undone)).toMatchObject({code: 'nothing_to_undo', exitCode: 2});
  });

  it('takes no 204 for a proof where it is not known whose id was sent', async () => {
    const stage = await openStage({examsUserId: 'user'});
    const {exams_users: registrations} = stage.sandbox.store.tables;
    for (const [id, user_id] of [
      [72, 71],
      [90, 72],
    ] as const)
      registrations.set(id, {id, exam_id: 4000, user_id, created_at: at, updated_at: at});
    stage.file('roster.csv', csv('exam_id,user_id', '4000,71'));
    expect((await stage.cli(['remove', 'exams-users', 'roster.csv', ...pace])).code).toBe(20);
    expect(stage.report()).toMatchObject([{bulk42_outcome: 'failed', bulk42_code: 'not_removed'}]);
    expect(users(registrations.values())).toEqual([71]);
    expect(stage.output('report.html')).toContain('another record is gone instead');
  });

  it('is planned without sending anything, and held by the same bounds as a run', async () => {
    const stage = await openPairs(71, 72);
    const planned = await stage.cli(['remove', 'patronages', 'pairs.csv', '--dry-run', '--json', ...fast]);
    expect([planned.code, JSON.parse(planned.stdout)]).toMatchObject([
      0,
      {
        existing: 'remove',
        counts: {remove: 2, unchanged: 1, create: 0},
        requests: {writes: 2},
        rows: [
          {line: 2, action: 'remove'},
          {line: 3, action: 'remove'},
          {line: 4, action: 'unchanged'},
        ],
      },
    ]);
    const bounded = await stage.cli([
      'remove',
      'patronages',
      'pairs.csv',
      '--max-changes',
      '1',
      '--json',
      ...pace,
    ]);
    expect(errorOf(bounded)).toMatchObject({code: 'max_changes', exitCode: 22});
    const unasked = await stage.cli(['remove', 'patronages', 'pairs.csv', ...fast]);
    expect([unasked.code, lastLine(unasked)]).toEqual([2, expect.stringContaining('--yes')]);
    expect([writes(stage.sandbox), stage.runs()]).toEqual([[], []]);
  });

  it('asks for the number of rows to be typed', async () => {
    const stage = await openPairs(71, 72);
    const type = (answer: string) =>
      atTerminal(['remove', 'patronages', 'pairs.csv', ...fast], {
        cwd: stage.folder,
        api: stage.sandbox,
        answers: [[/number of rows \(2\) to go on: /, answer]],
      });
    expect((await type('y')).code).toBe(2);
    expect(writes(stage.sandbox)).toEqual([]);
    expect((await type('2')).code).toBe(0);
    expect(writes(stage.sandbox)).toHaveLength(2);
  });

  it.each([
    ['campus-users', 'does not say how its records are removed'],
    ['correction-points', 'does not say how its records are removed'],
  ])('is refused for %s: the job %s', async (job, why) => {
    const stage = await openPairs();
    const refused = await stage.cli(['remove', job, 'pairs.csv', '--json', ...pace]);
    expect(errorOf(refused)).toMatchObject({
      code: 'no_remove',
      exitCode: 2,
      message: expect.stringContaining(why) as string,
    });
  });

  it('needs every column of the key, and refuses one that the job does not have', async () => {
    const stage = await openPairs();
    stage.file('half.csv', csv('user_id,friend', '71,65'));
    const refused = await stage.cli(['remove', 'patronages', 'half.csv', ...pace]);
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain('godfather_id');
    expect(refused.stderr).toMatch(/no such column: friend/);
  });

  it('says where the API does not show whose the records are', async () => {
    const stage = await openStage({links: 'bare'});
    stage.sandbox.store.tables.titles_users.set(9, {
      id: 9,
      title_id: 7,
      user_id: 71,
      created_at: at,
      updated_at: at,
    });
    stage.file('titles.csv', csv('title_id,user_id', '7,71'));
    const refused = await stage.cli(['remove', 'titles-users', 'titles.csv', '--json', ...pace]);
    expect(errorOf(refused)).toMatchObject({code: 'existing_unreadable', exitCode: 77});
    expect([writes(stage.sandbox), join(...stage.runs(), '.')]).toEqual([[], '.']);
  });
});
