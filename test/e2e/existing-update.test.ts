import {describe, expect, it} from 'vitest';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied, counts, csv, errorOf, fast, openStage, outcomes, writes} from './stage.ts';

const at = '2030-01-02T03:04:05.000Z';
const pace = ['--yes', '--concurrency', '1', '--timeout', '2', '--existing', 'update', ...fast];
const people = Array.from({length: 12}, (_, n) => 1000 + n);

/** Two of three enrolments exist, with another end than the file has; every sixth is as the file wants it. */
async function openEnrolments() {
  const stage = await openStage();
  for (const [n, user] of people.entries()) {
    if (n % 3 === 0) continue;
    stage.sandbox.store.cursusUsers.insert((id) => ({
      id,
      user_id: user,
      cursus_id: 9,
      begin_at: '2027-01-02T03:04:05.000Z',
      end_at: n % 6 === 1 ? '2027-03-01T12:00:00.000Z' : null,
      grade: null,
      level: 0,
      blackholed_at: null,
      has_coalition: true,
      created_at: at,
      updated_at: at,
    }));
  }
  const row = (user: number) => `9,${user},2027-01-02T03:04:05Z,2027-03-01T12:00:00Z,yes`;
  stage.file('rows.csv', csv('cursus_id,user_id,begin_at,end_at,skip_begin_validation', ...people.map(row)));
  const ends = () =>
    [...stage.sandbox.store.cursusUsers.values()].map(({user_id, end_at, has_coalition}) => [
      user_id,
      end_at,
      has_coalition,
    ]);
  return {stage, ends};
}

