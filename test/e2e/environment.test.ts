import {chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {csv, errorOf, fast, openStage, type Stage} from './stage.ts';

const command = ['run', 'patronages', 'pairs.csv', '--yes', '--json', ...fast];
const nothing = {url: '', uid: '', secret: ''};

async function openPrepared(): Promise<Stage> {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  return stage;
}

describe('credentials', () => {
  it.each([
    ['both', {}, 'FORTYTWO_UID and FORTYTWO_SECRET'],
    ['the secret', {FORTYTWO_UID: 'u-1'}, 'FORTYTWO_SECRET'],
    ['the uid', {FORTYTWO_SECRET: 's-canary'}, 'FORTYTWO_UID'],
  ])('are asked for when missing: %s', async (_what, env, named) => {
    const stage = await openPrepared();
    const result = await stage.cli(command, {api: nothing, env});
    expect(result.code).toBe(78);
    expect(errorOf(result).message).toContain(named);
    expect(result.stdout + result.stderr).not.toContain('s-canary');
    expect(stage.runs()).toEqual([]);
  });

  const envFile = ({sandbox}: Stage) =>
    `FORTYTWO_BASE_URL=${sandbox.url}\nFORTYTWO_UID=${sandbox.uid}\nFORTYTWO_SECRET=${sandbox.secret}\n`;

  it('are read from .env in the working folder, which the environment overrules', async () => {
    const stage = await openPrepared();
    chmodSync(join(stage.folder, stage.file('.env', envFile(stage))), 0o600);
    expect((await stage.cli(command, {api: nothing})).code).toBe(0);
    expect(stage.summary().baseUrl).toBe(stage.sandbox.url);
    const other = {FORTYTWO_BASE_URL: stage.sandbox.url, FORTYTWO_SECRET: 's-other'};
    expect((await stage.cli(command, {api: nothing, env: other})).code).toBe(77);
  });

  it.each(['utf8', 'utf16le'] as const)(
    'are read from an .env with a byte order mark: %s',
    async (encoding) => {
      const stage = await openPrepared();
      const bytes = Buffer.from(`\uFEFF${envFile(stage)}`, encoding);
      chmodSync(join(stage.folder, stage.file('.env', bytes)), 0o600);
      expect((await stage.cli(command, {api: nothing})).code).toBe(0);
      expect(stage.summary().baseUrl).toBe(stage.sandbox.url);
    },
  );

  it.each([
    ['that is a folder', (path: string) => mkdirSync(path)],
    [
      'in another encoding',
      (path: string) => writeFileSync(path, Buffer.from('FORTYTWO_UID=\xe9', 'latin1')),
    ],
    ['in UTF-16 without a mark', (path: string) => writeFileSync(path, Buffer.from('A=b', 'utf16le'))],
    ['that is a link to itself', (path: string) => symlinkSync('.env', path)],
    ['that is a link to nothing', (path: string) => symlinkSync('absent.env', path)],
    ...['\u200b', '\u00a0', 'export \u2060', 'x\n\u00ad'].map((before): [string, (path: string) => void] => [
      `with ${JSON.stringify(before)} before a name`,
      (path) => writeFileSync(path, `${before}FORTYTWO_BASE_URL=http://127.0.0.1:1\n`),
    ]),
  ])('are not looked for elsewhere beside an .env %s', async (_what, make) => {
    const stage = await openPrepared();
    make(join(stage.folder, '.env'));
    const result = await stage.cli(command);
    expect(result.code).toBe(78);
    expect(errorOf(result).message).toContain('.env');
    expect(stage.sandbox.ledger).toEqual([]);
  });

  it('from the environment go to no address that a folder names', async () => {
    const [stage, other] = [await openPrepared(), await openStage()];
    stage.file('.env', `FORTYTWO_BASE_URL=${other.sandbox.url}\n`);
    const {uid, secret} = stage.sandbox;
    const result = await stage.cli(command, {
      api: nothing,
      env: {FORTYTWO_BASE_URL: '', FORTYTWO_UID: uid, FORTYTWO_SECRET: secret},
    });
    expect(result.code).toBe(78);
    expect(errorOf(result).code).toBe('secret_from_elsewhere');
    expect(other.sandbox.ledger).toEqual([]);
    expect(result.stdout + result.stderr).not.toContain(secret);
  });

  it.each(['FORTYTWO_SECRET_FILE', 'CREDENTIALS_DIRECTORY'])(
    'are read from a file that %s leads to',
    async (name) => {
      const stage = await openPrepared();
      const {url, uid, secret} = stage.sandbox;
      const path = join(stage.folder, stage.file('FORTYTWO_SECRET', `${secret}\n`));
      const env = {
        FORTYTWO_BASE_URL: url,
        FORTYTWO_UID: uid,
        [name]: name.endsWith('FILE') ? path : stage.folder,
      };
      expect((await stage.cli(command, {api: nothing, env})).code).toBe(0);
      const {stdout} = await stage.cli(['config', '--json'], {api: nothing, env});
      expect(JSON.parse(stdout)).toMatchObject({credentials: {FORTYTWO_SECRET: {isSet: true, file: path}}});
      expect(stdout).not.toContain(secret);
      chmodSync(path, 0o644);
      expect((await stage.cli(['doctor'], {api: nothing, env})).stdout).toContain(`may read ${path}\n`);
    },
  );

  it('from a file that an .env names go to no address that it names, unless it stands beside it', async () => {
    const stage = await openPrepared();
    const {url, uid, secret} = stage.sandbox;
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'own'), secret);
    const names = (file: string) =>
      stage.file('.env', `FORTYTWO_BASE_URL=${url}\nFORTYTWO_UID=${uid}\nFORTYTWO_SECRET_FILE=${file}\n`);
    names(join(elsewhere, 'own'));
    expect(errorOf(await stage.cli(command, {api: nothing})).code).toBe('secret_from_elsewhere');
    expect(stage.sandbox.ledger).toEqual([]);
    stage.file('beside', secret);
    names('beside');
    expect((await stage.cli(command, {api: nothing})).code).toBe(0);
  });

  it('an .env does not move the files of this machine', async () => {
    const stage = await openPrepared();
    stage.file('.env', 'XDG_STATE_HOME=./elsewhere\n');
    expect((await stage.cli(command, {env: {XDG_STATE_HOME: ''}})).code).toBe(0);
    expect(readdirSync(stage.folder)).not.toContain('elsewhere');
    expect(readdirSync(join(stage.folder, '.local', 'state', 'bulk42')).length).toBeGreaterThan(0);
  });

  it.each([0o640, 0o644, 0o666])('are refused from an .env that others may read: %o', async (mode) => {
    const stage = await openPrepared();
    chmodSync(join(stage.folder, stage.file('.env', envFile(stage))), mode);
    const result = await stage.cli(command, {api: nothing});
    expect(result.code).toBe(78);
    expect(errorOf(result)).toMatchObject({
      code: 'secret_readable',
      hint: expect.stringContaining('chmod 600'),
    });
    expect(result.stdout + result.stderr).not.toContain(stage.sandbox.secret);
    expect(stage.sandbox.ledger).toEqual([]);
  });

  it('are needed by no command that stays offline', async () => {
    const stage = await openPrepared();
    await stage.cli(command);
    for (const args of [
      ['validate', 'patronages', 'pairs.csv'],
      ['report', 'last'],
      ['runs'],
      ['jobs'],
      ['template', 'users'],
    ]) {
      expect((await stage.cli(args, {api: nothing})).code).toBe(0);
    }
  });
});

it('an address whose certificate is not checked is refused', async () => {
  const stage = await openPrepared();
  expect((await stage.cli(command, {env: {NODE_TLS_REJECT_UNAUTHORIZED: '0'}})).code).toBe(78);
  expect(stage.sandbox.ledger).toEqual([]);
});

it('a Node that is too old is named in one line, before anything else is loaded', async () => {
  const stage = await openPrepared();
  const versions = "{value: {...process.versions, node: '18.20.4'}}";
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', ${versions})`;
  const {code, stdout, stderr} = await stage.cli(['runs'], {node: ['--import', older]});
  expect({code, stdout}).toEqual({code: 78, stdout: ''});
  expect(stderr).toMatch(/^bulk42 needs Node 20\.19 or later, and this is 18\.20\.4: .*\n$/);
});
