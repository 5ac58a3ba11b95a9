/** chaperone pdp: the options of decisions that are made as acts of enforcement points. */
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { defaultStateDir } from '@chaperone/endpoint/record';
import type { DecisionOptions, PdpOptions } from '@chaperone/pdp';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../errors.ts';

export type DecisionFlags = {
  readonly profile?: string;
  readonly set?: readonly string[];

  /** False: `--no-journal`. */
  readonly journal?: string | false;
  readonly mode?: 'audit' | 'enforce';
  readonly pepKeys?: string;
  readonly signatureWindow?: number;
  readonly engine?: 'own' | 'opa';
  readonly engineUrl?: string;
  readonly engineTimeout?: number;
};

const defaultWindowSeconds = 60;
const defaultTimeoutMs = 1000;

export function addDecisionOptions(command: Command): Command {
  const journal = path.join(defaultStateDir(process.env, homedir()), 'journal');
  return command
    .option('--profile <name>', 'the policy of this profile, with its settings')
    .addOption(
      new Option('--set <name=value>', 'a setting of the profile; may be repeated').argParser(
        (one: string, before: readonly string[] | undefined) => [...(before ?? []), one],
      ),
    )
    .option(
      '-j, --journal <folder>',
      `where decisions are recorded (default: ${journal}, once a policy has a rule that answers)`,
    )
    .option('--no-journal', 'record nothing, and answer every question as the Open Policy Agent does')
    .addOption(
      new Option('--mode <mode>', 'audit: what would be denied is recorded and goes on').choices([
        'audit',
        'enforce',
      ]),
    )
    .option('--pep-keys <file>', 'keys of enforcement points; then their requests must be signed')
    .addOption(
      new Option(
        '--signature-window <seconds>',
        `how old a signature may be (default: ${defaultWindowSeconds})`,
      ).argParser((text) => between(text, 1, 3600)),
    )
    .addOption(new Option('--engine <engine>', 'who decides').choices(['own', 'opa']))
    .option('--engine-url <url>', 'with --engine opa: its address')
    .addOption(
      new Option(
        '--engine-timeout <ms>',
        `with --engine opa: when it is too late (default: ${defaultTimeoutMs})`,
      ).argParser((text) => between(text, 1, 600_000)),
    );
}

/** What the configuration says about the engine, unless options do. */
export function withEngine(
  flags: DecisionFlags,
  configured: { readonly url: string; readonly deadlineMs?: number } | undefined,
): DecisionFlags {
  if (configured === undefined || flags.engine !== undefined) return flags;
  const { url, deadlineMs } = configured;
  return {
    engineTimeout: deadlineMs ?? defaultTimeoutMs,
    ...flags,
    engine: 'opa',
    engineUrl: flags.engineUrl ?? url,
  };
}

/** Throws CliError. */
export function decisionOptions(
  flags: DecisionFlags,
  modeOfProfile?: 'audit' | 'enforce',
): { decisions?: DecisionOptions } {
  const { journal, mode, pepKeys, signatureWindow, engine, engineUrl, engineTimeout } = flags;
  if ((engine === 'opa') !== (engineUrl !== undefined))
    throw new CliError(2, '--engine opa and --engine-url go together: name both or none');
  if (engineTimeout !== undefined && engineUrl === undefined)
    throw new CliError(2, '--engine-timeout needs --engine opa');
  if (signatureWindow !== undefined && pepKeys === undefined)
    throw new CliError(2, '--signature-window needs --pep-keys');
  const isAsked = mode !== undefined || pepKeys !== undefined || engineUrl !== undefined;
  if (journal === false) {
    if (isAsked)
      throw new CliError(
        2,
        '--mode, --pep-keys and --engine are for decisions that are recorded; leave --no-journal out',
      );
    return {};
  }
  const stateDir = defaultStateDir(process.env, homedir());
  return {
    decisions: {
      when: isAsked || journal !== undefined ? 'on' : 'auto',
      journalDir: path.resolve(journal ?? path.join(stateDir, 'journal')),
      stateDir,
      mode: mode ?? modeOfProfile ?? 'enforce',
      argv: ['chaperone', ...process.argv.slice(2)],
      cwd: process.cwd(),
      user: userName(),
      signatureWindowMs: (signatureWindow ?? defaultWindowSeconds) * 1000,
      ...(pepKeys === undefined ? {} : { pepKeys }),
      ...(engineUrl === undefined
        ? {}
        : { engine: { url: engineUrl, deadlineMs: engineTimeout ?? defaultTimeoutMs } }),
    },
  };
}

/** What a profile brings: where its policy is, its settings and facts as `data`, its mode. Rejects with CliError and ProfileError. */
export async function profileOptions({
  profile,
  set,
}: DecisionFlags): Promise<
  { policies: readonly string[]; documents?: PdpOptions['documents']; mode: 'audit' | 'enforce' } | undefined
> {
  if (profile === undefined) {
    if (set !== undefined)
      throw new CliError(2, '--set is for the settings of a profile; name it with --profile');
    return undefined;
  }
  const { chooseVerifiedPolicy } = await import('@chaperone/endpoint/question');
  const who = { user: userName(), cwd: process.cwd(), command: process.execPath };
  const { policy, mode } = await chooseVerifiedPolicy({ profile, ...(set ? { set } : {}) }, who);
  return { policies: policy.locations, mode, ...(policy.data ? { documents: policy.data } : {}) };
}

/** A user without an entry in passwd(5) has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}

function between(text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}
