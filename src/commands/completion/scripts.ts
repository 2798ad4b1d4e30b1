import type { Shell } from './arguments.ts';

/**
 * Scripts for the program itself, `kubectl-trace get …`; for `kubectl trace get …` kubectl has its own. They run
 * `PROGRAM __complete WORDS…`, which prints a choice in each line and then a directive: see complete/completion.ts.
 */
const SCRIPTS: Readonly<Record<Shell, (program: string, name: string) => string>> = {
  bash: (program, name) => `# bash completion for ${program}: source <(${program} completion bash)
${name}() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() choices=() word at cur prefix directive=0
  # Bash divides words at = and : as well; only blanks count here.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if ((at == 0)) || [[ $line == [[:space:]]* ]]; then
      line=\${line#"\${line%%[![:space:]]*}"}
      words[\${#words[@]}]=
    fi
    ((at < COMP_CWORD)) || word=$line
    words[\${#words[@]}-1]+=$word
    line=\${line#"$word"}
  done
  cur=\${words[\${#words[@]}-1]}
  while IFS= read -r line; do
    case $line in
      :*) directive=\${line#:} ;;
      *) choices[\${#choices[@]}]=\${line%%$'\\t'*} ;;
    esac
  done < <(${program} __complete "\${words[@]:1}" 2>/dev/null)
  if [[ $cur == -*=* ]]; then cur=\${cur#*=}; fi
  COMPREPLY=()
  if ((directive & 24)) || ((\${#choices[@]} == 0 && !(directive & 4))); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      if [[ -d $line ]] || ((!(directive & 24))) || { ((directive & 8)) && [[ " \${choices[*]} " == *" \${line##*.} "* ]]; }; then
        COMPREPLY[\${#COMPREPLY[@]}]=$line
      fi
    done < <(compgen -f -- "$cur")
    return
  fi
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  # It replaces only what stands behind the last of them.
  prefix=\${cur%"\${cur##*[=:]}"}
  for word in "\${choices[@]}"; do COMPREPLY[\${#COMPREPLY[@]}]=\${word#"$prefix"}; done
}
complete -F ${name} ${program}
`,

  zsh: (program, name) => `#compdef ${program}
# zsh completion for ${program}: source <(${program} completion zsh)
${name}() {
  local line value text directive=0
  local -a values choices order space
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
      continue
    fi
    value=\${line%%$'\\t'*}
    text=\${line#$value}
    values+=("$value")
    choices+=("\${value//:/\\\\:}\${text:+:\${text#$'\\t'}}")
  done < <(${program} __complete "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
  [[ $PREFIX == -*=* ]] && compset -P '*='
  (( directive & 2 )) && space=(-S '')
  (( directive & 32 )) && order=(-V)
  if (( directive & 8 )); then
    _files -g "*.(\${(j:|:)values})"
  elif (( directive & 16 )); then
    _files -/
  elif (( $#choices > 0 )); then
    _describe "\${(@)order}" choice choices "\${(@)space}"
  elif (( !(directive & 4) )); then
    _files
  fi
}
compdef ${name} ${program}
# Loaded from a folder of fpath, this file is the function itself.
if [[ $funcstack[1] == _${program} ]]; then ${name} "$@"; fi
`,

  fish: (program, name) => `# fish completion for ${program}: ${program} completion fish | source
function ${name}
    set -l words (commandline -opc)
    set -e words[1]
    set -l last (commandline -ct)
    set -l directive 0
    set -l choices
    for line in (${program} __complete $words "$last" 2>/dev/null)
        if string match -q -- ':*' $line
            set directive (string sub -s 2 -- $line)
        else
            set -a choices $line
        end
    end
    set -l prefix (string match -r -- '^-[^=]*=' $last)
    set -l value (string replace -r -- '^-[^=]*=' '' $last)
    if test (math "bitand($directive, 16)") -ne 0
        set choices (__fish_complete_directories $value)
    else if test (math "bitand($directive, 8)") -ne 0
        set choices (__fish_complete_path $value)
    else if test (count $choices) -eq 0 -a (math "bitand($directive, 4)") -eq 0
        set choices (__fish_complete_path $value)
    end
    for choice in $choices
        echo "$prefix$choice"
    end
end
complete -c ${program} -f -k -a '(${name})'
`,

  powershell: (
    program,
  ) => `# PowerShell completion for ${program}: ${program} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName '${program}' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    if ("$wordToComplete" -eq '') {
        # Windows PowerShell drops an empty argument.
        $words += if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
    }
    foreach ($line in & '${program}' __complete @words 2>$null) {
        if ($line -match '^:') { continue }
        $value, $text = $line -split "\`t", 2
        if (-not $text) { $text = $value }
        if ($wordToComplete -match '^(-[^=]*=)') { $value = $Matches[1] + $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
    }
}
`,
};

/** The script of a shell for a program with this file name, which holds letters, digits, dots, dashes and underscores. */
export const scriptOf = (shell: Shell, program: string): string =>
  SCRIPTS[shell](program, `__${program.replaceAll(/[^A-Za-z0-9]/g, '_')}_complete`);
