/** The completion script for zsh: one function per command, in terms of its own `_arguments`. */
import {
  allCommands,
  type ArgumentSpec,
  type CommandSpec,
  type OptionSpec,
  type ValueSpec,
} from '../../spec.ts';
import { quoted } from './quote.ts';

export function zshCompletion(program: CommandSpec): string {
  const functions = [...allCommands(program)].map(functionOf).join('\n');
  return `#compdef chaperone
# zsh completion for chaperone; made by \`chaperone completion zsh\`

${functions}
# Autoloaded from a folder of $fpath, this file is the function; sourced, it says what the function is for.
if [[ $funcstack[1] == _chaperone ]]; then
  _chaperone "$@"
else
  compdef _chaperone chaperone
fi
`;
}

function functionOf(command: CommandSpec): string {
  const specs = command.options.flatMap(optionSpecs);
  if (command.commands.length > 0) return groupFunction(command, specs);
  const rest = command.startsProgram
    ? [`'(-)1:program: _command_names -e'`, `'*:: : _normal'`]
    : command.arguments.map(argumentSpec);
  return `${nameOf(command)}() {
  _arguments -s -S ${[...specs, ...rest].map((spec) => `\\\n    ${spec}`).join(' ')}
}
`;
}

function groupFunction(command: CommandSpec, specs: readonly string[]): string {
  const offered = command.commands.map(
    (child) => `    ${quoted(`${escaped(child.path.at(-1) ?? '')}:${child.summary}`)}`,
  );
  const cases = command.commands.map((child) => `        ${child.path.at(-1) ?? ''}) ${nameOf(child)} ;;`);
  return `${nameOf(command)}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a below=(
${offered.join('\n')}
  )
  _arguments -C ${[...specs, `'1: :->command'`, `'*:: :->rest'`].map((spec) => `\\\n    ${spec}`).join(' ')}
  case $state in
    command) _describe -t commands command below ;;
    rest)
      case $line[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}
`;
}

function nameOf({ path }: CommandSpec): string {
  return `_${path.join('_').replaceAll('-', '_')}`;
}

/** Each spelling of an option excludes the other. */
function optionSpecs({ short, long, description, value }: OptionSpec): string[] {
  const names = [short, long].filter((name) => name !== undefined);
  const exclusive = names.length > 1 ? `(${names.join(' ')})` : '';
  return names.map((name) => {
    const takes = value ? (name.startsWith('--') ? '=' : '+') : '';
    return quoted(
      `${exclusive}${name}${takes}[${escaped(description)}]${value ? `:value:${action(value)}` : ''}`,
    );
  });
}

function argumentSpec({ name, value, variadic }: ArgumentSpec): string {
  return quoted(`${variadic ? '*' : ''}:${escaped(name)}:${action(value)}`);
}

function action(value: ValueSpec): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'text':
      return ' ';
    default:
      return value satisfies never;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, (character) => `\\${character}`);
}
