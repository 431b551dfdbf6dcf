import type { Command, Option } from 'commander';

/** A script for a shell, written from the commands themselves. */
export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  return { bash, zsh, fish }[shell](program);
}

/** What can follow a command, beside its options: subcommands, or the values of its first argument. */
function words(command: Command): readonly string[] {
  const subcommands = command.commands.map((each) => each.name());
  return subcommands.length > 0 ? subcommands : command.registeredArguments[0]?.argChoices ?? [];
}

function flags(command: Command): readonly string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
}

function bash(program: Command): string {
  const name = program.name();
  const cases = program.commands.map((command) => {
    return `    ${command.name()}) words="${[...words(command), ...flags(command)].join(' ')}" ;;`;
  });
  const choices = choiceOptions(program).map(({ long, argChoices = [] }) => `    ${long}) COMPREPLY=($(compgen -W "${argChoices.join(' ')}" -- "$current")); return ;;`);
  return [
    '_pmcp_deploy() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words',
    '  case "$previous" in',
    ...choices,
    '    --stage) return ;;',
    '  esac',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    `    *) words="${[...words(program), ...flags(program)].join(' ')}" ;;`,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${[...words(program), ...flags(program)].join(' ')}"; fi`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    `complete -F _pmcp_deploy ${name}`,
  ].join('\n');
}

function choiceOptions(program: Command): readonly Option[] {
  const options = program.commands.flatMap((command) => command.options).filter(({ argChoices }) => argChoices !== undefined);
  return [...new Map(options.map((option) => [option.long, option])).values()];
}

function zsh(program: Command): string {
  const name = program.name();
  const commands = program.commands.map((command) => `    ${quote(`${command.name()}:${command.description()}`)}`);
  const cases = program.commands.map((command) => {
    const specs = command.options.map((option) => quote(`${option.long}[${brackets(option.description)}]${argument(option)}`));
    const values = words(command);
    return `    ${command.name()}) _arguments ${[...specs, "'--help[print help]'", ...values.length > 0 ? [quote(`1:value:(${values.join(' ')})`)] : []].join(' ')} ;;`;
  });
  return [
    `#compdef ${name}`,
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
    `compdef _pmcp_deploy ${name}`,
  ].join('\n');
}

function argument({ required, optional, argChoices }: Option): string {
  return required || optional ? `:value:${argChoices ? `(${argChoices.join(' ')})` : ''}` : '';
}

function brackets(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function fish(program: Command): string {
  const name = program.name();
  return [
    `complete -c ${name} -f`,
    ...program.commands.flatMap((command) => {
      const here = `-n ${quote(`__fish_seen_subcommand_from ${command.name()}`)}`;
      return [
        `complete -c ${name} -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
        ...command.options.map((option) => {
          const value = option.argChoices ? ` -x -a ${quote(option.argChoices.join(' '))}` : option.required ? ' -x' : '';
          return `complete -c ${name} ${here} -l ${option.long?.slice(2)}${value} -d ${quote(option.description)}`;
        }),
        ...words(command).map((word) => `complete -c ${name} ${here} -a ${word}`),
      ];
    }),
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
