/** chaperone scan: what is in files and trees, for people and for CI. */
import { once } from 'node:events';
import type { FileReport } from '@chaperone/endpoint/scan';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { Command, Option } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { progressLine } from '../../progress.ts';
import { readVersion } from '../../version.ts';
import { styleOf } from '../journal/table.ts';
import { walk } from './files.ts';
import { Sarif } from './sarif.ts';
import { reportLines } from './table.ts';

type ScanOptions = {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly minConfidence: string;
  readonly class: readonly string[];
  readonly exclude: readonly string[];
  readonly policy?: string;
  readonly failOn: readonly string[];
  readonly fingerprint?: boolean;
  readonly exactData?: boolean;
};

export function defineScan(): Command {
  const list = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
  return new Command('scan')
    .description(
      'Says what is in files: classes, labels, and what could not be read. No value is printed.\n\nExit code 0: done. 1: something was found that --fail-on names. 2: wrong usage, or a file that could not be read.',
    )
    .argument('<path...>', 'files and folders; no link is followed')
    .option('--json', 'one JSON object for each file, one per line')
    .option('--sarif', 'one SARIF 2.1.0 document')
    .addOption(
      new Option('--min-confidence <band>', 'what is less sure is left out')
        .choices(['65', '75', '85'])
        .default('65'),
    )
    .option('--class <name>', 'only this class and what is below it; repeat it', list, [])
    .option(
      '--exclude <pattern>',
      'leave out what matches, such as node_modules or *.log; repeat it',
      list,
      [],
    )
    .option(
      '--policy <path>',
      "take names, order and folders of labels, and what does not count, from a policy's data",
    )
    .option(
      '--fail-on <class>',
      'exit with 1 when this class, or one below it, is found; repeat it',
      list,
      [],
    )
    .option(
      '--fingerprint',
      'print data for a policy that finds excerpts of these documents again; --class names the class',
    )
    .option(
      '--exact-data',
      'print data for a policy that finds values of these CSV files again; --class names the class',
    )
    .addHelpText(
      'after',
      examples(
        'chaperone scan ~/Documents',
        'chaperone scan --json --class pii . > found.jsonl',
        'chaperone scan --sarif --fail-on credential --exclude .git . > scan.sarif     (in CI)',
        'chaperone scan --exact-data --class custom.customers customers.csv > policy/data.json',
      ),
    )
    .action(async (paths: string[], options: ScanOptions) => {
      process.exitCode = await scan(paths, options);
    });
}

async function scan(paths: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const forms = [options.json, options.sarif, options.fingerprint, options.exactData].filter(Boolean);
  if (forms.length > 1)
    throw new CliError(2, 'choose one of --json, --sarif, --fingerprint and --exact-data');
  if (options.fingerprint || options.exactData) return customData(paths, options);
  const { contentRulesOf, noContentRules, scanFiles } = await import('@chaperone/endpoint/scan');
  const rules = options.policy === undefined ? noContentRules : await contentRulesOf(options.policy);
  const { files, unlisted } = walk(paths, options.exclude);
  const { width } = styleOf(process.stdout, process.env);
  const sarif = options.sarif ? new Sarif(process.cwd()) : undefined;
  const seen = { files: 0, bytes: 0, with: 0, unread: 0, failing: 0 };
  using progress = progressLine(process.stderr, process.env, () => performance.now());
  await scanFiles(files, rules, (whole) => {
    const one = narrowed(whole, options);
    seen.files += 1;
    if (one.ok) {
      seen.bytes += one.bytes;
      seen.with += one.findings.some((found) => !isUnread(found.class)) ? 1 : 0;
      seen.failing += one.findings.some((found) => isOneOf(found.class, options.failOn)) ? 1 : 0;
    } else seen.unread += 1;
    progress.say(`${seen.files} files, ${megabytes(seen.bytes)} MB, something found in ${seen.with}`);
    if (sarif) sarif.add(one);
    else print(options.json ? [jsonForTerminal(jsonOf(one))] : reportLines(one, width), progress);
  });
  progress.clear();
  if (sarif) {
    const isComplete = seen.unread === 0 && unlisted.length === 0;
    print([JSON.stringify(sarif.document(readVersion(), isComplete), null, 2)]);
  } else if (!options.json) print([summary(seen)]);
  for (const folder of unlisted)
    process.stderr.write(`chaperone: ${escapeForTerminal(folder)} could not be listed\n`);
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  if (seen.failing > 0) return 1;
  return seen.unread > 0 || unlisted.length > 0 ? 2 : 0;
}

/** Class of what a policy's own data finds, where none is given. */
const ownClass = 'custom.own';

async function customData(paths: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const { CustomDataError, exactData, fingerprintData } = await import('@chaperone/endpoint/custom-data');
  const [name = ownClass, ...more] = options.class;
  if (more.length > 0 || !/^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/.test(name))
    throw new CliError(2, '--class must be one class here: dotted lower-case words such as custom.customers');
  const files = [...walk(paths, options.exclude).files];
  if (files.length === 0) throw new CliError(2, 'there is no file in it');
  try {
    const made = options.exactData ? exactData(files, name) : fingerprintData(files, name);
    print([JSON.stringify(made, null, 2)]);
  } catch (error) {
    if (!(error instanceof CustomDataError)) throw error;
    throw new CliError(2, error.message);
  }
  return 0;
}

function print(lines: readonly string[], progress?: { clear(): void }): void {
  if (lines.length === 0) return;
  progress?.clear();
  process.stdout.write(`${lines.join('\n')}\n`);
}

function summary(seen: {
  readonly files: number;
  readonly bytes: number;
  readonly with: number;
  readonly unread: number;
}): string {
  const unread = seen.unread === 0 ? '' : `; ${seen.unread} could not be read`;
  return `${seen.files} files, ${megabytes(seen.bytes)} MB: something found in ${seen.with}${unread}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** With what was asked for; what could not be read is always told. */
function narrowed(one: FileReport, { class: classes, minConfidence }: ScanOptions): FileReport {
  if (!one.ok) return one;
  const isWanted = (found: { readonly class: string; readonly confidence: number }): boolean =>
    isUnread(found.class) ||
    (found.confidence >= Number(minConfidence) && (classes.length === 0 || isOneOf(found.class, classes)));
  return { ...one, findings: one.findings.filter(isWanted), found: one.found.filter(isWanted) };
}

function jsonOf(one: FileReport): unknown {
  if (!one.ok) return { path: one.path, unreadable: one.why };
  const { path, type, bytes, labels, findings, found, problemsAt, complete } = one;
  return { path, type, bytes, complete, labels, findings, places: found, problems: problemsAt };
}

function isUnread(name: string): boolean {
  return name.startsWith('unread.');
}

function isOneOf(name: string, classes: readonly string[]): boolean {
  return classes.some((one) => name === one || name.startsWith(`${one}.`));
}
