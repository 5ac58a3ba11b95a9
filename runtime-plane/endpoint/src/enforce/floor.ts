/**
 * The floor of a session: what could ever be granted, installed in the kernel before the agent's first instruction. A
 * policy states it as `data.chaperone.access.floor`; a field that it leaves out keeps the default below.
 */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type DesktopGrants, noDesktop, parseDesktop } from './desktop/grants.ts';
import { SessionError } from './errors.ts';

export type Isolation = 'process' | 'namespace';
export type Nesting = 'none' | 'userns' | 'mounts';

export type Floor = {
  /** Paths below which anything could ever be read, changed, run. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly execute: readonly string[];
  /** Neither, whatever policy says; absent or masked where the session has its own mounts. */
  readonly never: readonly string[];
  /** Granted to the agent itself, without a question for each open: must be allowed by policy as a whole. */
  readonly static_read: readonly string[];
  readonly static_write: readonly string[];
  /** Folders whose changes land in a layer of the session, and are let out of it one by one. */
  readonly quarantine: readonly string[];
  /** What the agent's own sandbox may do. */
  readonly nesting: Nesting;
  /** Unix datagram sockets may be asked for. */
  readonly unix_datagram: boolean;
  /** The weakest isolation that is acceptable. */
  readonly isolation: Isolation;
  /** What of the desktop could ever be reached. */
  readonly desktop: DesktopGrants;
};

const defaults: Floor = {
  read: ['/'],
  write: ['/'],
  execute: ['/'],
  never: [],
  static_read: [],
  static_write: [],
  quarantine: [],
  nesting: 'none',
  unix_datagram: false,
  isolation: 'process',
  desktop: noDesktop,
};

/** @param value what the policy answered; undefined when it has no floor. Throws SessionError `bad_floor`. */
export function parseFloor(value: unknown): Floor {
  if (value === undefined) return defaults;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('it must be an object');
  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name))
      throw bad(`unknown field ${JSON.stringify(name)}; known are ${Object.keys(defaults).join(', ')}`);
  }
  const choice = <T extends string>(name: keyof Floor, allowed: readonly T[]): T => {
    const chosen = valueOf(name, given);
    const found = allowed.find((one) => one === chosen);
    if (found === undefined) throw bad(`${name} must be one of ${allowed.join(', ')}`);
    return found;
  };
  const datagram = valueOf('unix_datagram', given);
  if (typeof datagram !== 'boolean') throw bad('unix_datagram must be true or false');
  return {
    read: paths('read', given),
    write: paths('write', given),
    execute: paths('execute', given),
    never: paths('never', given),
    static_read: paths('static_read', given),
    static_write: paths('static_write', given),
    quarantine: paths('quarantine', given),
    nesting: choice('nesting', ['none', 'userns', 'mounts']),
    unix_datagram: datagram,
    isolation: choice('isolation', ['process', 'namespace']),
    desktop: parseDesktop(valueOf('desktop', given), bad),
  };
}

/** The weakest isolation in which the floor can be had: a layer needs mounts of the session's own. */
export function demandedBy({ isolation, quarantine }: Floor): Isolation {
  return quarantine.length > 0 ? 'namespace' : isolation;
}

/** Only what is absent takes the default: null is a mistake that must not grant. */
function valueOf(name: keyof Floor, given: Record<string, unknown>): unknown {
  return Object.hasOwn(given, name) ? given[name] : defaults[name];
}

function paths(
  name: 'read' | 'write' | 'execute' | 'never' | 'static_read' | 'static_write' | 'quarantine',
  given: Record<string, unknown>,
): string[] {
  const value = valueOf(name, given);
  if (!Array.isArray(value)) throw bad(`${name} must be a list of absolute paths`);
  return value.map((item: unknown) => {
    if (typeof item !== 'string' || !path.isAbsolute(item) || item.includes('\0'))
      throw bad(`${name} holds ${JSON.stringify(item)}, which is no absolute path`);
    const normal = path.normalize(item);
    return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
  });
}

function bad(what: string): SessionError {
  return new SessionError(
    'bad_floor',
    `the policy's floor (data.chaperone.access.floor) is not usable: ${what}`,
  );
}

export const right = { read: 1, write: 2, execute: 4, ioctl: 8 } as const;
/** 1: the gate's own Landlock domain, 2: the agent's. */
export type Rule = { readonly level: 1 | 2; readonly rights: number; readonly path: string };

const isUnder = (one: string, base: string): boolean =>
  base === '/' || one === base || one.startsWith(`${base}/`);

/**
 * A Landlock rule can only grant. What is never granted below a granted folder is left out by granting the folder's other
 * entries instead, level by level; so in such a folder itself nothing new can be made.
 */
