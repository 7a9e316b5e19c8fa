import {createHash} from 'node:crypto';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';

const hour = 3_600_000;

/** What an application sent in the last hour, over all processes of this machine: they share its budget. */
export interface RequestLog {
  /** Wall times in ms, oldest first. */
  recent: readonly number[];
  record(wall: number): void;
  close(): void;
}

/**
 * Opens the memory of one application (API host and client id). It is a convenience and no promise: where the
 * folder cannot be written the budget is simply not remembered, and the API's own headers still rule.
 */
export function openRequestLog(folder: string, application: string, now: number): RequestLog {
  const path = join(folder, `${createHash('sha256').update(application).digest('hex').slice(0, 16)}.spent`);
  const recent = readRecent(path, now);
  let file: number | undefined;
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    // Old lines go away here, so the file never holds much more than one hour.
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, recent.map((wall) => `${wall}\n`).join(''), {mode: 0o600});
    renameSync(fresh, path);
    file = openSync(path, constants.O_APPEND | constants.O_WRONLY | constants.O_NOFOLLOW);
  } catch {
    file = undefined;
  }
  return {
    recent,
    record(wall) {
      try {
        if (file !== undefined) writeSync(file, `${Math.round(wall)}\n`);
      } catch {
        file = undefined;
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function readRecent(path: string, now: number): number[] {
  try {
    // A clock that was set back makes the past the future, which counts as well.
    return readFileSync(path, 'utf8')
      .split('\n')
      .map(Number)
      .filter((wall) => wall > now - hour && wall <= now + hour)
      .sort((one, other) => one - other);
  } catch {
    return [];
  }
}
