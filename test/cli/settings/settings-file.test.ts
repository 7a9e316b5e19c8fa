import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, inject, it} from 'vitest';
import {refuseSecrets, readSettingsFile} from '../../../src/cli/settings/settings-file.ts';
import {ConfigurationError} from '../../../src/errors.ts';
import {temporaryFolder} from '../../helpers/run-cli.ts';

function read(text: string, secret?: string) {
  const path = join(temporaryFolder(), 'settings.json');
  writeFileSync(path, text);
  return readSettingsFile(path).then((file) => {
    if (file) refuseSecrets(file, secret);
    return file;
  });
}

async function refusalOf(text: string, secret?: string) {
  const error = await read(text, secret).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const {message, hint = '', code} = error as ConfigurationError;
  return {message: message.replace(/^.*(?=settings\.json)/, ''), hint, code};
}

/** Accepted, and what is made of it: as it would be typed. */
const accepted: [settings: object, values: object][] = [
  [{}, {}],
  [{$schema: './bulk42.schema.json'}, {}],
  [
    {'per-second': 0.5, 'per-hour': 800},
    {'per-second': 0.5, 'per-hour': 800},
  ],
  [{map: {user_id: 'Filleul'}}, {map: ['user_id=Filleul']}],
  [
    {set: {cursus_id: 9, has_coalition: false, skill: ''}},
    {set: ['cursus_id=9', 'has_coalition=false', 'skill=']},
  ],
  [{set: ['cursus_id=9', 'reason=a=b']}, {set: ['cursus_id=9', 'reason=a=b']}],
  [{each: {project_id: [1314, 1315], campus_id: '7,8'}}, {each: ['project_id=1314,1315', 'campus_id=7,8']}],
  [{columns: ['user_id', 'godfather_id']}, {columns: 'user_id,godfather_id'}],
  [{columns: 'user_id'}, {columns: 'user_id'}],
  [
    {'ignore-unknown': true, quiet: false},
    {'ignore-unknown': true, quiet: false},
  ],
  [
    {existing: 'update', 'on-invalid': 'skip'},
    {existing: 'update', 'on-invalid': 'skip'},
  ],
  [
    {'max-changes': 20, 'max-failures': '7%'},
    {'max-changes': 20, 'max-failures': '7%'},
  ],
  [
    {until: '06:30', notify: 'https://hooks.example.org/x'},
    {until: '06:30', notify: 'https://hooks.example.org/x'},
  ],
  [{'env-file': '/etc/bulk42.env'}, {'env-file': '/etc/bulk42.env'}],
  [{jobs: {users: {timezone: 'Asia/Tokyo'}, './groups.ts': {limit: 3}}}, {}],
  [{profiles: {berlin: {'base-url': 'https://api.example.org', jobs: {closes: {'max-changes': '5%'}}}}}, {}],
];

/** Refused: the way to the key, and what the message and its hint name. */
const refused: [settings: unknown, key: string, facts: RegExp][] = [
  [[], 'a settings file', /takes an object/],
  [{limti: 3}, 'limti', /did you mean limit\?/],
  [{constructor: 3}, 'constructor', /bulk42 config/],
  [{per_second: 3}, 'per_second', /did you mean per-second\?/],
  [{profile: 'berlin'}, 'profile', /type --profile/],
  [{yes: true}, 'yes', /type --yes/],
  [{save: 'plan.json'}, 'save', /one command/],
  [{limit: 0}, 'limit', /whole number of at least 1, not 0/],
  [{limit: 2.5}, 'limit', /whole number/],
  [{limit: '3'}, 'limit', /not "3"/],
  [{timeout: 86_401}, 'timeout', /number/],
  [{quiet: 'yes'}, 'quiet', /true or false, not "yes"/],
  [{out: ''}, 'out', /a path/],
  [{out: null}, 'out', /not null/],
  [{existing: 'sned'}, 'existing', /skip, fail, send or update/],
  [{map: 'user_id=Login'}, 'map', /object/],
  [{map: {user_id: ['Login']}}, 'map', /object/],
  [{set: ['cursus_id']}, 'set', /object/],
  [{set: {'a=b': 'c'}}, 'set', /object/],
  [{columns: [5]}, 'columns', /column,column/],
  [{'max-changes': '101%'}, 'max-changes', /percentage/],
  [{until: '25:00'}, 'until', /06:30/],
  [{notify: 'mailto:me@example.org'}, 'notify', /https:/],
  [{metrics: '/etc/passwd'}, 'metrics', /\.prom/],
  [{jobs: []}, 'jobs', /object/],
  [{jobs: {'cursus-user': {}}}, 'jobs.cursus-user', /did you mean cursus-users\?/],
  [{jobs: {users: {jobs: {}}}}, 'jobs.users.jobs', /no setting/],
  [{profiles: {berlin: {profiles: {}}}}, 'profiles.berlin.profiles', /no setting/],
  [{profiles: {berlin: {jobs: {users: {limit: -1}}}}}, 'profiles.berlin.jobs.users.limit', /at least 1/],
];

describe('a settings file', () => {
  it.each(accepted)('%j is read', async (settings, values) => {
    expect((await read(JSON.stringify(settings)))?.general.values).toEqual(values);
  });

  it.each(refused)('%j is refused', async (settings, key, facts) => {
    const {message, hint, code} = await refusalOf(JSON.stringify(settings));
    expect(code).toBe('settings');
    expect(message).toMatch(/^settings\.json:1:\d+: /);
    expect(message).toContain(key);
    expect(`${message} ${hint}`).toMatch(facts);
  });

  it('fits the published schema exactly where it is read', async () => {
    const {bulk42: fitsSchema} = (await import(inject('validators'))) as {
      bulk42: (settings: unknown) => boolean;
    };
    const cases = [...accepted, ...refused].map(([settings]) => settings);
    expect(cases.filter((settings) => fitsSchema(settings))).toEqual(accepted.map(([settings]) => settings));
  });

  it('names line and column of what is wrong', async () => {
    const {message} = await refusalOf(
      '{\n  "per-second": 2,\n  "jobs": {\n    "users": {"limit": "x"}\n  }\n}\n',
    );
    expect(message).toMatch(/^settings\.json:4:24: jobs\.users\.limit /);
    expect((await refusalOf('{\n  "per-second": 2,\n}')).message).toMatch(/^settings\.json:3:1: no JSON/);
    expect((await refusalOf('')).message).toMatch(/^settings\.json:1:\d: no JSON/);
  });

  it('is read with a byte order mark, and its paths start from its folder', async () => {
    const file = await read('\uFEFF{"out": "berlin", "faults": "../faults.json"}');
    expect(file?.general.values).toEqual({
      out: join(file?.path ?? '', '..', 'berlin'),
      faults: join(file?.path ?? '', '../../faults.json'),
    });
  });

  it.each([
    ['{"FORTYTWO_SECRET": "x"}', undefined, '1:2'],
    ['{"client-secret": "x"}', undefined, '1:2'],
    ['{\n"set": {"reason": "s-s4t2ud-0123456789abcdef0123"}}', undefined, '2'],
    ['{\n\n"redis": "redis://me:hush@example.org"}', undefined, '3'],
    ['{"set": {"reason": "as hushhush"}}', 'hushhush', '1'],
  ])('that holds a secret is refused: %s', async (text, secret, place) => {
    const {message, hint, code} = await refusalOf(text, secret);
    expect(code).toBe('settings_secret');
    expect(message.startsWith(`settings.json:${place}: `)).toBe(true);
    expect(message).not.toContain('hush');
    expect(hint).toContain('chmod 600');
  });
});
