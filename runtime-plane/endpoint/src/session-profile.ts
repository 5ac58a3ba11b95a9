/** What a session takes from its profile: the policy with its library, the session's facts as data, and who the agent is. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentFacts, Mode } from '@chaperone/protocol';
import { isBundleFile } from './decide/bundle-file.ts';
import type { BundleVerification } from './decide/load-bundle.ts';
import type { PolicySet } from './decide/load-policy.ts';
import type { JsonObject } from './decide/policy-files.ts';
import { PolicyFileError } from './decide/policy-file-error.ts';
import { findProfile, ownProfiles, type Profile, type ProfileHomes } from './decide/profile.ts';
import { applySettings, egressOf, type SettingValue } from './decide/settings.ts';
import { SessionError } from './enforce/errors.ts';
import { gitFolders } from './session-git.ts';
import { whereItIs } from './session-setup.ts';

export type PolicyChoice = {
  /** A folder of Rego files, one file or a bundle; exclusive with `profile`. */
  readonly policy?: string;
  /** Key of a bundle that must be signed. */
  readonly verification?: BundleVerification;
  readonly entrypoint?: string;
  readonly profile?: string;
  /** `name=value` for settings of the profile. */
  readonly set?: readonly string[];
  /** The profile's when absent; without a profile, enforce. */
  readonly mode?: Mode;
};

export type SessionFactsOf = { readonly user: string; readonly cwd: string; readonly command: string };

export type SessionPolicy = {
  readonly policy: PolicySet;
  readonly agent: AgentFacts;
  readonly mode: Mode;
  /** May be read by the agent, never changed: the policy, and where policies of later sessions come from. */
  readonly sealed: readonly string[];
};

const shipped = fileURLToPath(new URL('../../../policies', import.meta.url));

export function profileHomes(): ProfileHomes {
  return { shipped, own: ownProfiles(process.env, homedir()) };
}

/** As `choosePolicy`; opens a bundle, and verifies its signature. Rejects with SessionError `policy`, ProfileError. */
export async function chooseVerifiedPolicy(
  choice: PolicyChoice,
  who: SessionFactsOf,
): Promise<SessionPolicy> {
  const chosen = choosePolicy(choice, who);
  const { policy, verification } = choice;
  if (verification !== undefined && (policy === undefined || !isBundleFile(policy)))
    throw new SessionError('policy', 'a verification key is for bundles; name a signed bundle with --policy');
  return { ...chosen, policy: await openedPolicy(chosen.policy, verification) };
}

/**
 * The policy with what its bundle holds, when it is one that has not been opened. One that was verified before must be the same.
 * Rejects with SessionError `policy`.
 */
export async function openedPolicy(policy: PolicySet, verification?: BundleVerification): Promise<PolicySet> {
  const [only = '', ...others] = policy.locations;
  if (policy.bundle !== undefined || others.length > 0 || !isBundleFile(only)) return policy;
  const { openBundle } = await import('./decide/load-bundle.ts');
  try {
    const { verified } = policy;
    const { bundle, digest } = await openBundle(only, {
      ...(verification === undefined ? {} : { verification }),
      ...(verified === undefined ? {} : { verified }),
    });
    return { ...policy, bundle, ...(verification === undefined ? {} : { verified: digest }) };
  } catch (error) {
    if (error instanceof PolicyFileError) throw new SessionError('policy', error.message, { cause: error });
    throw error;
  }
}

/** Throws SessionError `policy`, ProfileError. */
export function choosePolicy(choice: PolicyChoice, who: SessionFactsOf): SessionPolicy {
  const homes = profileHomes();
  const { policy, entrypoint, profile: asked } = choice;
  const rest = entrypoint ? { entrypoint } : {};
  if (policy !== undefined) {
    const set: PolicySet = { locations: [policy], ...rest };
    const mode = choice.mode ?? 'enforce';
    return { policy: set, agent: { id: 'unprofiled' }, mode, sealed: [policy, homes.own] };
  }
  if (asked === undefined) throw new SessionError('policy', 'a session needs a policy or a profile');
  const profile = findProfile(asked, homes);
  const { id, type, risk, capabilities, folder } = profile;
  return {
    policy: {
      locations: [folder, path.join(shipped, 'lib')],
      data: sessionData(profile, choice.set ?? [], who),
      ...rest,
    },
    agent: { id, type, risk, capabilities },
    mode: choice.mode ?? profile.mode,
    sealed: [folder, homes.own],
  };
}

/** Constant for the whole session, so that answers may be remembered; every path as the kernel names it. */
export function sessionData(
  profile: Profile,
  given: readonly string[],
  { user, cwd, command }: SessionFactsOf,
): NonNullable<PolicySet['data']> {
  const home = whereItIs(homedir());
  const workspace = whereItIs(cwd);
  const settings = applySettings(profile.settings, given, { home, workspace });
  for (const [name, setting] of Object.entries(profile.settings)) if (setting.create) make(settings[name]);
  const isPath = (name: string): boolean => /^paths?$/.test(profile.settings[name]?.type ?? '');
  const places = (value: SettingValue): SettingValue => {
    if (typeof value === 'string') return whereItIs(value);
    return Array.isArray(value) ? value.map((one) => whereItIs(String(one))) : value;
  };
  const known = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, isPath(name) ? places(value) : value]),
  );
  return {
    // Constant, and nothing but what JSON has.
    ...(structuredClone({ settings: known, chaperone: { egress: egressOf(known) } }) as JsonObject),
    session: {
      home,
      workspace,
      user,
      tmp: whereItIs(tmpdir()),
      git: gitFolders(workspace),
      program: programOf(command, cwd),
    },
  };
}

/** The file behind the command, found as execvp(3) finds it; the command's own name when there is none. */
function programOf(command: string, cwd: string): string {
  const folders = command.includes('/') ? [cwd] : (process.env['PATH'] ?? '').split(':');
  const found = folders.map((folder) => path.resolve(folder || cwd, command)).find(isProgram);
  return found === undefined ? path.resolve(cwd, command) : whereItIs(found);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Where that is not possible the policy meets a folder that is not there, and the agent hears so itself. */
function make(value: SettingValue | undefined): void {
  for (const folder of [value].flat()) {
    if (typeof folder !== 'string') continue;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch {
      continue;
    }
  }
}
