/** chaperone policy inspect: what is in a bundle or folder. */
import { type Bundle, parseBundle, statedSignature, verifyFiles } from '@chaperone/policy/bundle';
import { PolicyError } from '@chaperone/policy';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { type InspectedAnnotation, inspectAnnotations, RegoErrors } from '@chaperone/rego';
import { authorHost } from './author-host.ts';
import { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { addVerificationOptions, type VerificationOptions, verificationOf } from '../../policy-options.ts';
import { asCliErrors, readBundleFiles } from './bundle-files.ts';
import { addFormat } from './format-option.ts';

type InspectOptions = VerificationOptions & {
  readonly annotations?: boolean;
  readonly format: 'text' | 'json';
};

export function defineInspect(): Command {
  const command = new Command('inspect')
    .summary('show what a bundle or a folder holds')
    .description(
      'Shows what a bundle or a folder holds: revision, roots, packages, rules, data, signature. Without a key a signature is shown, not verified.',
    )
    .argument('<path>', 'a bundle or a folder')
    .option('-a, --annotations', 'also what METADATA comments say');
  addFormat(command, ['text', 'json'], 'for a person, or a program: one object');
  return addVerificationOptions(command)
    .addHelpText(
      'after',
      examples(
        'chaperone policy inspect bundle.tar.gz',
        'chaperone policy inspect -a ./policy',
        'chaperone policy inspect bundle.tar.gz --verification-key key.pub --json',
      ),
    )
    .action(async (where: string, options: InspectOptions) => {
      const report = await inspect(where, options);
      process.stdout.write(
        options.format === 'json' ? `${jsonForTerminal(report)}\n` : `${describe(report).join('\n')}\n`,
      );
    });
}

type Report = Awaited<ReturnType<typeof inspect>>;

/** Rejects with CliError. */
async function inspect(where: string, options: InspectOptions) {
  const verification = verificationOf(options);
  const files = await readBundleFiles([where]);
  if (files.length === 0) throw new CliError(2, `${where} holds no .rego and no data file`);
  return asCliErrors(where, async () => {
    if (verification) await verifyFiles(files, { keys: { default: verification }, keyId: 'default' });
    const bundle = parseBundle(files);
    const { revision, roots, regoVersion, metadata } = bundle.manifest;
    const signature = statedSignature(files);
    return {
      revision,
      roots,
      ...(regoVersion === undefined ? {} : { rego_version: regoVersion }),
      metadata,
      packages: packagesOf(bundle),
      data: Object.keys(bundle.data).toSorted(),
      ...(options.annotations === true ? { annotations: annotationsOf(bundle) } : {}),
      ...(signature ? { signature: { ...signature, verified: verification !== undefined } } : {}),
      files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length })),
    };
  });
}

type PackageReport = {
  readonly package: string;
  readonly files: readonly string[];
  readonly rules: readonly { readonly name: string; readonly kind: string; readonly at: string }[];
};

function packagesOf({ modules }: Bundle): PackageReport[] {
  const groups = Map.groupBy(modules, ({ outline }) => outline.package.join('.'));
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => ({
      package: name,
      files: all.map(({ file, dialect }) => (dialect === 'v0' ? `${file} (v0)` : file)),
      rules: all.flatMap(({ file, outline }) => {
        const rules = new Map(outline.rules.toReversed().map((rule) => [rule.name.join('.'), rule] as const));
        return [...rules]
          .toReversed()
          .map(([rule, { kind, row }]) => ({ name: rule, kind, at: `${file}:${row}` }));
      }),
    }));
}

type AnnotationReport = {
  readonly annotations: InspectedAnnotation['annotations'];
  readonly location: InspectedAnnotation['location'];
  /** As a reference from `data` on. */
  readonly path: string;
};

/** Throws PolicyError when a comment is not valid. */
function annotationsOf({ modules }: Bundle): AnnotationReport[] {
  const yaml = authorHost().yaml?.();
  if (yaml === undefined) throw new Error('no YAML');
  try {
    return inspectAnnotations(modules, yaml).map(({ path, ...rest }) => ({ ...rest, path: path.join('.') }));
  } catch (error) {
    throw error instanceof RegoErrors ? new PolicyError('refused', error.errors, { cause: error }) : error;
  }
}

/** One line for what each comment is about, then one for each of its fields. */
function annotationLines(found: readonly AnnotationReport[]): string[] {
  return found.flatMap(({ annotations, location, path }) => {
    const { scope, ...fields } = annotations;
    return [
      '',
      escapeForTerminal(
        `${path}  (${typeof scope === 'string' ? scope : 'rule'}, ${location.file}:${location.row})`,
      ),
      ...Object.entries(fields).map(([name, value]) =>
        escapeForTerminal(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
      ),
    ];
  });
}

function describe(report: Report): string[] {
  const { revision, roots, packages, data, signature, files, annotations } = report;
  const row = (name: string, value: string): string => `${name.padEnd(11)}${escapeForTerminal(value)}`;
  const signed = signature
    ? `${signature.algorithm}, key ${signature.keyId ?? 'unnamed'}, ${signature.scope === undefined ? '' : `scope ${signature.scope}, `}${signature.files} files, ${signature.verified ? 'verified' : 'NOT VERIFIED: name the key with --verification-key'}`
    : 'none';
  return [
    row('revision', revision === '' ? 'none' : revision),
    row('roots', roots.map((root) => (root === '' ? 'all of data' : root)).join(', ')),
    row('signature', signed),
    row('data', data.length === 0 ? 'none' : data.join(', ')),
    row('files', `${files.length}, ${files.reduce((sum, { bytes }) => sum + bytes, 0)} bytes`),
    ...packages.flatMap((one) => [
      '',
      row('package', one.package),
      ...one.rules.map(
        ({ name, kind, at }) => `  ${escapeForTerminal(`${name.padEnd(24)} ${kind.padEnd(9)} ${at}`)}`,
      ),
    ]),
    ...(annotations === undefined ? [] : annotationLines(annotations)),
  ];
}
