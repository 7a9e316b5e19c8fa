import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
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
    expect((await stage.cli(command, {api: nothing, env: {FORTYTWO_SECRET: 's-other'}})).code).toBe(77);
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

describe('the address of the API', () => {
  it.each([
    'http://api.intra.42.fr',
    'http://127.0.0.1.example.org',
    'ftp://api.intra.42.fr',
    'https://user:pass@api.intra.42.fr',
    'api.intra.42.fr',
  ])('%s is refused', async (url) => {
    const stage = await openPrepared();
    const result = await stage.cli(command, {env: {FORTYTWO_BASE_URL: url}});
    expect(result.code).toBe(78);
    expect(errorOf(result).message).toContain('FORTYTWO_BASE_URL');
    expect(stage.sandbox.ledger).toEqual([]);
  });

  it('may not be one whose certificate nobody checks', async () => {
    const stage = await openPrepared();
    expect((await stage.cli(command, {env: {NODE_TLS_REJECT_UNAUTHORIZED: '0'}})).code).toBe(78);
  });
});
