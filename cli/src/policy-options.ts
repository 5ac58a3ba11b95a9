/** Which policy a command asks: the options that `run` and `check` share. */
import { type Command, Option } from 'commander';

export type PolicyChoiceOptions = {
  readonly policy?: string;
  readonly profile?: string;
  readonly set?: readonly string[];
};

/** Adds them, in the order in which help shows them. */
export function addPolicyOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-P, --profile <name>', 'a profile, by name or folder (chaperone profile list)').conflicts(
        'policy',
      ),
    )
    .addOption(
      new Option(
        '-s, --set <name=value>',
        'a setting of the profile; repeat it for lists, += adds',
      ).argParser((one: string, before: readonly string[] | undefined) => [...(before ?? []), one]),
    )
    .option('-p, --policy <path>', 'folder with .rego files, or one file');
}
