/** chaperone policy build: a bundle as OPA reads it. */
import { buildBundle, mergeBundles, parseBundle, unpackBundle } from '@chaperone/policy/bundle';
import { escapeForTerminal } from '@chaperone/protocol';
import { compile, RegoErrors } from '@chaperone/rego';
import { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { authorHost } from './author-host.ts';
import { examples } from '../../examples.ts';
import { asCliErrors, readBundleFiles, writeBundle } from './bundle-files.ts';
import { addSigningOptions, signingOf, type SigningOptions } from './signing-options.ts';

type BuildOptions = SigningOptions & {
  readonly output: string;
  readonly revision?: string;
  readonly root?: readonly string[];
  readonly v0Compatible?: boolean;
};

export function defineBuild(): Command {
  const command = new Command('build')
    .summary('build a bundle, signed if wanted')
    .description(
      'Builds a bundle that OPA reads, too. The same files give the same bytes. What would be refused when it is loaded is refused here.',
    )
    .argument('<paths...>', 'folders, files and bundles; _test.rego files stay out')
    .option('-o, --output <file>', 'where the bundle goes', 'bundle.tar.gz')
    .option('-r, --revision <text>', 'names this state of the policy in every decision')
    .option('--root <path>', 'part of data that the bundle owns, such as team/access; repeat it', repeat)
    .option('--v0-compatible', 'read the files as Rego before 1.0');
  return addSigningOptions(command)
    .addHelpText(
      'after',
      examples(
        'chaperone policy build policies/ -r 42',
        'chaperone policy build policies/ --root chaperone --signing-key key.pem --signing-alg ES256',
      ),
    )
    .action(build);
}

function repeat(one: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), one];
}

/** Rejects with CliError. */
async function build(paths: readonly string[], options: BuildOptions): Promise<void> {
  const { output, revision, root, v0Compatible } = options;
  const signing = signingOf(options);
  const files = await readBundleFiles(paths);
  const shown = paths.join(', ');
  const bytes = await asCliErrors(shown, async () => {
    const built = await buildBundle(files, {
      ...(revision === undefined ? {} : { revision }),
      ...(root === undefined ? {} : { roots: root }),
      ...(v0Compatible === true ? { regoVersion: 0 } : {}),
      ...(signing ? { signing } : {}),
    });
    const { modules, data } = mergeBundles({ bundle: parseBundle(await unpackBundle(built)) });
    try {
      compile(modules, { data, host: authorHost() });
    } catch (error) {
      if (!(error instanceof RegoErrors)) throw error;
      throw new CliError(2, `${shown}: ${error.message}`, { cause: error });
    }
    return built;
  });
  writeBundle(output, bytes);
  const count = files.length === 1 ? 'one file' : `${files.length} files`;
  process.stdout.write(`${escapeForTerminal(output)}: ${count}, ${bytes.length} bytes\n`);
}
