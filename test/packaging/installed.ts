import {execFileSync, spawn} from 'node:child_process';
import {cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, delimiter, dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** One release line of Node.js, and the npm of this machine run by it. */
export class NodeLine {
  readonly #program: string;

  private constructor(program: string) {
    this.#program = program;
  }

  /** This machine's own, or the newest of that line from the registry, installed into `folder`. */
  static async of(major: number, folder: string): Promise<NodeLine> {
    const own = new NodeLine(process.execPath);
    if (process.versions.node.startsWith(`${major}.`)) return own;
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{}');
    // What the package `node` fetches by a script of its own, which newer versions of npm do not run unasked.
    const system = process.platform === 'win32' ? 'win' : process.platform;
    const name = `node-${system}-${process.arch}`;
    const {code, stderr} = await own.npm(['install', `${name}@${major}`], folder);
    if (code !== 0) throw new Error(`Node ${major} could not be fetched from the registry: ${stderr}`);
    return new NodeLine(join(folder, 'node_modules', name, 'bin', 'node'));
  }

  run(args: readonly string[], cwd: string, env: Record<string, string> = {}, input = ''): Promise<Ended> {
    const {child, ended} = this.start(args, cwd, env);
    // `node --version` may be gone before its input is closed; only the output counts.
    child.stdin.on('error', () => undefined).end(input);
    return ended;
  }

  /** With every warning on stderr, and with where it comes from. */
  start(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
    const child = spawn(this.#program, args, {
      cwd,
      env: {
        ...outsideEnvironment(),
        PATH: [dirname(this.#program), process.env['PATH']].join(delimiter),
        XDG_STATE_HOME: join(cwd, '.state'),
        NODE_OPTIONS: '--trace-warnings --trace-deprecation',
        ...env,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({code, stdout, stderr}));
    });
    return {child, ended};
  }

  npm(args: readonly string[], cwd: string): Promise<Ended> {
    return this.run([npmScript('npm'), ...args], cwd, {npm_config_globalconfig: globalConfig()});
  }

  npx(args: readonly string[], cwd: string): Promise<Ended> {
    return this.run([npmScript('npx'), ...args], cwd, {npm_config_globalconfig: globalConfig()});
  }
}

/** Where npm's own program lies: beside the one that runs the tests, or on the path. */
function npmScript(name: 'npm' | 'npx'): string {
  const {npm_execpath: running, PATH = ''} = process.env;
  const onPath = PATH.split(delimiter).map((folder) => join(folder, 'npm'));
  const found = [running, ...onPath].flatMap((path) => {
    try {
      return path === undefined ? [] : [realpathSync(path)];
    } catch {
      return [];
    }
  });
  const npm = found.find((path) => basename(path) === 'npm-cli.js');
  if (npm === undefined) throw new Error('npm is not on the path');
  return join(dirname(npm), `${name}-cli.js`);
}

/** The machine's settings (its certificates, perhaps), which npm would look for beside the node that runs it. */
function globalConfig(): string {
  const asked = [npmScript('npm'), 'config', 'get', 'globalconfig'];
  return execFileSync(process.execPath, asked, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** Without what the npm that runs the tests has set, and without credentials. */
function outsideEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|NODE_OPTIONS|NODE_ENV|NODE_V8|VITEST|FORTYTWO_|BULK42_|NO_COLOR|FORCE_COLOR)/i.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}

/** A tarball as `npm publish` would send it, made from a checkout in which nothing was built. */
export async function packCheckout(folder: string): Promise<string> {
  const checkout = join(folder, 'checkout');
  const isLeftOut = ['node_modules', 'dist', 'runs', 'coverage', '.git', '.env'];
  cpSync(root, checkout, {
    recursive: true,
    filter: (path) => !isLeftOut.includes(relative(root, path).split(/[/\\]/)[0] ?? ''),
  });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction');
  const own = await NodeLine.of(Number.parseInt(process.versions.node, 10), '');
  const {code, stderr} = await own.npm(['pack', '--pack-destination', folder], checkout);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || tarball === undefined) throw new Error(`npm pack failed: ${stderr}`);
  return join(folder, tarball);
}

/** What npm warned of, but for the settings of the person whose machine it is. */
export function warningsOf({stdout, stderr}: Ended): string[] {
  const lines = `${stdout}\n${stderr}`.split('\n');
  return lines.filter((line) => /\bwarn/i.test(line) && !/Unknown (?:user|global|env) config/.test(line));
}
