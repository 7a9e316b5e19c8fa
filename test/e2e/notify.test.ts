import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import type {Summary} from '../../src/report/summary.ts';
import {csv, errorOf, fast, openStage} from './stage.ts';
import {until} from '../helpers/until.ts';

/** A receiver of notifications, and what came. */
async function openReceiver(answer: RequestListener) {
  const received: {path: string; type: string | undefined; token: string | undefined; body: string}[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const {'content-type': type, authorization: token} = request.headers;
      received.push({path: request.url ?? '', type, token, body});
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await until(() => server.listening);
  return {received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/7`};
}

const ok: RequestListener = (_, response) => void response.end();
const run = ['run', 'users', 'people.csv', '--yes', ...fast];

async function openPeople(...rows: string[]) {
  const stage = await openStage();
  stage.file('people.csv', csv('id,password', ...rows));
  return stage;
}

it('posts what summary.json holds, with the header of the environment, and no secret', async () => {
  const {received, url} = await openReceiver(ok);
  const stage = await openPeople('46,Canary-pass-1', 'nobody-at-all,Canary-pass-2');
  const token = 'Bearer Canary-token-5';
  const env = {BULK42_NOTIFY_HEADER: ` Authorization:${token} `};
  const {code, stdout, stderr} = await stage.cli([...run, '--verbose', '--notify', url], {env});
  expect(code).toBe(20);
  expect(stderr).not.toContain('notification');
  expect(received).toMatchObject([{path: '/hooks/7', type: 'application/json', token}]);
  expect(stdout + stderr + stage.output('journal.ndjson') + stage.output('run.log')).not.toContain('Canary');
  const [{body} = {body: ''}] = received;
  expect(JSON.parse(body)).toEqual(JSON.parse(stage.output('summary.json')));
  for (const secret of ['Canary-pass', stage.sandbox.secret, stage.sandbox.uid])
    expect(body).not.toContain(secret);
});

it('gives the header of the environment to no address that a settings file names, and takes no broken one', async () => {
  const {received, url} = await openReceiver(ok);
  const stage = await openPeople('46,Canary-pass-1');
  const refused = async (header: string, ...more: string[]) => {
    const env = {BULK42_NOTIFY_HEADER: header};
    return errorOf(await stage.cli([...run, '--json', ...more], {env}));
  };
  expect(await refused('no header', '--notify', url)).toMatchObject({code: 'notify_header', exitCode: 78});
  stage.file('bulk42.json', JSON.stringify({notify: url}));
  expect(await refused('Authorization: Bearer Canary')).toMatchObject({
    code: 'secret_from_elsewhere',
    exitCode: 78,
  });
  expect([received, stage.sandbox.ledger]).toEqual([[], []]);
});

it('sends nothing about a success where only failures are wanted', async () => {
  const {received, url} = await openReceiver(ok);
  const stage = await openPeople('46,Canary-pass-1');
  expect((await stage.cli([...run, '--notify', url, '--notify-on', 'failure'])).code).toBe(0);
  expect(received).toEqual([]);
  stage.file('people.csv', csv('id,password', 'nobody-at-all,Canary-pass-2'));
  expect((await stage.cli([...run, '--notify', url, '--notify-on', 'failure'])).code).toBe(20);
  expect(received.map(({body}) => (JSON.parse(body) as Summary).exitCode)).toEqual([20]);
});

it.each<[string, RequestListener, RegExp]>([
  ['fails', (_, response) => void response.writeHead(500).end(), /could not be sent \(HTTP 500\)/],
  [
    'redirects',
    (_, response) => void response.writeHead(302, {location: 'http://127.0.0.1:9/'}).end(),
    /could not be sent \(HTTP 302\)/,
  ],
  ['hangs up', (request) => void request.socket.destroy(), /could not be sent \(UND_ERR_SOCKET\)/],
  ['does not answer', () => undefined, /could not be sent \(no answer within 10 s\)/],
])('a receiver that %s changes nothing but a line', async (_what, answer, complaint) => {
  const {received, url} = await openReceiver(answer);
  const stage = await openPeople('46,Canary-pass-1');
  const {code, stdout, stderr} = await stage.cli([...run, '--json', '--notify', url]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({state: 'finished', exitCode: 0, counts: {updated: 1}});
  expect(stderr).toMatch(complaint);
  expect(received).toHaveLength(1);
});

it('a receiver that is slow is waited for', async () => {
  const {received, url} = await openReceiver((_, response) => void setTimeout(() => response.end(), 1500));
  const stage = await openPeople('46,Canary-pass-1');
  const {code, stderr} = await stage.cli([...run, '--notify', url]);
  expect({code, stderr}).toEqual({code: 0, stderr: expect.not.stringContaining('notification') as string});
  expect(received).toHaveLength(1);
});

it('an address that leads nowhere changes nothing but a line', async () => {
  const stage = await openPeople('46,Canary-pass-1');
  const {code, stderr} = await stage.cli([...run, '--notify', 'http://127.0.0.1:9/']);
  expect(code).toBe(0);
  expect(stderr).toContain('the notification could not be sent (ECONNREFUSED)');
});

it.each(['no address', 'ftp://example.org/'])(
  'what is no address is refused before the run: %s',
  async (url) => {
    const stage = await openPeople('46,Canary-pass-1');
    const {code, stderr} = await stage.cli([...run, '--notify', url]);
    expect(code).toBe(2);
    expect(stderr).toContain(`not "${url}"`);
    expect(stage.sandbox.ledger).toEqual([]);
  },
);

it.each(['Bearer Canary-token-5', ': Canary', 'X-Token: Canary\nX-Other: Canary'])(
  'what is no header is refused before the run, and not shown: "%s"',
  async (header) => {
    const stage = await openPeople('46,Canary-pass-1');
    const env = {BULK42_NOTIFY_HEADER: header};
    const {code, stdout, stderr} = await stage.cli([...run, '--notify', 'http://127.0.0.1:9/'], {env});
    expect(code).toBe(78);
    expect(stderr).toContain('BULK42_NOTIFY_HEADER');
    expect(stdout + stderr).not.toContain('Canary');
    expect(stage.sandbox.ledger).toEqual([]);
  },
);
