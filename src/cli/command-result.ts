/** What a command gives back: its exit code, or the signal that ended it. */
export interface CommandResult {
  exitCode: number;
  signal?: NodeJS.Signals;
}
