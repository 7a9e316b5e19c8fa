/** The shell's script calls the program with this and the words of the line so far. */
export const completionFlag = '--get-yargs-completions';
