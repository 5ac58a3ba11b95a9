/** The completion script for bash. It needs nothing but bash: bash-completion is not installed everywhere. */
import { allCommands, type CommandSpec, type OptionSpec, type ValueSpec } from '../../spec.ts';
import { quoted } from './quote.ts';

export function bashCompletion(program: CommandSpec): string {
  const commands = [...allCommands(program)];
  return `# bash completion for chaperone; made by \`chaperone completion bash\`

# What there is below a command: its commands, its options, what its arguments are.
_chaperone_below() {
  case $1 in
${commands.map(below).join('\n')}
  esac
}

# What follows an option; nothing for a switch.
_chaperone_value() {
  case $1 in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(command, option))).join('\n')}
    *) return 1 ;;
  esac
}

_chaperone_offer() {
  case $1 in
    folder) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    text) COMPREPLY=() ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
  esac
}

_chaperone() {
  local word current=\${COMP_WORDS[COMP_CWORD]} at=chaperone value='' expects='' i
  local commands options argument program
  COMPREPLY=()
  _chaperone_below "$at"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $expects ]]; then
      # bash makes \`--mode=audit\` three words.
      [[ $word == = ]] || expects=
    elif [[ $word == -- || ( $word != -* && -n $program ) ]]; then
      [[ $word == -- ]] && ((i += 1))
      if [[ -n $program ]] && ((i >= COMP_CWORD)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
      elif [[ -n $program ]] && declare -F _command_offset >/dev/null; then
        _command_offset "$i"
      else
        _chaperone_offer file "$current"
      fi
      return
    elif value=$(_chaperone_value "$at $word"); then
      expects=$value
    elif [[ " $commands " == *" $word "* ]]; then
      at+=" $word"
      _chaperone_below "$at"
    fi
  done
  if [[ -n $expects ]]; then
    [[ $current == = ]] && current=
    _chaperone_offer "$expects" "$current"
  elif [[ $current == -* ]]; then
    _chaperone_offer "$options" "$current"
  elif [[ -n $commands ]]; then
    _chaperone_offer "$commands" "$current"
  elif [[ -n $program ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$current")
  else
    _chaperone_offer "\${argument:-text}" "$current"
  fi
}

complete -F _chaperone chaperone
`;
}

function below(command: CommandSpec): string {
  const names = command.commands.map(({ path }) => path.at(-1) ?? '').join(' ');
  const options = command.options.flatMap(spellings).join(' ');
  const [argument] = command.arguments;
  const program = command.startsProgram ? 'yes' : '';
  return `    ${quoted(command.path.join(' '))}) commands=${quoted(names)} options=${quoted(options)} argument=${quoted(argument ? offer(argument.value) : '')} program=${quoted(program)} ;;`;
}

function valueCase({ path }: CommandSpec, option: OptionSpec): string[] {
  if (!option.value) return [];
  const patterns = spellings(option).map((name) => quoted([...path, name].join(' ')));
  return [`    ${patterns.join(' | ')}) echo ${quoted(offer(option.value))} ;;`];
}

function spellings({ short, long }: OptionSpec): string[] {
  return [short, long].filter((name) => name !== undefined);
}

function offer(value: ValueSpec): string {
  return value.kind === 'choices' ? value.choices.join(' ') : value.kind;
}
