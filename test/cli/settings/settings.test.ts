import {chmodSync, mkdirSync, readFileSync, symlinkSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import {applied} from '../../e2e/stage.ts';
import {runHere} from '../../helpers/run-here.ts';
import {openPlace, type Place} from '../messages/stage.ts';

interface Shown {
  file: string | null;
  profile: string | null;
  settings: Record<string, {value: unknown; origin: string; file?: string; key?: string}>;
  credentials: Record<string, {isSet: boolean; origin?: string; file?: string}>;
}

async function configOf(...argv: string[]): Promise<Shown> {
  const {exit, out, shown} = await runHere(['config', '--json', ...argv]);
  expect({exit, shown}).toEqual({exit: 0, shown: ''});
  return JSON.parse(out) as Shown;
}

const write = ({file}: Place, settings: object, name = 'bulk42.json') => file(name, JSON.stringify(settings));

describe('a setting', () => {
  it('is that of the first place that holds it, and config tells which', async () => {
    const place = await openPlace();
    vi.stubEnv('BULK42_REDIS_URL', 'redis://:hush@redis.example.org/3');
    place.file('berlin.env', 'FORTYTWO_UID=u-berlin\n');
    write(place, {
      'per-second': 3,
      timeout: 30,
      redis: 'redis://other.example.org',
      jobs: {'cursus-users': {timeout: 31, concurrency: 5, set: {cursus_id: 9, has_coalition: 'no'}}},
      profiles: {
        berlin: {
          'env-file': 'berlin.env',
          timeout: 32,
          out: 'berlin',
          jobs: {'cursus-users': {out: 'piscines', set: {cursus_id: 21}}},
        },
      },
    });
    const typed = [
      'cursus-users',
      '--profile',
      'berlin',
      '--concurrency',
      '7',
      '--set',
      'begin_at=2027-02-01',
    ];
    const {file, profile, settings, credentials} = await configOf(...typed);
    expect({file, profile}).toEqual({file: 'bulk42.json', profile: 'berlin'});
    const inBerlin = {origin: 'profile', file: 'bulk42.json'};
    expect(settings).toMatchObject({
      concurrency: {value: 7, origin: 'option', key: '--concurrency'},
      'set.begin_at': {value: '2027-02-01', origin: 'option', key: '--set'},
      redis: {value: 'redis://redis.example.org/…', origin: 'environment', key: 'BULK42_REDIS_URL'},
      out: {value: 'piscines', ...inBerlin, key: 'profiles.berlin.jobs.cursus-users.out'},
      'set.cursus_id': {value: '21', ...inBerlin, key: 'profiles.berlin.jobs.cursus-users.set'},
      timeout: {value: 32, ...inBerlin, key: 'profiles.berlin.timeout'},
      'set.has_coalition': {value: 'no', origin: 'file', key: 'jobs.cursus-users.set'},
      'per-second': {value: 3, origin: 'file', file: 'bulk42.json', key: 'per-second'},
      settle: {value: 120, origin: 'default'},
    });
    expect(settings).not.toHaveProperty('per-hour');
    expect(credentials).toMatchObject({FORTYTWO_SECRET: {isSet: true, origin: 'environment'}});
    expect((await configOf('users')).settings).toMatchObject({timeout: {value: 30}, out: {value: 'runs'}});
    vi.stubEnv('BULK42_PROFILE', 'berlin');
    expect((await configOf()).settings).toMatchObject({out: {value: 'berlin'}});
  });

  it('of the environment and of a table holds no secret', async () => {
    const place = await openPlace();
    write(place, {notify: 'https://hooks.example.org/T0/secret-hook', profiles: {paris: {}}});
    vi.stubEnv('BULK42_REDIS_URL', 'redis://:hush@redis.example.org');
    place.file('.env', 'BULK42_PROFILE=paris\n');
    const {out} = await runHere(['config']);
    expect(out).toMatch(/^profile: paris$/m);
    expect(out).toMatch(/^notify +https:\/\/hooks\.example\.org\/… +file \(bulk42\.json, notify\)$/m);
    expect(out).toMatch(/^FORTYTWO_SECRET +set +environment$/m);
    for (const hidden of ['hush', 'secret-hook', place.sandbox.secret, place.sandbox.uid])
      expect(out).not.toContain(hidden);
  });

  it('of a flag that the file sets is taken back with =false', async () => {
    const place = await openPlace();
    write(place, {'ignore-unknown': true});
    place.file('more.csv', 'user_id,godfather_id,mood\n46,2,good\n');
    const validate = ['validate', 'patronages', 'more.csv'];
    expect((await runHere(validate)).exit).toBe(0);
    expect((await runHere([...validate, '--ignore-unknown=false'])).exit).toBe(65);
  });
});

it('settings of rows stay with their run, whatever the file says later', async () => {
  const place = await openPlace();
  const shape = {map: {user_id: 'Filleul', godfather_id: 'Parrain'}, set: {ongoing: false}};
  write(place, {'per-second': 1000, jobs: {patronages: {...shape, out: 'pairs'}}});
  place.file('pupils.csv', 'Filleul,Parrain\n46,2\n64,4\n1000,46\n');
  const began = await runHere(['run', 'patronages', 'pupils.csv', '--yes', '--max-requests', '4']);
  expect(began.exit).toBe(75);
  expect(began.shown).toMatch(
    /^set by bulk42\.json: .*map\.user_id, map\.godfather_id, set\.ongoing.*per-second.*$/m,
  );
  const [, run = ''] = /bulk42 resume (\S+)/.exec(began.shown) ?? [];
  // The job of the run is known by its journal, so that what the file holds for that job counts.
  write(place, {
    set: {ongoing: 'yes'},
    jobs: {patronages: {out: 'pairs', map: {user_id: 'x'}, 'per-second': 900}},
  });
  const more = await runHere(['resume', run, '--out', 'pairs', '--yes']);
  expect({exit: more.exit, set: /^set by .*$/m.exec(more.shown)?.[0]}).toEqual({
    exit: 0,
    set: 'set by bulk42.json: per-second',
  });
  const sent = applied(place.sandbox).map(({body}) => body);
  expect(sent).toHaveLength(3);
  expect(JSON.stringify(sent)).not.toContain('"ongoing":true');
  expect(JSON.stringify(sent).match(/"ongoing":false/g)).toHaveLength(3);
});

it('how to go on is told with what chose the settings', async () => {
  const place = await openPlace();
  write(place, {profiles: {berlin: {out: 'berlin', 'max-requests': 2}}}, 'campus.json');
  const chosen = ['--config', 'campus.json', '--profile', 'berlin'];
  const began = await runHere(['run', 'patronages', 'pairs.csv', '--yes', '--per-second', '1000', ...chosen]);
  expect(began.exit).toBe(75);
  const [, command = ''] = /bulk42 (resume .*)\n$/.exec(began.shown) ?? [];
  expect(command).toMatch(/ --out berlin --config campus\.json --profile berlin$/);
  expect((await runHere([...command.split(' '), '--yes', '--max-requests', '90'])).exit).toBe(0);
});

it('a retry looks at what exists as its run did, and the file does not change that', async () => {
  const place = await openPlace();
  place.file('rows.csv', 'user_id,godfather_id\n46,2\n,4\n');
  const skip = ['--on-invalid', 'skip', '--existing', 'fail', '--per-second', '1000'];
  expect((await runHere(['run', 'patronages', 'rows.csv', '--yes', ...skip])).exit).toBe(20);
  const retry = join(place.run(), 'retry.csv');
  place.file(retry, readFileSync(retry, 'utf8').replace(/^,4,/m, '64,4,'));
  write(place, {existing: 'send'});
  expect((await runHere(['retry', 'last', '--yes', '--per-second', '1000'])).exit).toBe(0);
  expect(readFileSync(join(place.run(), 'journal.ndjson'), 'utf8')).toContain('"existing":"fail"');
});

describe('an API that the file names', () => {
  const command = ['plan', 'patronages', 'pairs.csv', '--json', '--per-second', '1000'];
  const codeOf = ({out}: {out: string}) => (JSON.parse(out) as {error?: {code: string}}).error?.code;

  async function openStranger(): Promise<Place & {env: string}> {
    const place = await openPlace();
    const {url, uid, secret} = place.sandbox;
    vi.stubEnv('FORTYTWO_BASE_URL', '');
    write(place, {profiles: {berlin: {'base-url': url, 'env-file': 'secrets/berlin.env'}}});
    vi.stubEnv('BULK42_PROFILE', 'berlin');
    return {...place, env: `FORTYTWO_UID=${uid}\nFORTYTWO_SECRET=${secret}\n`};
  }

  it('gets the secret of an env file beside it', async () => {
    const place = await openStranger();
    for (const name of ['FORTYTWO_UID', 'FORTYTWO_SECRET']) vi.stubEnv(name, '');
    place.file('secrets/berlin.env', place.env);
    const {exit, out} = await runHere(command);
    expect({exit, code: codeOf({out})}).toEqual({exit: 0, code: undefined});
  });

  it('gets no secret of the environment, nor of another folder by a link', async () => {
    const place = await openStranger();
    place.file('secrets/berlin.env', '');
    expect(codeOf(await runHere(command))).toBe('secret_from_elsewhere');
    for (const name of ['FORTYTWO_UID', 'FORTYTWO_SECRET']) vi.stubEnv(name, '');
    place.file('own/mine.env', place.env);
    mkdirSync('work');
    write(place, {'base-url': place.sandbox.url, 'env-file': 'linked.env'}, 'work/settings.json');
    const linked = join('work', 'linked.env');
    symlinkSync(join(place.folder, 'own', 'mine.env'), linked);
    vi.stubEnv('BULK42_PROFILE', '');
    const given = [...command, '--config', 'work/settings.json'];
    expect(codeOf(await runHere(given))).toBe('secret_from_elsewhere');
    expect(place.sandbox.ledger).toEqual([]);
    unlinkSync(linked);
    place.file(linked, place.env);
    chmodSync(linked, 0o600);
    expect(codeOf(await runHere(given))).toBeUndefined();
  });
});