function without(base: string, never: readonly string[]): string[] {
  const inside = never.filter((one) => isUnder(one, base));
  if (inside.length === 0) return never.some((one) => isUnder(base, one)) ? [] : [base];
  if (inside.includes(base)) return [];
  try {
    // A link would grant what it leads to.
    const entries = readdirSync(base, { withFileTypes: true }).filter((entry) => !entry.isSymbolicLink());
    return entries.flatMap(({ name }) => without(path.join(base, name), never));
  } catch {
    return [];
  }
}

/** What every program needs and nobody is harmed by. */
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts', 'shm'].map(
  (name) => `/dev/${name}`,
);

/** Folders that nested sandboxes get as file systems of their own; in memory, gone with the session. */
export const privateFolders: readonly string[] = Array.from(
  { length: 128 },
  (_, index) => `/dev/shm/.chaperone/${index}`,
);

/** Kernel interfaces that change the machine and not a file; a root user without capabilities could still write them. */
const kernelFolders = ['/proc', '/sys'];

/** @param shown a folder that the gate may read for the agent though the floor does not name it */
export function landlockRules(floor: Floor, isolation: Isolation, shown?: string): Rule[] {
  const never = isolation === 'process' ? floor.never.flatMap(real) : [];
  const rule = (level: 1 | 2, rights: number, list: readonly string[], except: readonly string[]): Rule[] =>
    list
      .flatMap((base) => without(real(base)[0] ?? base, except))
      .map((one) => ({ level, rights, path: one }));
  // A process's own entries in /proc; without mounts of its own a root user could reach the machine's through it.
  const procIsSafe = isolation === 'namespace' || process.getuid?.() !== 0;
  // A nested sandbox writes its user map there, so a narrow floor may name it.
  const writesProc = floor.write.includes('/') || floor.write.includes('/proc');
  const ownProc: Rule[] = procIsSafe && writesProc ? [{ level: 1, rights: right.write, path: '/proc' }] : [];
  // Nothing may be executed there that the floor does not let be executed everywhere.
  const run = floor.execute.includes('/') && never.length === 0 ? right.execute : 0;
  const own: Rule[] =
    floor.nesting !== 'mounts'
      ? []
      : privateFolders.flatMap((one): Rule[] => [
          { level: 1, rights: right.read | right.write | right.ioctl | run, path: one },
          ...(run === 0 ? [] : [{ level: 2, rights: right.read | run, path: one } as const]),
        ]);
  return [
    ...own,
    ...devices.map((one): Rule => ({ level: 1, rights: right.read | right.write, path: one })),
    ...rule(1, right.read, floor.read, never),
    ...(shown === undefined ? [] : [{ level: 1, rights: right.read, path: shown } as const]),
    ...rule(1, right.write, floor.write, [...never, ...kernelFolders]),
    ...ownProc,
    ...rule(1, right.execute, floor.execute, never),
    { level: 1, rights: right.ioctl, path: '/' },
    // To start a program the kernel opens it for reading in the agent's own domain.
    ...rule(2, right.execute | right.read, floor.execute, never),
    ...rule(2, right.read, floor.static_read, never),
    ...rule(2, right.write | right.read, floor.static_write, never),
  ];
}

function real(one: string): string[] {
  try {
    return [realpathSync(one)];
  } catch {
    return existsSync(path.dirname(one)) ? [one] : [];
  }
}

/**
 * bubblewrap arguments for the session's own mounts.
 *
 * @param emptyFile has mode 0
 * @param shown a folder within what is closed that can be read all the same
 * @param over files that lie over others, read-only
 */
export function mountArguments(
  floor: Floor,
  closed: readonly string[],
  emptyFile: string,
  shown?: string,
  over: readonly { readonly source: string; readonly target: string }[] = [],
): string[] {
  const whole = floor.write.includes('/');
  const args = [whole ? '--bind' : '--ro-bind', '/', '/'];
  if (!whole) for (const one of floor.write.filter((each) => existsSync(each))) args.push('--bind', one, one);
  args.push('--dev-bind', '/dev', '/dev', '--perms', '1777', '--tmpfs', '/dev/shm', '--proc', '/proc');
  if (floor.nesting === 'mounts') {
    args.push('--perms', '0755', '--tmpfs', '/dev/shm/.chaperone');
    for (const one of privateFolders) args.push('--perms', '0700', '--dir', one);
  }
  for (const one of [...floor.never, ...closed].flatMap(real)) {
    const stat = statSync(one, { throwIfNoEntry: false });
    if (!stat) continue;
    const onTheWay = shown !== undefined && isUnder(shown, one);
    if (stat.isDirectory()) args.push('--perms', onTheWay ? '0111' : '0000', '--tmpfs', one);
    else args.push('--ro-bind', emptyFile, one);
  }
  if (shown !== undefined) args.push('--ro-bind', shown, shown);
  for (const { source, target } of over) args.push('--ro-bind', source, target);
  return args;
}
