import type { Command, Option } from 'commander';

/** Shell command that prints the stages of the nearest deploy.toml. It does not start this program, which would be slow. */
const STAGES = [
  "sh -c 'd=$PWD; while [ \"$d\" != / ] && [ ! -f \"$d/.pmcp/deploy.toml\" ]; do d=$(dirname \"$d\"); done; echo default;",
  'sed -n "s/^ *\\[*stages\\.\\([A-Za-z][A-Za-z0-9-]*\\).*/\\1/p" "$d/.pmcp/deploy.toml" 2>/dev/null | sort -u\'',
].join(' ');

/** The completion script for a shell, generated from the commands. */
export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  return { bash, zsh, fish }[shell](program);
}

/** The subcommands of a command, or the values of its first argument. */
function words(command: Command): readonly string[] {
  const subcommands = command.commands.map((each) => each.name());
  return subcommands.length > 0 ? subcommands : command.registeredArguments[0]?.argChoices ?? [];
}

function flags(command: Command): readonly string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
}

function bash(program: Command): string {
  const name = program.name();
  const cases = program.commands.flatMap((command) => [
    `    ${command.name()}) words="${[...words(command), ...flags(command)].join(' ')}"`,
    ...command.commands.length === 0 ? [] : [
      '      [ "$COMP_CWORD" -gt 2 ] && case "${COMP_WORDS[2]}" in',
      ...command.commands.map((each) => `        ${each.name()}) words="${[...words(each), ...flags(each)].join(' ')}" ;;`),
      '      esac',
    ],
    '      ;;',
  ]);
  const choices = choiceOptions(program).map(({ long, argChoices = [] }) => (
    `    ${long}) COMPREPLY=($(compgen -W "${argChoices.join(' ')}" -- "$current")); return ;;`
  ));
  return [
    '_pmcp_deploy() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words',
    '  case "$previous" in',
    ...choices,
    `    --stage|-s) COMPREPLY=($(compgen -W "$(${STAGES})" -- "$current")); return ;;`,
    `    ${valueOptions(program).join('|')}) return ;;`,
    '  esac',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    `    *) words="${[...words(program), ...flags(program)].join(' ')}" ;;`,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${[...words(program), ...flags(program)].join(' ')}"; fi`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    `complete -o default -F _pmcp_deploy ${name}`,
  ].join('\n');
}

function allOptions(program: Command): readonly Option[] {
  const options = program.commands.flatMap((command) => [command, ...command.commands]).flatMap((command) => command.options);
  return [...new Map(options.map((option) => [option.long, option])).values()];
}

function choiceOptions(program: Command): readonly Option[] {
  return allOptions(program).filter(({ argChoices }) => argChoices !== undefined);
}

/** Options with a free value, for which the shell completes files. */
function valueOptions(program: Command): readonly string[] {
  return allOptions(program).flatMap(({ long, required, argChoices }) => (
    required && argChoices === undefined && long !== '--stage' && long ? [long] : []
  ));
}

function zsh(program: Command): string {
  const name = program.name();
  const commands = program.commands.map((command) => `    ${quote(`${command.name()}:${command.description()}`)}`);
  const cases = program.commands.flatMap((command) => command.commands.length === 0 ? [
    `    ${command.name()}) ${zshArguments(command)} ;;`,
  ] : [
    `    ${command.name()})`,
    `      if (( CURRENT == 2 )); then ${zshArguments(command)}; return; fi`,
    '      shift words',
    '      (( CURRENT-- ))',
    '      case "${words[1]}" in',
    ...command.commands.map((each) => `        ${each.name()}) ${zshArguments(each)} ;;`),
    '      esac',
    '      ;;',
  ]);
  return [
    `#compdef ${name}`,
    '_pmcp_deploy_stages() {',
    `  local -a stages=(\${(f)"$(${STAGES})"})`,
    "  _describe 'stage' stages",
    '}',
    '_pmcp_deploy() {',
    '  local -a commands',
    '  commands=(',
    ...commands,
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local command="${words[2]}"',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case "$command" in',
    ...cases,
    '  esac',
    '}',
    // In fpath, zsh runs the file as the completion function itself. Otherwise it is sourced.
    `if [[ "\${funcstack[1]}" == "_${name}" ]]; then _pmcp_deploy "$@"; else compdef _pmcp_deploy ${name}; fi`,
  ].join('\n');
}

function zshArguments(command: Command): string {
  const specs = command.options.map((option) => quote(`${option.long}[${brackets(option.description)}]${argument(option)}`));
  const values = words(command);
  return `_arguments ${[...specs, "'--help[print help]'", ...values.length > 0 ? [quote(`1:value:(${values.join(' ')})`)] : []].join(' ')}`;
}

function argument({ long, required, optional, argChoices }: Option): string {
  if (long === '--stage') return ':stage:_pmcp_deploy_stages';
  if (required && !argChoices) return ':value:_files';
  return required || optional ? `:value:${argChoices ? `(${argChoices.join(' ')})` : ''}` : '';
}

function brackets(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function fish(program: Command): string {
  const name = program.name();
  return [
    `complete -c ${name} -f`,
    ...program.commands.flatMap((command) => [
      `complete -c ${name} -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
      `complete -c ${name} -n '__fish_seen_subcommand_from help' -a ${command.name()} -d ${quote(command.description())}`,
      ...fishArguments(name, command, `__fish_seen_subcommand_from ${command.name()}`),
      ...command.commands.flatMap((each) => (
        fishArguments(name, each, `__fish_seen_subcommand_from ${command.name()}; and __fish_seen_subcommand_from ${each.name()}`)
      )),
    ]),
  ].join('\n');
}

function fishArguments(name: string, command: Command, condition: string): string[] {
  const subcommands = command.commands.map((each) => each.name());
  // After a subcommand, the options of the command itself are not offered.
  const withoutSubcommand = subcommands.length > 0 ? `; and not __fish_seen_subcommand_from ${subcommands.join(' ')}` : '';
  const here = `-n ${quote(condition + withoutSubcommand)}`;
  return [
    ...command.options.map((option) => {
      const short = option.short ? ` -s ${option.short.slice(1)}` : '';
      const choices = option.long === '--stage' ? `(${STAGES})` : option.argChoices?.join(' ');
      const value = choices !== undefined ? ` -x -a ${quote(choices)}` : option.required ? ' -r' : '';
      return `complete -c ${name} ${here} -l ${option.long?.slice(2)}${short}${value} -d ${quote(option.description)}`;
    }),
    ...command.commands.map((each) => `complete -c ${name} ${here} -a ${each.name()} -d ${quote(each.description())}`),
    ...subcommands.length > 0 ? [] : words(command).map((word) => `complete -c ${name} ${here} -a ${word}`),
  ];
}

function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
