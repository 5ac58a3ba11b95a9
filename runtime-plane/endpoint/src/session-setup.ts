/** What a session needs to know and to have before it starts. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { Mode } from '@chaperone/protocol';
import { Names, type Person } from './context/subject.ts';
import { loadPolicyFiles, PolicyFileError } from './decide/load-policy.ts';
import { SessionError } from './enforce/errors.ts';
import { type Floor, parseFloor } from './enforce/floor.ts';
import type { Machine } from './intercept/syscalls.ts';
import { carriedOut } from './obligations/carry-out.ts';

export function machineOf(): Machine {
  if (process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64'))
    return process.arch;
  const here = `${process.platform} on ${process.arch}`;
  throw new SessionError('platform', `chaperone run needs Linux on x86-64 or arm64; this is ${here}`);
}

export function personOf(): Person {
  const names = new Names('/etc/group');
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    user = String(process.getuid?.() ?? '');
  }
  return { user, groups: (process.getgroups?.() ?? []).map((group) => names.of(group)) };
}

/** Throws SessionError `policy`, whose message names file, line and column. */
export function policyOf(location: string, entrypoint: string | undefined): Policy {
  try {
    return loadPolicyFiles(location, { ...(entrypoint ? { entrypoint } : {}), knownObligations: carriedOut });
  } catch (error) {
    if (error instanceof PolicyFileError) throw new SessionError('policy', error.message, { cause: error });
    throw error;
  }
}

export function floorOf(policy: Policy, person: Person, mode: Mode, command: readonly string[]): Floor {
  const input = { ...person, home: homedir(), cwd: process.cwd(), command: { argv: command }, mode };
  let value: unknown;
  try {
    value = policy.floor(input);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SessionError('bad_floor', `the policy's floor could not be evaluated: ${what}`, {
      cause: error,
    });
  }
  return parseFloor(value);
}

export function prepareFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      const message = `cannot make the folder ${folder}: ${what}; name another with --journal`;
      throw new SessionError('journal', message, { cause: error });
    }
  }
}

/** A file that nobody may read: what a masked file looks like from inside. */
export function maskFile(stateDir: string): string {
  const file = path.join(stateDir, 'masked');
  if (!existsSync(file)) {
    writeFileSync(file, '');
    chmodSync(file, 0);
  }
  return file;
}
