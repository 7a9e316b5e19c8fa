import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {commands} from '../../src/cli/command-list.ts';
import {version} from '../../src/version.ts';
import {codeBlocks} from '../docs/documents.ts';
import {NodeLine, packCheckout, warningsOf} from './installed.ts';

/** What is typed, split at spaces; the exit code; what is then on stdout or, where that is the point, on stderr. */
type Step = [typed: string, exit: number, shows: RegExp];

const steps: Step[] = [
  ['--help', 0, /bulk42 validate <job> <file>/],
  ['jobs', 0, /^cursus-users .*[^]*^users /m],
  ['jobs closes', 0, /closer_id/],
  ['config', 0, /^settings file: none/],
  ['template patronages', 0, /^user_id,godfather_id,ongoing\n/],
  ['validate patronages pairs.csv', 0, /^2 rows are valid$/m],
  ['plan patronages pairs.csv --sandbox', 0, /2 to create/],
  ['run patronages pairs.csv --sandbox --yes', 0, /2 created/],
  ['doctor --sandbox', 0, /ok {6} credentials/],
  ['doctor', 0, /ok {6} roles/],
  ['run patronages pairs.csv --yes --max-requests 3 --out stopped', 75, /bulk42 resume \S+ --out stopped/],
  ['resume last --yes --out stopped', 0, /0 not started|2 created/],
  ['run users people.csv --yes', 20, /1 updated[^]*1 failed/],
  ['retry last --yes', 20, /1 failed/],
  ['resolve last --line 2 --as applied', 2, /in doubt/],
  ['report last', 0, /report\.csv/],
  ['runs', 0, /-users .*finished/],
  ['remove patronages pairs.csv --dry-run', 0, /2 to remove/],
  ['undo last --yes --out stopped', 0, /2 /],
  ['completion', 0, /complete -o/],
  ['jobs ./groups.ts', 0, /groups: Put users into groups/],
  ['validate ./groups.ts groups.csv', 0, /^1 row is valid$/m],
  ['run ./groups.ts groups.csv --yes', 0, /1 created/],
];

/** What the versions of Node could differ in: HTTP, files, the loading of TypeScript. */
const telling = [
  'run patronages pairs.csv --sandbox --yes',
  'report last',
  'run ./groups.ts groups.csv --yes',
];
const own = Number.parseInt(process.versions.node, 10);

const root = fileURLToPath(new URL('../../', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'bulk42-packaging-'));
let tarball = '';

beforeAll(async () => {
  tarball = await packCheckout(home);
}, 120_000);

afterAll(() => rmSync(home, {recursive: true, force: true}));

it('every command is tried', () => {
  const names = commands.map(({usage}) => usage.split(' ')[0]);
  const tried = new Set(steps.map(([typed]) => typed.split(' ')[0]));
  // The API of all the others, and the page, which a browser tries.
  expect(names.filter((name) => !tried.has(name ?? ''))).toEqual(['ui', 'sandbox']);
});

/** The oldest and the newest on every push, all at night. */
const majors = process.env['BULK42_TEST_SCALE'] === undefined ? [20, 24] : [20, 22, 24];

describe.each(majors)('the package, installed into an empty folder by Node %d', (major) => {
  const folder = join(home, `node-${major}`);
  let node: NodeLine;
  const program = join(folder, 'node_modules', 'bulk42', 'dist', 'src', 'main.js');
  let api: {url: string; uid: string; secret: string};
  let stopApi = () => Promise.resolve();
  const credentials = () => ({
    FORTYTWO_BASE_URL: api.url,
    FORTYTWO_UID: api.uid,
    FORTYTWO_SECRET: api.secret,
  });

  beforeAll(async () => {
    mkdirSync(folder);
    node = await NodeLine.of(major, `${folder}-itself`);
  }, 300_000);

  afterAll(() => stopApi());

  it('installs without a warning', async () => {
    const installed = await node.npm(['install', tarball], folder);
    expect(warningsOf(installed)).toEqual([]);
    expect(installed.code).toBe(0);
    const {stdout} = await node.run(['--version'], folder);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  it('is called by npx', async () => {
    const called = await node.npx(['bulk42', '--version'], folder);
    expect(warningsOf(called)).toEqual([]);
    expect(called).toMatchObject({code: 0, stdout: `${version}\n`});
  });

  it('brings a sandbox', async () => {
    const {child, ended} = node.start(
      [
        program,
        'sandbox',
        '--json',
        '--out',
        'served',
        '--per-second',
        '0',
        '--per-hour',
        '0',
        '--users',
        '50',
      ],
      folder,
    );
    const line = await new Promise<string>((resolve) => child.stdout.once('data', resolve));
    api = JSON.parse(line) as typeof api;
    stopApi = async () => {
      child.kill();
      expect((await ended).stderr).toBe('');
    };
    writeFileSync(join(folder, 'pairs.csv'), 'user_id,godfather_id\n46,64\n1001,46\n');
    writeFileSync(join(folder, 'people.csv'), 'id,status\n46,admis\nnobody-1,admis\n');
    writeFileSync(join(folder, 'groups.ts'), codeBlocks('docs/write-a-job.md', 'ts')[0] ?? '');
    writeFileSync(join(folder, 'groups.csv'), 'group_id,user_id\n12,46\n');
  });

  it.each(steps.filter(([typed]) => major === own || telling.includes(typed)))(
    'bulk42 %s',
    async (typed, exit, shows) => {
      const {code, stdout, stderr} = await node.run([program, ...typed.split(' ')], folder, credentials());
      expect({code, stderr: code === exit ? '' : stderr}).toEqual({code: exit, stderr: ''});
      expect(stdout + stderr).toMatch(shows);
      expect(stderr).not.toMatch(/warning/i);
    },
  );
});

it('npm start in a checkout builds first, and again only after a change', async () => {
  const checkout = join(home, 'checkout');
  const built = join(checkout, 'dist', 'src', 'main.js');
  const source = join(checkout, 'src', 'version.ts');
  rmSync(join(checkout, 'dist'), {recursive: true});
  const node = await NodeLine.of(own, '');
  const start = async () => {
    const {stdout} = await node.npm(['start', '--silent', '--', '--version'], checkout);
    expect(stdout).toBe(`${version}\n`);
    return statSync(built).mtimeMs;
  };
  const first = await start();
  expect(await start()).toBe(first);
  writeFileSync(source, readFileSync(source));
  expect(await start()).toBeGreaterThan(first);
});

it('a job of its user is typed by it', async () => {
  const folder = join(home, 'node-20');
  const node = await NodeLine.of(own, '');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const check = (file: string) =>
    node.run([compiler, '--noEmit', '--strict', '--module', 'nodenext', file], folder);
  expect(await check('groups.ts')).toMatchObject({code: 0, stdout: ''});
  const job = readFileSync(join(folder, 'groups.ts'), 'utf8');
  writeFileSync(join(folder, 'wrong.ts'), job.replace('body: {groups_user: row}', 'body: {id: row.group}'));
  expect((await check('wrong.ts')).stdout).toContain("Property 'group' does not exist");
});
