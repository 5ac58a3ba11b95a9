/** chaperone pdp: answers over HTTP, as the Open Policy Agent does. */
import type { PdpOptions, Place } from '@chaperone/pdp';
import { escapeForTerminal } from '@chaperone/protocol';
import { nodeHost } from '@chaperone/rego/node';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../errors.ts';
import { examples } from '../examples.ts';
import { readVersion } from '../version.ts';
import { positiveNumber } from '../whole-number.ts';
import { type ConfigOptions, configOptions, readConfigOptions, repeatable } from './pdp-config.ts';
import {
  addDecisionOptions,
  type DecisionFlags,
  decisionOptions,
  profileOptions,
  withEngine,
} from './pdp-decisions.ts';

type Options = ConfigOptions &
  DecisionFlags & {
    readonly policy?: readonly string[];
    readonly data?: readonly string[];
    readonly addr?: readonly string[];
    readonly unix?: readonly string[];
    readonly unixMode: number;
    readonly v0Compatible?: boolean;
    readonly watch?: boolean;
    readonly readOnly?: boolean;
    readonly decisionId?: boolean;
    readonly tlsCertFile?: string;
    readonly tlsPrivateKeyFile?: string;
    readonly tlsCaCertFile?: string;
    readonly minTlsVersion: '1.2' | '1.3';
    readonly authentication: 'off' | 'token' | 'tls';
    readonly authorization: 'off' | 'basic';
    readonly maxBodyBytes?: number;
    readonly maxGunzippedBytes?: number;
    readonly maxConnections?: number;
    readonly shutdownGracePeriod: number;
  };

export function definePdp(): Command {
  const command = new Command('pdp')
    .description(
      'Answers questions to a policy over HTTP, with the REST API of the Open Policy Agent.\n\nSIGTERM and SIGINT end it once the answers under way are given.',
    )
    .addOption(
      repeatable(
        '-p, --policy <path>',
        '.rego file, folder with them and with data.json or data.yaml, or bundle (.tar.gz)',
      ),
    )
    .addOption(repeatable('--data <file>', 'JSON or YAML file that becomes data'))
    .addOption(repeatable('-a, --addr <host:port>', 'where to listen (default: 127.0.0.1:8181)'))
    .addOption(
      repeatable('--unix <socket>', 'Unix socket to listen on; then no address unless --addr names one'),
    )
    .addOption(
      new Option('--unix-mode <mode>', 'permissions of the Unix socket')
        .default(0o600, '600')
        .argParser(octal),
    )
    .option('--v0-compatible', 'policies are in the syntax before Rego 1.0')
    .option('-w, --watch', 'load policies and data again when they change')
    .option('--read-only', 'refuse to change policies and data over HTTP')
    .option('--decision-id', 'give every decision an id')
    .option('--tls-cert-file <file>', "the server's certificate, and those it was issued with")
    .option('--tls-private-key-file <file>', 'the key of that certificate')
    .option('--tls-ca-cert-file <file>', 'who issues certificates of clients')
    .addOption(
      new Option('--min-tls-version <version>', 'oldest version that is spoken')
        .choices(['1.2', '1.3'])
        .default('1.2'),
    )
    .addOption(
      new Option('--authentication <scheme>', 'how callers show who they are')
        .choices(['off', 'token', 'tls'])
        .default('off'),
    )
    .addOption(
      new Option(
        '--authorization <scheme>',
        'basic: system.authz.allow of the policy decides about every request',
      )
        .choices(['off', 'basic'])
        .default('off'),
    )
    .addOption(new Option('--max-body-bytes <count>', 'longest body').argParser(positiveNumber))
    .addOption(
      new Option('--max-gunzipped-bytes <count>', 'longest body after decompression').argParser(
        positiveNumber,
      ),
    )
    .addOption(new Option('--max-connections <count>', 'connections at once').argParser(positiveNumber))
    .addOption(
      new Option('--shutdown-grace-period <seconds>', 'how long answers under way may take at the end')
        .default(10)
        .argParser(positiveNumber),
    );
  for (const option of configOptions()) command.addOption(option);
  return addDecisionOptions(command)
    .addHelpText(
      'after',
      examples(
        'chaperone pdp --policy ./policy',
        'chaperone pdp --config opa.yaml --config-set decision_logs.console=true',
        'chaperone pdp --policy access.rego --v0-compatible --addr 127.0.0.1:8181',
        'chaperone pdp --policy ./policy --unix /run/user/1000/pdp.sock --watch',
        'curl localhost:8181/v1/data/endpoint/access/allow -d \'{"input": {"action": "read_file"}}\'',
      ),
    )
    .action(async (options: Options) => {
      await serve(options);
    });
}

