/** Which policy a command asks: the options that `run` and `check` share. */
import { readFileSync } from 'node:fs';
import type { PolicyChoice } from '@chaperone/endpoint/question';
import { type Command, Option } from 'commander';
import { CliError } from './errors.ts';

export type PolicyChoiceOptions = {
  readonly policy?: string;
  readonly profile?: string;
  readonly set?: readonly string[];
} & VerificationOptions;

export type VerificationOptions = {
  readonly verificationKey?: string;
  readonly verificationAlg?: string;
  readonly scope?: string;
};

/** Adds them, in the order in which help shows them. */
export function addPolicyOptions(command: Command): Command {
  const choice = command
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
    .option('-p, --policy <path>', 'folder with .rego files, one file, or a bundle (.tar.gz)');
  return addVerificationOptions(choice);
}

export function addVerificationOptions(command: Command): Command {
  return command
    .option('--verification-key <file>', 'public key (PEM) or secret that the bundle must be signed with')
    .option('--verification-alg <name>', 'its algorithm, for example ES256, EdDSA or HS256 (default: RS256)')
    .option('--scope <name>', 'what the signature must be for');
}

/** Throws CliError. */
export function verificationOf({
  verificationKey,
  verificationAlg,
  scope,
}: VerificationOptions): PolicyChoice['verification'] {
  if (verificationKey === undefined) {
    if (verificationAlg === undefined && scope === undefined) return undefined;
    throw new CliError(2, 'say with --verification-key which key the bundle must be signed with');
  }
  const algorithm = verificationAlg ?? 'RS256';
  return {
    key: readKey(verificationKey, algorithm),
    algorithm: algorithm as NonNullable<PolicyChoice['verification']>['algorithm'],
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The text of a key file; a secret counts without the line break at its end. Throws CliError. */
export function readKey(file: string, algorithm: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot read the key ${file} (${why})`, { cause: error });
  }
  return algorithm.startsWith('HS') ? text.replace(/\r?\n$/, '') : text;
}
