/** Options of chaperone pdp for its configuration and for bundles. */
import type { PdpOptions } from '@chaperone/pdp';
import { Option } from 'commander';
import { CliError } from '../errors.ts';

export type ConfigOptions = {
  readonly config?: string;
  readonly configSet?: readonly string[];
  readonly bundle?: readonly string[];
  readonly v0Compatible?: boolean;
  readonly verificationKey?: string;
  readonly verificationAlg: string;
  readonly scope?: string;
};

export function configOptions(): readonly Option[] {
  return [
    new Option('-c, --config <file>', 'configuration in the format of OPA, YAML or JSON'),
    repeatable(
      '--config-set <name=value>',
      'a member of the configuration, such as decision_logs.console=true',
    ),
    repeatable('-b, --bundle <path>', 'bundle (.tar.gz), or folder with what is in one'),
    new Option(
      '--verification-key <key>',
      'secret, or file with the public key, that --bundle and --policy bundles must be signed with',
    ),
    new Option('--verification-alg <name>', 'its algorithm, for example ES256, EdDSA or HS256').default(
      'RS256',
    ),
    new Option('--scope <name>', 'what the signature must be for'),
  ];
}

/** Throws PdpError and CliError. */
export async function readConfigOptions(
  options: ConfigOptions,
  notice: (line: string) => void,
): Promise<Pick<PdpOptions, 'config' | 'bundles' | 'readBundle'>> {
  const { config, configSet = [], bundle = [], verificationKey, verificationAlg, scope } = options;
  const { bundleReader, parseConfig, readConfig, verificationOf } = await import('@chaperone/pdp');
  if (verificationKey === undefined && scope !== undefined)
    throw new CliError(2, '--scope needs --verification-key');
  const verification =
    verificationKey === undefined
      ? undefined
      : verificationOf({ key: verificationKey, algorithm: verificationAlg, scope });
  const source = { ...(config === undefined ? {} : { file: config }), settings: configSet };
  return {
    bundles: bundle,
    readBundle: bundleReader(options.v0Compatible === true ? 'v0' : 'v1', verification),
    config: parseConfig(await readConfig(source, process.env, notice)),
  };
}

export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`).argParser(
    (one: string, before: readonly string[] | undefined) => [...(before ?? []), one],
  );
}