/** Returns when the server has stopped. Throws PdpError and CliError. */
async function serve(options: Options): Promise<void> {
  const { isLoopback, startPdp } = await import('@chaperone/pdp');
  const asked = await pdpOptions(options);
  const pdp = await startPdp(asked);
  const open = asked.places.find((place) => place.kind === 'tcp' && !isLoopback(place.address));
  if (open !== undefined && asked.authorization === 'off')
    notice(
      `everybody who reaches this address may read ${asked.readOnly ? '' : 'and change '}policies; see --authorization`,
    );
  process.stdout.write(`chaperone: pdp is ready on ${pdp.urls.join(' and ')} (policies: ${pdp.policies})\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await pdp.stop(options.shutdownGracePeriod * 1000);
}

async function pdpOptions(options: Options): Promise<PdpOptions> {
  const { defaultLimits, parseAddress } = await import('@chaperone/pdp');
  const { tlsCertFile, tlsPrivateKeyFile, tlsCaCertFile } = options;
  if ((tlsCertFile === undefined) !== (tlsPrivateKeyFile === undefined))
    throw new CliError(2, '--tls-cert-file and --tls-private-key-file go together: name both or none');
  if (tlsCertFile === undefined && tlsCaCertFile !== undefined)
    throw new CliError(2, '--tls-ca-cert-file needs --tls-cert-file and --tls-private-key-file');
  const profile = await profileOptions(options);
  const configured = await readConfigOptions(options, notice);
  const sockets = (options.unix ?? []).map((path): Place => ({ kind: 'unix', path, mode: options.unixMode }));
  const addresses = options.addr ?? (sockets.length > 0 ? [] : ['127.0.0.1:8181']);
  return {
    policies: [...(profile?.policies ?? []), ...(options.policy ?? [])],
    ...(profile?.documents ? { documents: profile.documents } : {}),
    data: options.data ?? [],
    places: [...addresses.map((text): Place => ({ kind: 'tcp', address: parseAddress(text) })), ...sockets],
    ...(tlsCertFile === undefined || tlsPrivateKeyFile === undefined
      ? {}
      : {
          tls: {
            cert: tlsCertFile,
            key: tlsPrivateKeyFile,
            minVersion: options.minTlsVersion,
            ...(tlsCaCertFile === undefined ? {} : { ca: tlsCaCertFile }),
          },
        }),
    authentication: options.authentication,
    authorization: options.authorization,
    isV0: options.v0Compatible === true,
    watch: options.watch === true,
    readOnly: options.readOnly === true,
    decisionIds: options.decisionId === true,
    limits: {
      ...defaultLimits,
      ...(options.maxBodyBytes === undefined ? {} : { maxBytes: options.maxBodyBytes }),
      ...(options.maxGunzippedBytes === undefined ? {} : { maxGunzippedBytes: options.maxGunzippedBytes }),
      ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
    },
    version: readVersion(),
    host: nodeHost(),
    ...decisionOptions(withEngine(options, configured.config?.engine), profile?.mode),
    onNotice: notice,
    // Lines of JSON for a program to read: escaped already, and not mixed with the line that says that it is ready.
    onConsole: (line) => process.stderr.write(`${line}\n`),
    ...configured,
  };
}

function octal(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text))
    throw new InvalidArgumentError('It must be three octal digits, for example 660.');
  return Number.parseInt(text, 8);
}

function notice(line: string): void {
  process.stderr.write(
    `chaperone: ${line
      .split('\n')
      .map((one) => escapeForTerminal(one))
      .join('\n')}\n`,
  );
}
