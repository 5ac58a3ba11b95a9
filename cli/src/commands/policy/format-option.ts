/** How results are printed: the same two options at every command that can print JSON. */
import { type Command, Option } from 'commander';

/**
 * Adds `-f, --format`, and `--json` for `--format json`.
 *
 * @param formats the first is what is printed without either
 * @param about what help says about `--format`
 */
export function addFormat(command: Command, formats: readonly [string, ...string[]], about: string): Command {
  return (
    command
      .addOption(new Option('-f, --format <format>', about).choices(formats).default(formats[0]))
      .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
      // Not by `implies`: an implied format would conflict, too.
      .hook('preAction', (own) => {
        if (own.opts<{ json?: boolean }>().json === true) own.setOptionValue('format', 'json');
      })
  );
}
