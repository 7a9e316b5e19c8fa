import {spawn} from 'node:child_process';
import {chmodSync, cpSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Sandbox} from '../../src/sandbox/server.ts';
import {type CliResult, program} from '../helpers/run-cli.ts';

/** What a reader's machine would have, with the API replaced. */
export interface Shell {
  /** The working folder: samples and job files lie in it. */
  folder: string;
  /** Where `bulk42` and `npm` are. */
  bin: string;
  env: Record<string, string>;
}

/**
 * `bulk42` is the compiled program. A page's reader answers the question before a write, so here it gets --yes; `npm`
 * knows `npm start` and the lines that installing and checking take, which do nothing, and no others.
 */
const bulk42 = `#!/bin/sh
case "$1" in
  template)
    # The reader writes a real row over the example.
    '${process.execPath}' '${program}' "$@" | sed -e 's/student-login/jeanne/; s/godfather-login/kpedro/; s/jeanne@/joan@/'
    exit ;;
  run | resume | retry | undo | remove) case " $* " in *' --yes '*) ;; *) set -- "$@" --yes ;; esac ;;
esac
exec '${process.execPath}' '${program}' "$@"
`;
const npm = `#!/bin/sh
case "$*" in
  ci | 'run build' | 'run check' | 'install --global .') exit 0 ;;
  'start -- '*) shift 2; exec bulk42 "$@" ;;
esac
echo "no test knows: npm $*" >&2
exit 99
`;

export function prepareShell(folder: string, sandbox: Pick<Sandbox, 'url' | 'uid' | 'secret'>): Shell {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries({bulk42, npm})) {
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  cpSync(fileURLToPath(new URL('../../samples', import.meta.url)), join(folder, 'samples'), {
    recursive: true,
  });
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: folder,
    XDG_STATE_HOME: join(folder, '.state'),
    TZ: awayFrom(6.5),
    FORTYTWO_BASE_URL: sandbox.url,
    FORTYTWO_UID: sandbox.uid,
    FORTYTWO_SECRET: sandbox.secret,
  };
  return {folder, bin, env};
}

/** A time zone in which it is not near this hour of the day now, so that --until does not strike during a test. */
function awayFrom(hour: number): string {
  const offset = (Math.round(hour) + 12 - new Date().getUTCHours() + 24) % 24;
  // The sign of these zones is turned round: Etc/GMT-3 is three hours ahead of UTC.
  return offset <= 12 ? `Etc/GMT-${offset}` : `Etc/GMT+${24 - offset}`;
}

/** Runs a script as a file given to `sh -e` would be: the first command that fails ends it. */
export function runScript(script: string, {folder, env}: Shell): Promise<CliResult> {
  return execute('/bin/sh', ['-ec', script], folder, env);
}

/** Runs a command to its end, with this environment and nothing else. */
export function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<CliResult> {
  const child = spawn(command, args, {cwd, env, stdio: ['ignore', 'pipe', 'pipe']});
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({code, signal, stdout, stderr}));
  });
}
