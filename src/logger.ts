import {chmodSync} from 'node:fs';
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
  try {
    const destination = pino.destination({dest: path, sync: true, append: true, mode: 0o600});
    // The mode is that of a new file; this one may be there already, as a copy.
    chmodSync(path, 0o600);
    return destination;
  } catch (cause) {
    throw new DiskError(`cannot write ${path}`, {cause, hint: 'check the space and the rights there'});
  }
}
