import {once} from 'node:events';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {type AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {hasProxy, openProxy, openTlsFront, withProxy} from '../helpers/tiny-proxy.ts';
import {until} from '../helpers/until.ts';
import {applied, counts, csv, errorOf, fast, openStage, runInOrder, writes} from './stage.ts';

const host = 'api.campus.example';
const password = 'Canary-proxy-3';
const on = {method: 'POST', path: 'patronages'};

/** Everything that is in a folder and below it. */
function textBelow(folder: string): string {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

describe.skipIf(!hasProxy)(`a run ${withProxy}`, () => {
  it('loses nothing and doubles nothing, whichever of the two is killed, and shows no password', async () => {
    const stage = await openStage({
      faults: [
        {on, nth: 3, effect: 'before', answer: 'hang'},
        {on, nth: 6, effect: 'none', answer: 'hang'},
      ],
    });
    const proxy = await openProxy(host, 'clerk', password);
    const front = await openTlsFront(host, Number(new URL(stage.sandbox.url).port));
    const env = {
      FORTYTWO_BASE_URL: front.url,
      NODE_EXTRA_CA_CERTS: front.certificate,
      HTTPS_PROXY: proxy.url,
      HTTP_PROXY: 'http://127.0.0.1:9',
    };
    const ids = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007];
    stage.file('pairs.csv', csv('user_id,godfather_id', ...ids.map((id) => `${id},64`)));
    const reached = (nth: number) => until(() => writes(stage.sandbox).length === nth, `write ${nth}`);

    const {child, ended} = stage.start(runInOrder('patronages', 'pairs.csv', '--verbose', ...fast), {env});
    await reached(3);
    await proxy.crash();
    await reached(6);
    child.kill('SIGKILL');
    const killed = await ended;
    expect(applied(stage.sandbox)).toHaveLength(5);

    const resumed = await stage.cli(['resume', 'last', '--yes', '--verbose', ...fast], {env});
    expect({code: resumed.code, stderr: resumed.code === 0 ? '' : resumed.stderr}).toEqual({
      code: 0,
      stderr: '',
    });
    expect(stage.summary()).toMatchObject({baseUrl: front.url, counts: counts({created: 8})});
    const created = applied(stage.sandbox).map(({body}) => JSON.stringify(body));
    expect([new Set(created).size, created.length]).toEqual([8, 8]);
    expect(stage.report().map(({bulk42_via: via}) => via)).toContain('readback');
    const shown = [killed, resumed].map(({stdout, stderr}) => stdout + stderr).join('\n');
    expect(shown + textBelow(stage.folder)).not.toContain(password);

    // A wrong password ends a run before anything is sent.
    const wrong = {...env, HTTPS_PROXY: proxy.url.replace(password, `${password}x`)};
    const refused = await stage.cli(['plan', 'patronages', 'pairs.csv', '--json', ...fast.slice(0, 2)], {
      env: wrong,
    });
    expect(errorOf(refused)).toMatchObject({
      exitCode: 78,
      code: 'proxy_refused',
      hint: expect.stringContaining('password'),
    });
    expect(refused.stdout + refused.stderr).not.toContain(password);
  });
});

it('an address that is no proxy is refused with 78, before anything is sent, without showing it', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  const env = {FORTYTWO_BASE_URL: `https://${host}`, https_proxy: `socks5://clerk:${password}@127.0.0.1:9`};
  const refused = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--json', ...fast], {env});
  expect(errorOf(refused)).toMatchObject({
    exitCode: 78,
    code: 'proxy',
    message: expect.stringContaining('HTTPS_PROXY'),
  });
  expect(refused.stdout + refused.stderr).not.toContain(password);
});

it('what is on loopback never goes through a proxy, and a notification elsewhere does', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  const asked: string[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  server.on('connect', ({url = ''}, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const HTTPS_PROXY = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {HTTPS_PROXY, HTTP_PROXY: HTTPS_PROXY};
  const notify = ['--notify', 'https://hooks.campus.example/7'];
  const result = await stage.cli(runInOrder('patronages', 'pairs.csv', ...notify, ...fast), {env});
  expect(result).toMatchObject({code: 0, stderr: expect.stringContaining('could not be sent (proxy_502)')});
  expect(asked).toEqual(['hooks.campus.example:443']);
});
