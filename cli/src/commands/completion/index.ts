/** chaperone completion: the script that lets a shell complete commands, options and values. */
import { Argument, Command } from 'commander';
import { examples } from '../../examples.ts';
import { type CommandSpec, specOf } from '../../spec.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** @param describe gives the program with all its commands */
export function defineCompletion(describe: () => Promise<Command>): Command {
  return new Command('completion')
    .description(
      'Prints the completion script for a shell. The Debian package installs all three where the shells look for them.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        'chaperone completion bash > ~/.local/share/bash-completion/completions/chaperone',
        'chaperone completion fish > ~/.config/fish/completions/chaperone.fish',
        'chaperone completion zsh > DIR/_chaperone     (DIR: a folder of $fpath)',
      ),
    )
    .action(async (shell: Shell) => {
      process.stdout.write(await completionScript(shell, specOf(await describe())));
    });
}

async function completionScript(shell: Shell, program: CommandSpec): Promise<string> {
  switch (shell) {
    case 'bash':
      return (await import('./bash.ts')).bashCompletion(program);
    case 'zsh':
      return (await import('./zsh.ts')).zshCompletion(program);
    case 'fish':
      return (await import('./fish.ts')).fishCompletion(program);
    default:
      return shell satisfies never;
  }
}
