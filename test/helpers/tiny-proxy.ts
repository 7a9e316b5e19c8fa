import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {type AddressInfo, connect, type Socket} from 'node:net';
import {join} from 'node:path';
import {createServer} from 'node:tls';
import {onTestFinished} from 'vitest';
import {freePort, listens} from './redis-server.ts';
import {temporaryFolder} from './run-cli.ts';

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;
/** Whether the tests that need a real proxy can run here; .ci/run installs it. */
export const hasProxy = canMount && spawnSync('tinyproxy', ['-v']).status === 0;

/** For the names of tests, so that those that are skipped say why. */
export const withProxy = hasProxy
  ? 'through a real proxy'
  : 'SKIPPED: needs root and tinyproxy (apt-get install tinyproxy)';

if (!hasProxy) console.warn(withProxy);

export interface TinyProxy {
  /** With user and password. */
  url: string;
  /** Ends it at once, with all connections through it, and starts it again. */
  crash: () => Promise<void>;
}

/** A tinyproxy for one test. Only it knows where `host` is: at 127.0.0.1. */
export async function openProxy(host: string, user: string, password: string): Promise<TinyProxy> {
  const folder = temporaryFolder();
  const port = await freePort();
  const settings = [`Port ${port}`, 'Listen 127.0.0.1', `BasicAuth ${user} ${password}`, 'LogLevel Critical'];
  writeFileSync(join(folder, 'conf'), settings.join('\n'));
  writeFileSync(join(folder, 'hosts'), `127.0.0.1 ${host}\n`);
  const script = 'mount --bind hosts /etc/hosts && exec tinyproxy -d -c conf';
  let child: ChildProcess | undefined;
  const kill = async () => {
    const gone = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
  };
  const start = async () => {
    child = spawn('unshare', ['--mount', 'sh', '-c', script], {cwd: folder, stdio: 'ignore'});
    while (!(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  onTestFinished(kill);
  await start();
  const crash = () => kill().then(start);
  return {url: `http://${user}:${password}@127.0.0.1:${port}`, crash};
}

/** TLS in front of a server on loopback, with a certificate of its own. */
export async function openTlsFront(host: string, port: number): Promise<{url: string; certificate: string}> {
  const folder = temporaryFolder();
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key'];
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const made = spawnSync('openssl', ['req', '-x509', ...key, ...names, '-days', '2', '-out', 'crt'], {
    cwd: folder,
  });
  if (made.status !== 0) throw new Error(made.stderr.toString());
  const file = (name: string) => join(folder, name);
  const sockets = new Set<Socket>();
  const server = createServer({key: readFileSync(file('key')), cert: readFileSync(file('crt'))}, (socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  const url = `https://${host}:${(server.address() as AddressInfo).port}`;
  return {url, certificate: file('crt')};
}
