/** `chaperone quarantine`: outputs of agents that wait for a person. */
import { homedir } from 'node:os';
import path from 'node:path';
import { defaultStateDir } from '@chaperone/endpoint/record';
import { Command } from 'commander';
import { currentSession } from '../../current-session.ts';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { readVersion } from '../../version.ts';

type Json = { readonly json?: boolean };
type Wanted = { readonly all?: boolean; readonly session?: string };
type Acting = Json & Wanted & { readonly force?: boolean; readonly journal: string };

export function defineQuarantine(): Command {
  const stateDir = defaultStateDir(process.env, homedir());
  const quarantine = new Command('quarantine')
    .description(
      'Shows what agents wrote into quarantined folders and a policy holds for review, and lets it out or throws it away.',
    )
    .addHelpText(
      'after',
      examples(
        'chaperone quarantine list',
        'chaperone quarantine diff qabcdefgh',
        'chaperone quarantine release qabcdefgh',
      ),
    );
  quarantine
    .command('list')
    .description('Shows what is held, oldest first.')
    .option('--session <id>', 'only of this session')
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      examples('chaperone quarantine list', 'chaperone quarantine list --json | jq -r .id'),
    )
    .action(async (options: Json & Wanted) => {
      outside();
      const { listHeld } = await import('./list.ts');
      process.exitCode = await listHeld(stateDir, options);
    });
  quarantine
    .command('show')
    .description('Shows everything about one held output except its content.')
    .argument('<ticket>', 'as `chaperone quarantine list` shows it')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples('chaperone quarantine show qabcdefgh', 'chaperone quarantine show qabcdefgh --json'),
    )
    .action(async (id: string, options: Json) => {
      outside();
      const { showHeld } = await import('./show.ts');
      await showHeld(stateDir, id, options);
    });
  quarantine
    .command('diff')
    .description('Shows how a held output differs from the real file.')
    .argument('<ticket>', 'as `chaperone quarantine list` shows it')
    .option('--json', 'as JSON: sizes, digests and the lines of a text')
    .addHelpText(
      'after',
      examples('chaperone quarantine diff qabcdefgh', 'chaperone quarantine diff qabcdefgh --json'),
    )
    .action(async (id: string, options: Json) => {
      outside();
      const { diffHeld } = await import('./diff.ts');
      await diffHeld(stateDir, id, options);
    });
  acting('release', 'Puts held outputs into their places. Each release is recorded in the journal.')
    .option('--force', 'also over a real file that changed since the output was held')
    .addHelpText(
      'after',
      examples(
        'chaperone quarantine release qabcdefgh',
        'chaperone quarantine release --session s-mwrrvrjv-ccf33744 --all',
        'chaperone quarantine release qabcdefgh --force',
      ),
    )
    .action(act('release'));
  acting(
    'discard',
    'Throws held outputs away; the real files stay as they are. Each is recorded in the journal.',
  )
    .addHelpText(
      'after',
      examples('chaperone quarantine discard qabcdefgh', 'chaperone quarantine discard --all'),
    )
    .action(act('discard'));
  return quarantine;

  function acting(name: string, description: string): Command {
    return quarantine
      .command(name)
      .description(description)
      .argument('[tickets...]', 'as `chaperone quarantine list` shows them')
      .option('-a, --all', 'everything that is held')
      .option('--session <id>', 'with --all: only of this session')
      .option('-j, --journal <folder>', 'where it is recorded', path.join(stateDir, 'journal'))
      .option('--json', 'one JSON object per line');
  }

  function act(what: 'release' | 'discard') {
    return async (ids: string[], options: Acting): Promise<void> => {
      outside();
      const { actOnHeld } = await import('./act.ts');
      const argv = ['chaperone', 'quarantine', what, ...ids, ...(options.all ? ['--all'] : [])];
      process.exitCode = await actOnHeld(what, ids, options, {
        stateDir,
        journalDir: path.resolve(options.journal),
        argv,
        version: readVersion(),
      });
    };
  }
}

/** An agent must not release what it wrote; its session does not even reach the store. */
function outside(): void {
  if (currentSession() !== undefined)
    throw new CliError(
      2,
      'this is inside a session, where nothing can be released; run it in a terminal of your own',
    );
}
