import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {counts, csv, fast, openStage} from '../e2e/stage.ts';
import {root} from '../helpers/source-files.ts';

const read = (name: string) => readFileSync(join(root, name), 'utf8');

it('the image has all that its build reads, runs as another user than root, and names a Node that is supported', () => {
  const dockerfile = read('Dockerfile');
  const included: string[] = read('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
  expect(included.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  const {files, engines} = JSON.parse(read('package.json')) as {files: string[]; engines: {node: string}};
  const needed = [
    ...files.filter((name) => name !== 'dist'),
    ...(read('scripts/build.mjs')
      .match(/(?<=const sources = \[).*?(?=\])/)?.[0]
      .match(/\w+/g) ?? []),
    'types',
    'tsconfig.build.json',
  ];
  expect(needed).toContain('src');
  expect(needed.filter((name) => !included.includes(name))).toEqual([]);
  expect(dockerfile.split(/^FROM .*$/m).at(-1)).toMatch(/^USER node$/m);
  const major = Number(/^FROM node:(\d+)/m.exec(dockerfile)?.[1]);
  expect(major).toBeGreaterThanOrEqual(Number.parseInt(engines.node.replace(/\D*/, ''), 10));
});

const confine = `mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$0" &&
  exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`;
const canConfine = spawnSync('unshare', ['--mount', 'setpriv', '--version']).status === 0;

it.skipIf(!canConfine)(
  'a run needs no capability and writes nowhere but in its folder, as in the container and the systemd unit (skipped without root)',
  async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1000,64'));
    const under = ['unshare', '--mount', 'sh', '-c', confine, stage.folder];
    const run = ['run', 'patronages', 'pairs.csv', '--yes', '--quiet', ...fast];
    expect((await stage.cli([...run, '--out', '/var/bulk42-runs'], {under})).code).toBe(74);
    expect(
      stage.sandbox.ledger.filter(({method, path}) => method === 'POST' && !path.includes('oauth')),
    ).toEqual([]);
    const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--quiet', ...fast], {
      under,
    });
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stage.summary().counts).toEqual(counts({created: 2}));
  },
);
