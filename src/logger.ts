import {constants, fchmodSync, fstatSync, openSync} from 'node:fs';
import {pino} from 'pino';
import {DiskError} from './errors.ts';

export interface Logger {
  /** What goes as it should, row by row: kept only when asked for. */
  debug(facts: LogFacts): void;
  info(facts: LogFacts): void;
}

/**
 * What a log line may hold: an event and plain facts. Never an object, an error, headers or a body, so that no
 * secret and no personal data can slip in.
 */
export type LogFacts = {event: string} & Readonly<Record<string, string | number | boolean | undefined>>;

/** A log file with one JSON object a line, written as it happens: nothing is lost when the process dies. */
export function openLog(path: string, level: 'info' | 'debug'): Logger {
  const destination = openDestination(path);
  // A log that cannot be written ends no run: the journal, on the same disk, does.
  destination.on('error', () => undefined);
  return pino(
    {level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message'},
    destination,
  );
}

function openDestination(path: string): ReturnType<typeof pino.destination> {
  const {O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY} = constants;
  try {
    // A link or a pipe under this name leads elsewhere.
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    if (!fstatSync(fd).isFile()) throw new Error('not a file');
    // The mode above is that of a new file; this one may be there already, as a copy.
    fchmodSync(fd, 0o600);
    return pino.destination({fd, sync: true});
  } catch (cause) {
    throw new DiskError(`cannot write ${path}`, {
      cause,
      hint: 'check the space and the rights there, and that it is a file and no link',
    });
  }
}
