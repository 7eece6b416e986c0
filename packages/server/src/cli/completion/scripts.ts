export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell reads once; for each word it asks `millrace completion complete`, so that workflows of the moment are known. */
export const SCRIPTS: { readonly [Name in Shell]: string } = {
  bash: `# millrace completion for bash:   source <(millrace completion bash)
_millrace() {
  local IFS=$'\\n'
  COMPREPLY=($(millrace completion complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _millrace millrace
`,
  zsh: `#compdef millrace
# millrace completion for zsh:   source <(millrace completion zsh)
_millrace() {
  local -a candidates
  candidates=("\${(@f)$(millrace completion complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _millrace millrace
`,
  fish: `# millrace completion for fish:   millrace completion fish | source
function __millrace_complete
  set -l words (commandline -opc) (commandline -ct)
  millrace completion complete -- $words[2..-1] 2>/dev/null
end
complete -c millrace -a '(__millrace_complete)'
`,
};
