import {UsageError} from '../../errors.ts';
import type {CommandResult} from '../command-result.ts';
import {completionFlag} from '../completion-flag.ts';
import type {Terminal} from '../terminal.ts';

const bash = `  _bulk42() {
    local word="\${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($(compgen -W "$(bulk42 ${completionFlag} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" -- "$word"))
    [[ \${COMPREPLY-} == *= ]] && compopt -o nospace 2>/dev/null
    return 0
  }
  complete -o bashdefault -o default -F _bulk42 bulk42`;

const zsh = `  _bulk42() {
    local -a found=("\${(@f)$(bulk42 ${completionFlag} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
    if [ -n "$found" ]; then compadd -- "\${found[@]}"; else _files; fi
  }
  compdef _bulk42 bulk42`;

/** Each shell reads only its own half. Where bulk42 offers nothing, the shell offers file names. */
const bashAndZsh = `# Shell completion of bulk42: for bash in ~/.bashrc, for zsh in ~/.zshrc after compinit
#   source <(bulk42 completion)
if [ -n "\${ZSH_VERSION-}" ]; then
${zsh}
else
${bash}
fi`;

const fish = `# Completion of bulk42, for ~/.config/fish/config.fish: bulk42 completion fish | source
function __bulk42
    set -l words (commandline -opc) (commandline -ct)
    set -l found (bulk42 ${completionFlag} $words 2>/dev/null | string match -v '')
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c bulk42 -f -k -a '(__bulk42)'`;

const powershell = `# Completion of bulk42, for $PROFILE: bulk42 completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName bulk42 -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += ' ' }
    bulk42 ${completionFlag} @words 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}`;

const scripts: Readonly<Record<string, string>> = {bash: bashAndZsh, zsh: bashAndZsh, fish, powershell};

/** The script of a shell; without its name the one that bash and zsh both read. */
export function completion({shell = 'bash'}: {shell?: string}, terminal: Terminal): Promise<CommandResult> {
  const script = scripts[shell];
  if (script === undefined) {
    throw new UsageError(`there is no completion for ${shell}`, {
      hint: `it is one of ${Object.keys(scripts).join(', ')}`,
    });
  }
  terminal.result(script);
  return Promise.resolve({exitCode: 0});
}
