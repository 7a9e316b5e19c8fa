import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

/** The programs and libraries of others, which the package itself does not need. */
export const peers = {
  '@jackchuka/gql-ingest': '3.1.1',
  newman: '6.2.2',
  zod: '4.6.7',
} as const;

/** Without a network it gives up at once. */
const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0'];

/**
 * Installs one into a folder of the system's temporary ones, where the next run finds it.
 *
 * @returns the folder that holds its `node_modules`, or undefined where the registry cannot be reached
 */
export async function installPeer(name: keyof typeof peers): Promise<string | undefined> {
  const version = peers[name];
  const folder = join(tmpdir(), `bulk42-peer-${name.replace(/\W/g, '-')}-${version}`);
  const installed = join(folder, 'installed');
  if (existsSync(installed)) return folder;
  try {
    mkdirSync(folder, {recursive: true});
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({private: true, dependencies: {[name]: version}}),
    );
    await promisify(execFile)('npm', install, {
      cwd: folder,
    });
    writeFileSync(installed, '');
    return folder;
  } catch {
    return undefined;
  }
}
