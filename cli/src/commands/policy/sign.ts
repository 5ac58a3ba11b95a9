/** chaperone policy sign: puts a signature into a bundle. */
import { signBundle } from '@chaperone/policy/bundle';
import { escapeForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { asCliErrors, readBundleFiles, writeBundle } from './bundle-files.ts';
import { addSigningOptions, signingOf, type SigningOptions } from './signing-options.ts';

type SignOptions = SigningOptions & { readonly output?: string };

export function defineSign(): Command {
  const command = new Command('sign')
    .summary('sign a bundle')
    .description('Signs a bundle, as OPA does. A signature that it has is replaced.')
    .argument('<bundle>', 'the bundle')
    .option('-o, --output <file>', 'where the signed bundle goes (default: in its place)');
  return addSigningOptions(command)
    .addHelpText(
      'after',
      examples('chaperone policy sign bundle.tar.gz --signing-key key.pem --signing-alg ES256'),
    )
    .action(async (bundle: string, options: SignOptions) => {
      const signing = signingOf(options);
      if (!signing) throw new CliError(2, 'sign with which key? Name its file with --signing-key');
      const files = await readBundleFiles([bundle]);
      const output = options.output ?? bundle;
      writeBundle(output, await asCliErrors(bundle, () => signBundle(files, signing)));
      process.stdout.write(`${escapeForTerminal(output)}: signed with ${signing.algorithm}\n`);
    });
}
