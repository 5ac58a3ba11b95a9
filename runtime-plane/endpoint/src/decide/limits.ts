/**
 * What no policy can allow: the kernel's floor, put into words before the policy is asked, so that a refusal has a record.
 */
import type { ActionName } from '@chaperone/protocol';
import { isUnder } from './moved.ts';

export type Limits = {
  /** Neither read nor changed: the journal, the keys, and what the floor never grants. */
  readonly closed: readonly string[];
  /** May be read, never changed: the policy in force, this program and its Node. */
  readonly sealed: readonly string[];
  /** Below which anything could ever be read, changed, run. */
  readonly granted: { readonly [kind in 'read' | 'write' | 'execute']: readonly string[] };
};

export type LimitedAct = {
  readonly name: ActionName;
  readonly kind?: string;
  readonly path?: { readonly path: string };
  readonly target?: { readonly path: string };
};

const changes: ReadonlySet<string> = new Set(['write_file', 'create_file', 'delete_file', 'rename_file']);

export function isBeyond(act: LimitedAct, limits: Limits): boolean {
  const paths = [act.path, act.target].flatMap((one) => (one ? [one.path] : []));
  return (
    paths.some((one) => isShut(act, one, limits)) ||
    (paths[0] !== undefined && !isGranted(act.name, paths[0], limits))
  );
}

/** A link to or a folder moved over what is closed would bring it into being; one moved away would take it along. */
function isShut({ name, kind }: LimitedAct, path: string, { closed, sealed }: Limits): boolean {
  const kept = changes.has(name) ? [...closed, ...sealed] : closed;
  const inTheWay = name === 'rename_file' || (kind === 'symlink' && changes.has(name));
  return kept.some((one) => isUnder(path, one) || (inTheWay && isUnder(one, path)));
}

function isGranted(name: ActionName, path: string, { granted }: Limits): boolean {
  const kind =
    name === 'execute' ? 'execute' : name === 'read_file' ? 'read' : changes.has(name) ? 'write' : undefined;
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
