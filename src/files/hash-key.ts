import {hash, randomBytes} from 'node:crypto';
import {constants, link, mkdir, open, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {DiskError} from '../errors.ts';
import {createPrivateFile, onDisk} from './write-file.ts';

const keyBytes = 32;

/**
 * Hashes under a key that stays in the state folder: rows, secrets and files can be recognised by them later, and
 * values cannot be tried out by who sees a run's folder.
 */
export class HashKey {
  /** Names the key: hashes under another one cannot be compared. 8 hex digits. */
  readonly id: string;
  readonly #key: string;

  constructor(key: Buffer) {
    this.#key = key.toString('hex');
    this.id = hash('sha256', `id ${this.#key}`).slice(0, 8);
  }

  /** A key for this process alone. */
  static make(): HashKey {
    return new HashKey(randomBytes(keyBytes));
  }

  /** The key of this state folder, if it has one. */
  static async find(stateFolder: string): Promise<HashKey | undefined> {
    const key = await readKey(join(stateFolder, 'key'));
    return key && new HashKey(key);
  }

  /** The key of this state folder, made where there is none. */
  static async open(stateFolder: string): Promise<HashKey> {
    const known = await HashKey.find(stateFolder);
    if (known) return known;
    const path = join(stateFolder, 'key');
    await onDisk(path, mkdir(stateFolder, {recursive: true, mode: 0o700}));
    const fresh = `${path}-${randomBytes(8).toString('hex')}`;
    try {
      const file = await onDisk(path, createPrivateFile(fresh));
      await onDisk(path, file.writeFile(randomBytes(keyBytes)));
      await onDisk(path, file.sync());
      await file.close();
      // A whole key appears, or none; of two processes that make one at the same time the first wins.
      await link(fresh, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(fresh, {force: true});
    }
    const made = await HashKey.find(stateFolder);
    if (made) return made;
    throw new DiskError(`${path} cannot be read again`, {hint: 'check the folder and the disk'});
  }

  /** 16 hex digits. */
  of(text: string): string {
    // In one call: an object of OpenSSL's for each of many rows stays in memory until the next collection. The key
    // comes first, which is as good as an HMAC where no whole hash is shown.
    return hash('sha256', `${this.#key} ${text}`).slice(0, 16);
  }
}

/** @throws DiskError for a file that is no key: a link, a device, or one that was cut. */
async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      const key = stats.isFile() && stats.size === keyBytes ? await file.readFile() : Buffer.alloc(0);
      if (key.length === keyBytes) return key;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw notAKey(path, cause);
  }
  throw notAKey(path);
}

function notAKey(path: string, cause?: unknown): DiskError {
  return new DiskError(`${path} is not the key that bulk42 wrote there`, {
    code: 'hash_key',
    hint: 'remove it: a new one is made, and runs of before can no longer be compared with',
    cause,
  });
}
