/** The key that a bundle is signed with: the options that `build` and `sign` share. */
import type { SignatureAlgorithm, Signing } from '@chaperone/policy/bundle';
import type { Command } from 'commander';
import { readKey } from '../../policy-options.ts';

export type SigningOptions = {
  readonly signingKey?: string;
  readonly signingAlg?: string;
  readonly keyId?: string;
  readonly scope?: string;
};

export function addSigningOptions(command: Command): Command {
  return command
    .option('--signing-key <file>', 'private key (PEM) or secret to sign the bundle with')
    .option('--signing-alg <name>', 'its algorithm, for example ES256, EdDSA or HS256 (default: RS256)')
    .option('--key-id <name>', 'how verifiers find the key (default: default)')
    .option('--scope <name>', 'what the signature is for');
}

/** Throws CliError. */
export function signingOf({ signingKey, signingAlg, keyId, scope }: SigningOptions): Signing | undefined {
  if (signingKey === undefined) return undefined;
  const algorithm = signingAlg ?? 'RS256';
  return {
    key: readKey(signingKey, algorithm),
    // Signing checks it.
    algorithm: algorithm as SignatureAlgorithm,
    keyId: keyId ?? 'default',
    ...(scope === undefined ? {} : { scope }),
  };
}
