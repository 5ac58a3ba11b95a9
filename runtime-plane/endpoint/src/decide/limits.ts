/**
 * What no policy can allow: the kernel's floor, put into words before the policy is asked, so that a refusal has a record.
 */
import type { ActionName, Allow } from '@chaperone/protocol';
import { isUnder } from './moved.ts';

export type Limits = {
  /** Neither read nor changed: the journal, the keys, and what the floor never grants. */
  readonly closed: readonly string[];
  /** May be read, never changed: the policy in force, this program and its Node. */
  readonly sealed: readonly string[];
  /** Below which anything could ever be read, changed, run. */
  readonly granted: { readonly [kind in 'read' | 'write' | 'execute']: readonly string[] };
  /** The one file in what is closed that the session may read: its own denials. */
  readonly denials?: string;
  /** The one folder of that kind: authorities that its programs are to trust. */
  readonly trust?: string;
  /** Absent: nothing of the desktop. */
  readonly desktop?: DesktopLimits;
};

export type DesktopLimits = {
  /** By operation of an `ipc_connect`: the sockets that may be reached, or any. */
  readonly reachable: Readonly<Record<string, 'any' | readonly string[]>>;
  /** Operations of a `use_clipboard`. */
  readonly clipboard: readonly string[];
  /** TCP ports of the person's display and buses. */
  readonly ports: readonly number[];
  /** Abstract names are those of the session's own network namespace: none of them leads out. */
  readonly ownAbstract: boolean;
};

export type LimitedAct = {
  readonly name: ActionName;
  readonly operation?: string;
  readonly destination?: { readonly port?: number };
  readonly kind?: string;
  readonly path?: { readonly path: string; readonly path_bytes?: string };
  readonly target?: { readonly path: string };
  readonly argvTooLong?: true;
  readonly labelChange?: 'changed' | 'removed';
};

const changes: ReadonlySet<string> = new Set(['write_file', 'create_file', 'delete_file', 'rename_file']);

/** Reading what was made for the session needs no rule; anything else about it is beyond every policy. */
export function isOwn({ name, path }: LimitedAct, { denials, trust }: Limits): boolean {
  if (name !== 'read_file' || path === undefined || path.path_bytes !== undefined) return false;
  return path.path === denials || (trust !== undefined && isUnder(path.path, trust));
}

export function own(revision: string): Allow {
  const message = 'A session may read its own denials, and the authorities that it is to trust.';
  return { effect: 'allow', reason: 'floor', message, obligations: [], rules: [], revision };
}

/** The limit that an act runs into. */
export type Limit = {
  readonly kind: 'closed' | 'sealed' | 'not_granted' | 'desktop';
  /** The path of the act that it is about; for `desktop` the operation where there is none. */
  readonly path: string;
  /** What is closed or sealed; where it could have been granted; the service of the desktop. */
  readonly by: readonly string[];
};

export function isBeyond(act: LimitedAct, limits: Limits): boolean {
  return limitOf(act, limits) !== undefined;
}

/** @returns undefined when the policy is to be asked */
export function limitOf(act: LimitedAct, limits: Limits): Limit | undefined {
  const service = offTheDesktop(act, limits.desktop);
  if (service !== undefined) return { kind: 'desktop', path: act.path?.path ?? service, by: [service] };
  const paths = [act.path, act.target].flatMap((one) => (one ? [one.path] : []));
  for (const one of paths) {
    const by = shutBy(act, one, limits);
    if (by !== undefined)
      return { kind: limits.closed.includes(by) ? 'closed' : 'sealed', path: one, by: [by] };
  }
  const [first] = paths;
  if (first === undefined || isGranted(act.name, first, limits)) return undefined;
  return { kind: 'not_granted', path: first, by: limits.granted[grantOf(act.name) ?? 'read'] };
}

/** Services through which a session could act outside of itself, or see what others do. */
const desktopServices: ReadonlySet<string> = new Set([
  'session_bus',
  'system_bus',
  'accessibility',
  'x11',
  'wayland',
]);

/** @returns the service that the act needs and the floor does not grant */
function offTheDesktop(
  { name, operation, path, destination }: LimitedAct,
  desktop?: DesktopLimits,
): string | undefined {
  if (operation === undefined) return undefined;
  if (name === 'use_clipboard') return desktop?.clipboard.includes(operation) ? undefined : 'clipboard';
  if (!desktopServices.has(operation)) return undefined;
  const reachable = desktop?.reachable[operation] ?? [];
  if (reachable === 'any') return undefined;
  if (desktop?.ownAbstract === true && path?.path.startsWith('@') === true) return undefined;
  const isClosed =
    name === 'ipc_connect'
      ? path === undefined || !reachable.includes(path.path)
      : name === 'connect' && (desktop?.ports ?? []).includes(destination?.port ?? 0);
  return isClosed ? operation : undefined;
}

/** A link to or a folder moved over what is closed would bring it into being; one moved away would take it along. */
function shutBy({ name, kind }: LimitedAct, path: string, { closed, sealed }: Limits): string | undefined {
  const kept = changes.has(name) ? [...closed, ...sealed] : closed;
  const inTheWay = name === 'rename_file' || (kind === 'symlink' && changes.has(name));
  return kept.find((one) => isUnder(path, one) || (inTheWay && isUnder(one, path)));
}

function grantOf(name: ActionName): keyof Limits['granted'] | undefined {
  return name === 'execute'
    ? 'execute'
    : name === 'read_file'
      ? 'read'
      : changes.has(name)
        ? 'write'
        : undefined;
}

function isGranted(name: ActionName, path: string, { granted }: Limits): boolean {
  const kind = grantOf(name);
  // Devices that every program needs are granted by the floor itself, see enforce/floor.ts.
  if (!kind || path.startsWith('/dev/')) return true;
  return granted[kind].some((base) => base === '/' || isUnder(path, base));
}

/** May one answer hold for everything below this folder (given with its closing slash)? */
export function mayHoldFor(name: ActionName, under: string, limits: Limits): boolean {
  const folder = under === '/' ? '/' : under.slice(0, -1);
  const kept = changes.has(name) ? [...limits.closed, ...limits.sealed] : limits.closed;
  return isGranted(name, folder, limits) && !kept.some((one) => `${one}/`.startsWith(under));
}
