/** What the shell's script calls, with the words of the line so far. */
export const completionFlag = '--get-yargs-completions';
