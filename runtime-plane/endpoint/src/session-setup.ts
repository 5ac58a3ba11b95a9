/** What a session needs to know and to have before it starts. */
import { chmodSync, existsSync, mkdirSync, realpathSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Policy } from '@chaperone/policy';
import type { Mode } from '@chaperone/protocol';
import { Names, type Person } from './context/subject.ts';
import { scopeOf } from './decide/decision-class.ts';
import type { Limits } from './decide/limits.ts';
import { type LoadedPolicy, loadPolicyFiles, type PolicySet } from './decide/load-policy.ts';
import { PolicyFileError } from './decide/policy-file-error.ts';
import { isUnder } from './decide/moved.ts';
import { closedDevices, desktopLimitsOf } from './session-desktop-limits.ts';
import { SessionError } from './enforce/errors.ts';
import { type Floor, parseFloor } from './enforce/floor.ts';
import { type Kernel, KernelError } from './intercept/kernel.ts';
import type { Machine } from './intercept/syscalls.ts';
import { carriedOut } from './obligations/carry-out.ts';
import { createDenials } from './record/index.ts';

const installation = fileURLToPath(new URL('../../..', import.meta.url));

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

/**
 * Throws SessionError `policy`, whose message names file, line and column.
 *
 * @param knownObligations that somebody carries out
 */
export function policyOf(
  { locations, ...rest }: PolicySet,
  knownObligations: ReadonlySet<string> | 'all' = carriedOut,
): LoadedPolicy {
  try {
    return loadPolicyFiles(locations, {
      ...rest,
      ...(knownObligations === 'all' ? {} : { knownObligations }),
    });
  } catch (error) {
    if (error instanceof PolicyFileError) throw new SessionError('policy', error.message, { cause: error });
    throw error;
  }
}

/** Throws SessionError `no_cwd` when it was removed. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new SessionError(
      'no_cwd',
      'the working directory does not exist any more; change to one that does',
      { cause: error },
    );
  }
}

/** A path as the kernel names it, also when its end does not exist yet. */
export function whereItIs(one: string): string {
  const absolute = path.resolve(one);
  try {
    return realpathSync(absolute);
  } catch {
    return absolute === '/'
      ? absolute
      : path.join(whereItIs(path.dirname(absolute)), path.basename(absolute));
  }
}

/** Throws SessionError `bad_floor`. */
export function floorOf(
  policy: Policy,
  person: Person,
  mode: Mode,
  command: readonly string[],
  cwd: string,
  note: (text: string) => void,
): Floor {
  const input = { ...person, home: homedir(), cwd, command: { argv: command }, mode };
  let value: unknown;
  try {
    value = policy.floor(input);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SessionError('bad_floor', `the policy's floor could not be evaluated: ${what}`, {
      cause: error,
    });
  }
  return withSafeStatics(parseFloor(value), policy, { user: person.user, groups: person.groups, mode }, note);
}

/**
 * What is granted statically is opened by the kernel itself, and a raced path may then reach whatever the agent's own
 * Landlock domain lets it read. So a static grant holds only when the policy allows all of it, whoever asks, and when
 * nothing else is readable in that domain: programs must be readable to be started.
 */
function withSafeStatics(
  floor: Floor,
  policy: Policy,
  who: { user: string; groups: readonly string[]; mode: Mode },
  note: (text: string) => void,
): Floor {
  if (floor.nesting === 'mounts') {
    if (floor.static_read.length + floor.static_write.length > 0)
      note('nothing is static, because sandboxes may make mounts, which give files other names');
    return { ...floor, static_read: [], static_write: [] };
  }
  const covered = (one: string, by: readonly string[]): boolean => by.some((base) => isUnder(one, base));
  const allowed = (action: 'read_file' | 'write_file', one: string): boolean => {
    const answer = policy.decideClass({ ...who, action }, one === '/' ? '/' : `${one}/`);
    return (
      answer?.decision.effect === 'allow' &&
      answer.decision.obligations.length === 0 &&
      scopeOf(answer.reads) === 'anyone'
    );
  };
  const read = floor.static_read.filter((one) => isFile(one) || allowed('read_file', one));
  const write = floor.static_write.filter((one) => allowed('read_file', one) && allowed('write_file', one));
  const dropped = [...floor.static_read, ...floor.static_write].filter(
    (one) => !covered(one, [...read, ...write]),
  );
  if (dropped.length > 0)
    note(`not static, because the policy does not allow all of it: ${dropped.join(', ')}`);
  const open = floor.execute.filter(
    (one) => existsSync(one) && !covered(whereItIs(one), [...read, ...write].map(whereItIs)),
  );
  if (open.length === 0) return { ...floor, static_read: read, static_write: write };
  if (read.length + write.length > 0) {
    note(
      `nothing is static, because programs may be started outside of it: ${open.join(', ')}; narrow the floor's execute`,
    );
  }
  return { ...floor, static_read: [], static_write: [] };
}

function isFile(one: string): boolean {
  return statSync(one, { throwIfNoEntry: false })?.isFile() === true;
}

/** What no policy can allow in a session with this floor. Paths as the kernel names them. */
export function limitsOf(
  floor: Floor,
  places: { readonly stateDir: string; readonly journalDir: string; readonly sealed: readonly string[] },
): Limits {
  return {
    closed: [...floor.never, places.stateDir, places.journalDir, ...closedDevices(floor.write)].map(
      whereItIs,
    ),
    sealed: [...places.sealed, installation, process.execPath, ...codeCaches(process.env)].map(whereItIs),
    granted: {
      read: floor.read.map(whereItIs),
      write: floor.write.map(whereItIs),
      execute: floor.execute.map(whereItIs),
    },
    desktop: desktopLimitsOf(floor.desktop),
  };
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

/** What has something in it stays. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Kept for whoever reviews it.
  }
}

/**
 * Where the agent reads what it was refused. None where the floor never grants the state directory, or where the file
 * cannot be made: what an agent is told is a service, and no session fails for it.
 */
export function denialsOf(stateDir: string, session: string, floor: Floor): string | undefined {
  const place = whereItIs(stateDir);
  if (floor.never.map(whereItIs).some((one) => one === '/' || isUnder(place, one))) return undefined;
  try {
    return createDenials(place, session);
  } catch {
    return undefined;
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

const EFBIG = 27;

/** Counts that the gate raises and the loop reads. @param bytes its size */
export function countersFile(kernel: Kernel, bytes: number): number {
  try {
    return kernel.memoryFile(bytes);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== EFBIG) throw error;
    const message = `the file size limit is below the ${bytes / 1024} KiB that a session needs; raise it (ulimit -f)`;
    throw new SessionError('launch_failed', message, { cause: error });
  }
}

/**
 * Folders of compiled code that this program takes without looking at a later start, outside of any session. Those that
 * another start would take, with other variables set, are among them.
 */
export function codeCaches(env: NodeJS.ProcessEnv): string[] {
  const used = getCompileCacheDir();
  const bases = [env['XDG_CACHE_HOME'], path.join(homedir(), '.cache')];
  return [
    ...bases.flatMap((base) => (base ? [path.join(base, 'chaperone')] : [])),
    ...(used ? [path.dirname(used)] : []),
  ];
}

/** For a thread: the compiled code that this one keeps, where it keeps any. */
export function cachedCode(): { env?: NodeJS.ProcessEnv } {
  const folder = getCompileCacheDir();
  // Node adds a folder of its version to what it is given.
  return folder ? { env: { ...process.env, NODE_COMPILE_CACHE: path.dirname(folder) } } : {};
}
