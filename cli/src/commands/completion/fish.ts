/** The completion script for fish. */
import { allCommands, type CommandSpec, type OptionSpec, type ValueSpec } from '../../spec.ts';
import { quoted } from './quote.ts';

export function fishCompletion(program: CommandSpec): string {
  const commands = [...allCommands(program)];
  const taking = commands.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value)
      .flatMap((option) => spellings(option).map((name) => key(path, name))),
  );
  const groups = commands.filter((command) => command.commands.length > 0);
  const children = groups.flatMap((group) => group.commands.map(({ path }) => path.join(' ')));
  const programs = commands.filter(({ startsProgram }) => startsProgram).map(({ path }) => path.join(' '));
  return `# fish completion for chaperone; made by \`chaperone completion fish\`

# Prints the command that the words so far lead to. Once the words of a started program have begun, prints PROGRAM
# behind it, and the number of its first word.
function __chaperone_walk
    set -l taking ${taking.map(quoted).join(' ')}
    set -l known ${children.map(quoted).join(' ')}
    set -l programs ${programs.map(quoted).join(' ')}
    set -l words (commandline -opc)
    set -l at chaperone
    set -l skip no
    for i in (seq 2 (count $words))
        set -l word $words[$i]
        if test $skip = yes
            set skip no
        else if contains -- "$at $word" $taking
            set skip yes
        else if contains -- "$at $word" $known
            set at "$at $word"
        else if contains -- $at $programs
            if test "$word" = --
                echo "$at PROGRAM"
                math $i + 1
                return
            else if not string match -q -- '-*' $word
                echo "$at PROGRAM"
                echo $i
                return
            end
        end
    end
    echo $at
end

function __chaperone_at
    set -l walk (__chaperone_walk)
    test $walk[1] = $argv[1]
end

# The words of the program that is started, completed as if they stood alone.
function __chaperone_program
    set -l walk (__chaperone_walk)
    set -l words (commandline -opc)
    complete -C (string join ' ' -- (string escape -- $words[$walk[2]..]) (commandline -ct))
end

complete -c chaperone -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf(command: CommandSpec): string[] {
  const at = command.path.join(' ');
  const here = `complete -c chaperone -n ${quoted(`__chaperone_at "${at}"`)}`;
  const lines = command.commands.map(
    (child) => `${here} -a ${quoted(child.path.at(-1) ?? '')} -d ${quoted(child.summary)}`,
  );
  for (const option of command.options) lines.push(`${here}${optionWords(option)}`);
  for (const { value } of command.startsProgram ? [] : command.arguments)
    lines.push(`${here}${offer(value)}`);
  if (command.startsProgram) {
    lines.push(`${here} -a '(__fish_complete_command)'`);
    const inside = quoted(`__chaperone_at "${at} PROGRAM"`);
    lines.push(`complete -c chaperone -n ${inside} -a '(__chaperone_program)'`);
  }
  return lines;
}

function optionWords({ short, long, description, value }: OptionSpec): string {
  const names = [...(short ? [` -s ${short.slice(1)}`] : []), ...(long ? [` -l ${long.slice(2)}`] : [])].join(
    '',
  );
  return `${names} -d ${quoted(description)}${value ? ` -r${offer(value)}` : ''}`;
}

function offer(value: ValueSpec): string {
  switch (value.kind) {
    case 'choices':
      return ` -f -a ${quoted(value.choices.join(' '))}`;
    case 'file':
      return ' -F';
    case 'folder':
      return ` -f -a '(__fish_complete_directories)'`;
    case 'text':
      return ' -f';
    default:
      return value satisfies never;
  }
}

function spellings({ short, long }: OptionSpec): string[] {
  return [short, long].filter((name) => name !== undefined);
}

function key(path: readonly string[], name: string): string {
  return [...path, name].join(' ');
}
