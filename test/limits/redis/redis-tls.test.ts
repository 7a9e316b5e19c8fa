import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {counts, csv, errorOf, openStage, type Stage} from '../../e2e/stage.ts';
import {freePort, hasRedis, openRedis} from '../../helpers/redis-server.ts';
import {temporaryFolder} from '../../helpers/run-cli.ts';
import {pace} from './machines.ts';

const hasTls = hasRedis && spawnSync('openssl', ['version']).status === 0;
const withTls = hasTls ? 'over TLS' : 'SKIPPED: needs redis-server and openssl';
if (!hasTls) console.warn(withTls);

const password = 'canary-4711';
const run = ['run', 'patronages', 'pairs.csv', ...pace];

/** A Redis with a certificate for these names, of a CA that nobody knows. */
async function openTls(names: string): Promise<{tlsPort: number; ca: string}> {
  const folder = temporaryFolder();
  const openssl = (...args: string[]) => {
    const {status, stderr} = spawnSync('openssl', args, {cwd: folder});
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}`);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-subj', '/CN=CA', '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2');
  openssl('req', ...key, '-subj', '/CN=redis', '-keyout', 'redis.key', '-out', 'redis.csr');
  writeFileSync(join(folder, 'names'), `subjectAltName=${names}\n`);
  const issued = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  openssl('x509', '-req', '-in', 'redis.csr', ...issued, '-out', 'redis.crt');
  const tlsPort = await freePort();
  const files = ['--tls-cert-file', join(folder, 'redis.crt'), '--tls-key-file', join(folder, 'redis.key')];
  const listen = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no'];
  const user = ['--user', 'bulk42', 'on', `>${password}`, '~bulk42:*', '+@all', '--user', 'default', 'off'];
  await openRedis([...listen, ...files, ...user]);
  return {tlsPort, ca: join(folder, 'ca.crt')};
}

async function openPairs(): Promise<Stage> {
  const stage = await openStage({perSecond: 20, perHour: 5000});
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64'));
  return stage;
}

const at = (host: string, port: number) => ({
  BULK42_REDIS_URL: `rediss://bulk42:${password}@${host}:${port}`,
});

describe.skipIf(!hasTls)(`a Redis ${withTls}`, () => {
  it('whose CA is named by NODE_EXTRA_CA_CERTS: a run, and doctor by its address', async () => {
    const redis = await openTls('DNS:localhost,IP:127.0.0.1');
    const stage = await openPairs();
    const known = {NODE_EXTRA_CA_CERTS: redis.ca};
    const {code, stdout, stderr} = await stage.cli(run, {env: {...at('localhost', redis.tlsPort), ...known}});
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
    expect(`${stdout}${stderr}`).not.toContain('4711');
    expect(stage.summary().counts).toEqual(counts({created: 3}));
    expect(stage.output('journal.ndjson')).toMatch(/"k":"open",.*"fence":\d{13}/);
    const doctor = await stage.cli(['doctor'], {env: {...at('127.0.0.1', redis.tlsPort), ...known}});
    expect(doctor.stdout).toContain(`ok       sharing: Redis`);
    expect(doctor.stderr).not.toContain('Warning');
  });

  it('that cannot be trusted: nothing is sent, and the password is nowhere', async () => {
    const redis = await openTls('DNS:redis.campus.example');
    const stage = await openPairs();
    for (const [env, reason] of [
      [{}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      [{NODE_EXTRA_CA_CERTS: redis.ca}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const given = {...at('localhost', redis.tlsPort), ...env};
      const result = await stage.cli([...run, '--json'], {env: given});
      expect(result.code).toBe(77);
      expect(errorOf(result)).toMatchObject({
        code: 'redis_certificate',
        message: `the certificate of Redis at localhost:${redis.tlsPort} is not valid (${reason})`,
        hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
      expect(`${result.stdout}${result.stderr}`).not.toMatch(/canary|4711/);
    }
    expect(stage.sandbox.ledger.filter(({method}) => method !== 'GET')).toEqual([]);
  });
});
