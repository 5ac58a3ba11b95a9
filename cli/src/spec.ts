/** The commands as data, read from their commander definitions: what completions and the manual page are made from. */
import type { Argument, Command, Help, Option } from 'commander';

export type OptionSpec = {
  /** As it is written, dashes included: `--policy`. */
  readonly long: string | undefined;
  readonly short: string | undefined;
  /** As in help: `-p, --policy <path>`. */
  readonly flags: string;
  readonly description: string;
  /** The description with choices and default, as in help. */
  readonly detail: string;
  /** Undefined for a switch. */
  readonly value: ValueSpec | undefined;
};

/** What stands for an option's value or an argument. */
export type ValueSpec =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'text' };

export type ArgumentSpec = {
  readonly name: string;
  /** With choices and default, as in help. */
  readonly detail: string;
  readonly value: ValueSpec;
  readonly variadic: boolean;
};

export type CommandSpec = {
  /** From the program's name on: `['chaperone', 'journal', 'show']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  readonly arguments: readonly ArgumentSpec[];
  /** Its last argument is a program with arguments of its own, to which every option after it belongs. */
  readonly startsProgram: boolean;
  readonly commands: readonly CommandSpec[];
  /** What the help text says after the options. */
  readonly epilogue: string;
};

/** @param above the path of the command it belongs to */
export function specOf(command: Command, above: readonly string[] = []): CommandSpec {
  const help = command.createHelp();
  const path = [...above, command.name()];
  const positional = command.registeredArguments;
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: [...path, command.usage()].join(' ').trim(),
    options: help.visibleOptions(command).map((option) => optionSpec(option, help)),
    arguments: positional.map((argument) => argumentSpec(argument, help)),
    startsProgram: positional.at(-1)?.variadic === true && passesThrough(command),
    commands: command.commands.filter((child) => !isHidden(child)).map((child) => specOf(child, path)),
    epilogue: epilogueOf(command),
  };
}

/** Every command of the tree, the program itself first. */
export function* allCommands(spec: CommandSpec): Generator<CommandSpec> {
  yield spec;
  for (const child of spec.commands) yield* allCommands(child);
}

function optionSpec(option: Option, help: Help): OptionSpec {
  const { long, short, flags, description, argChoices } = option;
  const takesValue = option.required || option.optional;
  const value = takesValue ? valueOf(flags, argChoices) : undefined;
  return { long, short, flags, description, detail: help.optionDescription(option), value };
}

function argumentSpec(argument: Argument, help: Help): ArgumentSpec {
  const { variadic, argChoices } = argument;
  const value = valueOf(`<${argument.name()}>`, argChoices);
  return { name: argument.name(), detail: help.argumentDescription(argument), value, variadic };
}

/** The word between the brackets names the kind: `<folder>`, `<file>`; `<path>` may be either. */
function valueOf(flags: string, choices: readonly string[] | undefined): ValueSpec {
  if (choices) return { kind: 'choices', choices };
  const word = /[<[]([^>\].]+)/.exec(flags)?.[1] ?? '';
  if (/^(?:dir|folder|directory)$/.test(word)) return { kind: 'folder' };
  return { kind: /^(?:path|file|bundle|policy)$/.test(word) ? 'file' : 'text' };
}

function isHidden(command: Command): boolean {
  return (command as unknown as { _hidden?: boolean })._hidden === true;
}

/** Commander has no getter for it; its own usage line is the same whether or not options pass through. */
function passesThrough(command: Command): boolean {
  return (command as unknown as { _passThroughOptions?: boolean })._passThroughOptions === true;
}

/** `addHelpText` can only be printed, so it is: what follows the help that is made from the definitions. */
function epilogueOf(command: Command): string {
  let printed = '';
  const before = { ...command.configureOutput() };
  command.configureOutput({ ...before, writeOut: (text) => (printed += text) });
  const body = command.helpInformation();
  command.outputHelp();
  command.configureOutput(before);
  const at = printed.indexOf(body);
  return at < 0 ? '' : printed.slice(at + body.length).trim();
}
