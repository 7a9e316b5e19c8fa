import {request} from 'node:http';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openStage} from '../e2e/stage.ts';
import {openUi, type Ui} from './open-ui.ts';

interface Answer {
  status: number;
  cookie: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request as no browser would send it: any Host, any Origin. */
function send(
  ui: Ui,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  const {hostname, port, host} = new URL(ui.origin);
  return new Promise((resolve, reject) => {
    const sent = request({hostname, port, path, method, headers: {host, ...headers}}, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const [cookie = ''] = response.headers['set-cookie'] ?? [];
        resolve({status: response.statusCode ?? 0, cookie, headers: response.headers, body: text});
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = {'x-bulk42': '1'};

it('lets in only who has the address that was printed, from this machine and from this page', async () => {
  const stage = await openStage();
  const ui = await openUi(stage);
  const guessed = await send(ui, 'POST', '/api/session', own, 'guess');
  expect([guessed.status, JSON.parse(guessed.body)]).toMatchObject([401, {error: {code: 'no_session'}}]);
  const {status, cookie} = await send(ui, 'POST', '/api/session', own, ui.token);
  expect([status, cookie]).toEqual([200, expect.stringMatching(/HttpOnly; SameSite=Strict; Path=\/$/)]);
  const session = {cookie: cookie.split(';')[0] ?? ''};
  const {port} = new URL(ui.origin);

  const refused = async (path: string, headers: Record<string, string>, method = 'GET') =>
    (await send(ui, method, path, headers, method === 'POST' ? '{}' : '')).status;
  expect(await refused('/api/runs', session)).toBe(200);
  expect(await refused('/api/runs', {})).toBe(401);
  expect(await refused('/api/runs', {cookie: 'bulk42=guess'})).toBe(401);
  // Another name that leads here, and another site that the browser is at.
  expect(await refused('/api/runs', {...session, host: `attacker.example:${port}`})).toBe(403);
  expect(await refused('/', {host: `attacker.example:${port}`})).toBe(403);
  expect(await refused('/api/runs', {...session, origin: 'https://attacker.example'})).toBe(403);
  expect(await refused('/api/runs', {...session, origin: `http://127.0.0.1:${Number(port) + 1}`})).toBe(403);
  expect(await refused('/api/runs', {...session, 'sec-fetch-site': 'cross-site'})).toBe(403);
  // A form of another site: it sends the cookie of old browsers, and no header of its own.
  expect(await refused('/api/stop', session, 'POST')).toBe(403);
  expect(await refused('/api/stop', {...session, ...own}, 'POST')).toBe(200);
});

it('gives no file of the machine but those of its runs, and no credentials', async () => {
  const stage = await openStage();
  const ui = await openUi(stage, '--demo');
  const {cookie} = await send(ui, 'POST', '/api/session', own, ui.token);
  const session = {cookie: cookie.split(';')[0] ?? '', ...own};
  const run = join(stage.folder, 'runs', '20310203T080000Z-patronages');
  mkdirSync(run, {recursive: true});
  writeFileSync(join(run, 'report.csv'), 'mine');
  writeFileSync(join(run, 'journal.ndjson'), 'secret');
  const get = async (path: string) => (await send(ui, 'GET', path, session)).body;
  expect(await get('/runs/20310203T080000Z-patronages/report.csv')).toBe('mine');
  for (const path of [
    '/runs/20310203T080000Z-patronages/journal.ndjson',
    '/runs/20310203T080000Z-patronages/..%2f..%2f.env',
    '/runs/..%2f..%2f/report.csv',
    '/runs/.files/report.csv',
    '/../package.json',
    '/page.ts',
  ])
    expect(await get(path)).toMatch(/^\{"error":/);
  const draft = {job: 'patronages'};
  for (const file of ['../../etc/passwd', '/etc/passwd', '20310203080000-0123456789ab', 7]) {
    const answer = await send(ui, 'POST', '/api/rows', session, JSON.stringify({draft, file}));
    const {error} = JSON.parse(answer.body) as {error: {code: string}};
    expect([answer.status, error.code]).toEqual([400, 'no_file']);
  }
  const named = await send(
    ui,
    'POST',
    '/api/rows',
    session,
    JSON.stringify({draft: {job: './mine.ts'}, file: ''}),
  );
  expect(named.body).toContain('unknown_job');
  const start = await get('/api/start');
  expect(start).toContain('"isRehearsal":true');
  expect(start).toContain('"hasCredentials":true');
  expect(start).not.toContain(stage.sandbox.secret);
  const {headers} = await send(ui, 'GET', '/', {});
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});
