/**
 * Builds dist/: the program and the jobs as a few bundled files, the types of what a job file may use, and the
 * licences of the packages inside.
 *
 * Bundled because starting Node takes 0.1 s and finding 250 files of 20 packages twice that again. A command loads
 * the chunks it needs and no others; what nearly all of them need is in two, since a file costs more than what is in it.
 *
 * With `--if-changed` it does nothing when no source is newer than what was built. `npm start` uses that: it is quick,
 * and it leaves the chunks alone that a run in another terminal may still have to load.
 */
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, join, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {rolldown} from 'rolldown';

const repository = fileURLToPath(new URL('..', import.meta.url));
const dist = join(repository, 'dist');
const licences = 'THIRD-PARTY-LICENSES.txt';
const jobs = readdirSync(join(repository, 'jobs')).map((file) => `jobs/${basename(file, '.ts')}`);
const inputs = ['src/main', 'src/index', ...jobs];

if (process.argv.includes('--if-changed') && isUpToDate()) process.exit();

rmSync(dist, {recursive: true, force: true});
execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], {
  cwd: repository,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});

const bundle = await rolldown({
  cwd: repository,
  input: Object.fromEntries(inputs.map((name) => [name, `${name}.ts`])),
  platform: 'node',
  // The oldest Node that is supported knows no `await using`.
  transform: {target: 'node20.19'},
  // jiti loads a file of its own by path. A built job must not name chunks: it would be another one after each change
  // of the program, and no run of it could go on.
  external: ['jiti', '#job'],
  resolve: {
    conditionNames: ['development', 'import', 'node'],
    alias: {
      // The whole of it brings clients for Redis, which it finds by eval.
      bottleneck: 'bottleneck/light.js',
      // yargs measures its help with it on every start, and half of a start went into its tables of emojis.
      'string-width': 'fast-string-width',
    },
  },
  onLog(_level, log) {
    throw new Error(log.message);
  },
});
const {output} = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  // As deep as the sources, so that what is found beside them (jobs/) is found from here, too.
  chunkFileNames: 'src/chunks/[name].js',
  comments: {legal: true},
  // Names stay, for stack traces.
  minify: {compress: false, mangle: false, codegen: {removeWhitespace: true}},
  codeSplitting: {
    groups: [
      {name: 'version', test: module('src/version.ts'), priority: 1},
      {name: 'cli', test: module('src/cli/parser.ts', 'src/cli/terminal.ts')},
      {
        name: 'rows',
        test: module('src/index.ts', 'src/app/open/open-source.ts', 'src/input/prepare-input.ts'),
      },
    ],
  },
});

// The page of `bulk42 ui`: one script, and a style.
const browser = await rolldown({
  cwd: repository,
  input: 'ui/main.tsx',
  platform: 'browser',
  tsconfig: 'ui/tsconfig.json',
  onLog(_level, log) {
    throw new Error(log.message);
  },
});
const page = await browser.write({file: join(dist, 'ui', 'page.js'), format: 'esm', minify: true});
copyFileSync(join(repository, 'ui', 'page.css'), join(dist, 'ui', 'page.css'));

/** Whether the file that is written last is newer than all sources and their folders. */
function isUpToDate() {
  const built = statSync(join(dist, licences), {throwIfNoEntry: false});
  const sources = ['src', 'jobs', 'ui', 'scripts'].flatMap((folder) => [
    folder,
    ...readdirSync(join(repository, folder), {recursive: true}).map((path) => join(folder, path)),
  ]);
  return (
    built !== undefined &&
    [...sources, 'package.json', 'package-lock.json'].every(
      (path) => statSync(join(repository, path)).mtimeMs < built.mtimeMs,
    )
  );
}

/** A test for one of these modules; what it imports goes with it. */
function module(...paths) {
  return (id) => paths.some((path) => id === join(repository, ...path.split('/')));
}

const folders = new Set(
  [...output, ...page.output].flatMap(({moduleIds = []}) =>
    moduleIds.flatMap((id) => packageFolder(id) ?? []),
  ),
);
writeFileSync(
  join(dist, licences),
  [...folders]
    .toSorted((one, other) => one.localeCompare(other))
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`),
);

/** `…/node_modules/<package>` of a module in it, undefined for one of our own. */
function packageFolder(moduleId) {
  const at = moduleId.lastIndexOf(`node_modules${sep}`);
  if (at === -1) return undefined;
  const [scope, name] = moduleId.slice(at).split(sep).slice(1);
  return join(moduleId.slice(0, at), 'node_modules', scope.startsWith('@') ? join(scope, name) : scope);
}

function licenceOf(folder) {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