describe('run --existing update', () => {
  it('creates what is missing, updates what differs, and leaves alone what is as the file wants it', async () => {
    const {stage, ends} = await openEnrolments();
    const {sandbox} = stage;
    const planned = await stage.cli([
      'plan',
      'cursus-users',
      'rows.csv',
      '--existing',
      'update',
      '--json',
      ...fast.slice(0, 2),
    ]);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      counts: {create: 4, update: 6, unchanged: 2},
      requests: {writes: 10},
      rows: expect.arrayContaining([
        expect.objectContaining({
          line: 4,
          action: 'update',
          changes: [{column: 'end_at', from: null, to: '2027-03-01T12:00:00.000Z'}],
        }),
      ]) as unknown,
    });
    ['500', 'reset', '504'].forEach((answer, n) => {
      const on = {method: 'PUT', path: 'cursus_users'};
      sandbox.addFault({on, nth: 1 + 2 * n, answer: answer as '500', effect: n % 2 ? 'none' : 'before'});
    });
    expect((await stage.cli(['run', 'cursus-users', 'rows.csv', ...pace])).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 4, updated: 6, unchanged: 2}));
    expect(applied(sandbox)).toHaveLength(10);
    expect(ends().sort()).toEqual(people.map((user) => [user, '2027-03-01T12:00:00.000Z', true]).sort());
    // Only what differs is sent, with what tells how, and the report names the record.
    const [update] = writes(sandbox).filter(({method}) => method === 'PUT');
    expect(update?.body).toEqual({
      cursus_user: {end_at: '2027-03-01T12:00:00.000Z', skip_begin_validation: 'true'},
    });
    expect(stage.report()[2]).toMatchObject({
      bulk42_outcome: 'updated',
      bulk42_id: update?.path.split('/').at(-1),
    });
    const sent = writes(sandbox).length;

    expect((await stage.cli(['run', 'cursus-users', 'rows.csv', ...pace])).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({unchanged: 12}));
    expect(writes(sandbox)).toHaveLength(sent);
  });

  it('fails a row whose record differs in what no update changes, and names it', async () => {
    const stage = await openStage();
    const {store} = stage.sandbox;
    const score = {team_id: 66, upload_id: 1, final_mark: 12, comment: 'No', created_at: at, updated_at: at};
    store.tables.teams_uploads.set(900, {id: 900, ...score});
    store.tables.teams_uploads.set(902, {id: 902, ...score, upload_id: 2});
    store.patronages.set(901, {
      id: 901,
      user_id: 71,
      godfather_id: 64,
      ongoing: false,
      created_at: at,
      updated_at: at,
    });
    stage.file('mine.js', ownJob);
    stage.file('pairs.csv', csv('user_id,godfather_id,ongoing,note', '71,64,true,new'));
    expect((await stage.cli(['run', './mine.js', 'pairs.csv', ...pace])).code).toBe(20);
    expect(stage.report()).toMatchObject([
      {bulk42_code: 'exists_different', bulk42_message: expect.stringContaining('ongoing') as string},
    ]);
    expect(writes(stage.sandbox)).toEqual([]);
    // Its retry updates as well, unless it is asked for something else.
    stage.file('marks.csv', csv('team_id,upload_id,final_mark', '66,1,99', '66,2,high'));
    expect(
      (await stage.cli(['run', 'teams-uploads', 'marks.csv', '--on-invalid', 'skip', ...pace])).code,
    ).toBe(20);
    expect(outcomes(stage.report())).toEqual(['updated', 'invalid']);
    const [run = ''] = stage.runs().slice(-1);
    const retry = stage.output('retry.csv').replace('66,2,high', '66,2,98');
    stage.file(`runs/${run}/retry.csv`, retry);
    expect((await stage.cli(['retry', 'last', '--yes', ...fast])).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['updated']);
    expect(store.tables.teams_uploads.get(902)).toMatchObject({final_mark: 98, comment: 'No'});
  });

  it('names the records where several have the key, none of them as the row wants it', async () => {
    const stage = await openStage();
    for (const id of [901, 902])
      stage.sandbox.store.patronages.set(id, {
        id,
        user_id: 71,
        godfather_id: 64,
        ongoing: false,
        created_at: at,
        updated_at: at,
      });
    stage.file('pairs.csv', csv('user_id,godfather_id,ongoing', '71,64,true'));
    expect((await stage.cli(['run', 'patronages', 'pairs.csv', ...pace])).code).toBe(20);
    expect(stage.report()).toMatchObject([
      {bulk42_code: 'ambiguous', bulk42_message: expect.stringContaining('901, 902') as string},
    ]);
  });

  it.each(['groups-users', 'users'])('is refused for %s, whose job updates no record', async (job) => {
    const stage = await openStage();
    stage.file('rows.csv', csv('user_id', '71'));
    const refused = await stage.cli(['run', job, 'rows.csv', '--json', ...pace]);
    expect(errorOf(refused)).toMatchObject({code: 'no_update', exitCode: 2});
  });

  it('loses no update and creates nothing twice when it is killed', async () => {
    const users = Array.from({length: 6}, (_, n) => 1000 + n);
    const scenario = {
      job: 'patronages',
      once: true,
      csv: () => csv('user_id,godfather_id,ongoing', ...users.map((user) => `${user},64,false`)),
    };
    const shape = ['--existing', 'update'];
    const trial = await openTrial(scenario, {rows: 6, sandbox: {latencyMs: 8}, shape});
    const {store} = trial.stage.sandbox;
    for (const user of users.slice(1))
      store.patronages.insert((id) => ({
        id,
        user_id: user,
        godfather_id: 64,
        ongoing: true,
        created_at: at,
        updated_at: at,
      }));
    await trial.kill({at: 'sent:write', nth: 3});

    const {counts: ended} = await trial.end(0);
    expect(ended).toEqual(counts({created: 1, updated: 5}));
    const own = [...store.patronages.values()].filter(({user_id}) => user_id >= 1000);
    expect(own.map(({user_id, ongoing}) => [user_id, ongoing]).sort()).toEqual(
      users.map((user) => [user, false]),
    );
  });
});

/** Its update gives a record another note, and nothing else. */
const ownJob = `import {boolean, defineJob, pick, text, user} from 'bulk42';
export default defineJob({
  summary: 'Pair people and note why',
  needs: {roles: ['Advanced tutor']},
  columns: {
    user_id: user('The student').required(),
    godfather_id: user('The godfather').required(),
    ongoing: boolean('Still so'),
    note: text('Why'),
  },
  keys: [['user_id', 'godfather_id']],
  request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
  update: (id, {note}) => ({method: 'PUT', path: ['patronages', id], body: {patronage: {note}}}),
  readBack: [
    {
      list: ['patronages'],
      by: {user_id: 'user_id', godfather_id: 'godfather_id'},
      observe: (item) => ({...pick(item, ['user_id', 'godfather_id', 'ongoing']), note: 'old'}),
    },
  ],
});
`;
