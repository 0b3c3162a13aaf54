export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What each shell is to run. The program itself knows what may stand where, so a script never grows old; the words go to
 * it as arguments, never through `eval`, and nothing that it answers is expanded again.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  // Also for the bash 3.2 of macOS: no mapfile, and compopt may be missing.
  bash: `_cliffracer() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "\${line%%$'\\t'*}" = ':files' ]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(cliffracer completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _cliffracer cliffracer
`,
  zsh: `_cliffracer() {
  local line
  local -a found
  while IFS= read -r line; do
    if [[ \${line%%$'\\t'*} == ':files' ]]; then
      _files
      return
    fi
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(cliffracer completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe -V 'cliffracer' found
}
compdef _cliffracer cliffracer
`,
  fish: `function __cliffracer
  set -l words (commandline -opc) (commandline -ct)
  for line in (cliffracer completion --words -- $words[2..-1] 2>/dev/null)
    if string match -q ':files*' -- $line
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c cliffracer -f -k -a '(__cliffracer)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName cliffracer -ScriptBlock {
  param($word, $line, $position)
  $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  cliffracer completion --words -- @words "$word" 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if ($value -ne ':files') {
      if (-not $description) { $description = $value }
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
  }
}
`,
};
