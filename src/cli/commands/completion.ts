import type {CommandResult} from '../command-result.ts';
import {completionFlag} from '../completion-flag.ts';
import type {Terminal} from '../terminal.ts';

/** For both shells, each of which reads only its own half. Where bulk42 offers nothing, the shell offers file names. */
const script = `# Shell completion of bulk42: for bash in ~/.bashrc, for zsh in ~/.zshrc after compinit
#   source <(bulk42 completion)
if [ -n "\${ZSH_VERSION-}" ]; then
  _bulk42() {
    local -a found=("\${(@f)$(bulk42 ${completionFlag} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
    if [ -n "$found" ]; then compadd -- "\${found[@]}"; else _files; fi
  }
  compdef _bulk42 bulk42
else
  _bulk42() {
    local word="\${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($(compgen -W "$(bulk42 ${completionFlag} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" -- "$word"))
  }
  complete -o bashdefault -o default -F _bulk42 bulk42
fi`;

export function completion(_args: unknown, terminal: Terminal): Promise<CommandResult> {
  terminal.result(script);
  return Promise.resolve({exitCode: 0});
}
