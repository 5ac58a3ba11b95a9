/** `chaperone credential`: secrets that requests carry although the agent has only placeholders of them. */
import { homedir } from 'node:os';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { Command } from 'commander';
import { currentSession } from '../../current-session.ts';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import type { AddOptions } from './add.ts';

export function defineCredential(): Command {
  const stateDir = defaultStateDir(process.env, homedir());
  const credential = new Command('credential')
    .description(
      'Keeps secrets that are put into the requests of agents. An agent holds a placeholder; the secret takes its place on the way to the hosts that it belongs to, and is taken out of the answers.',
    )
    .addHelpText(
      'after',
      examples(
        'chaperone credential add model-api --host api.example.com --env MODEL_API_KEY < secret',
        'chaperone credential list',
      ),
    );
  credential
    .command('add')
    .description('Adds a secret, which is read from standard input, and prints its placeholder.')
    .argument('<id>', 'name that rules and records use: lower-case letters, digits and ._-')
    .option('--host <host>', 'a host that gets it, or *.example.com; may be repeated', collect, [])
    .option('--header <name>', 'the header in which the placeholder is replaced', 'authorization')
    .option('--kind <kind>', 'what it is, as policies see it', 'api_key')
    .option('--env <name>', 'variable in which sessions find the placeholder')
    .option('--known-only', 'keep only a digest: requests that carry it are denied')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'chaperone credential add model-api --host api.example.com --env MODEL_API_KEY < secret',
        'chaperone credential add registry --host registry.example.com --header x-api-key < secret',
        'chaperone credential add payroll --known-only < secret',
      ),
    )
    // The message that there would be otherwise repeats what was given, which may be a secret.
    .allowExcessArguments()
    .action(async (id: string, options: AddOptions, { args }: Command) => {
      outside();
      if (args.length > 1)
        throw new CliError(
          2,
          'give a name only; the secret is read from standard input, where others cannot see it',
        );
      const { addFromInput } = await import('./add.ts');
      await addFromInput(stateDir, id, options);
    });
  credential
    .command('list')
    .description('Shows which secrets are kept, and never the secrets.')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', examples('chaperone credential list', 'chaperone credential list --json'))
    .action(async ({ json }: { readonly json?: boolean }) => {
      outside();
      const { printCredentials } = await import('./list.ts');
      printCredentials(stateDir, json === true);
    });
  credential
    .command('remove')
    .description('Removes a secret. Sessions that have begun go on with it.')
    .argument('<id>', 'as `chaperone credential list` shows it')
    .addHelpText('after', examples('chaperone credential remove model-api'))
    .action(async (id: string) => {
      outside();
      const { removeCredential } = await import('@chaperone/endpoint/credentials');
      removeCredential(stateDir, id);
    });
  return credential;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** An agent must not choose which secrets its requests carry; its session does not even reach the file. */
function outside(): void {
  if (currentSession() !== undefined)
    throw new CliError(
      2,
      'this is inside a session, where no credentials are kept; run it in a terminal of your own',
    );
}
