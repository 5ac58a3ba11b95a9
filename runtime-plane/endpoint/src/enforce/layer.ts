/** Layers of a session: which folders have one, where it lies, and whether it can be had here at all. */
import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  chownSync,
} from 'node:fs';
import path from 'node:path';
import { SessionError } from './errors.ts';
import { tryProgram } from './doctor/try.ts';

/** A real folder and the layer over it; absolute paths as the kernel names them. */
export type LayeredFolder = { readonly folder: string; readonly upper: string; readonly work: string };

/** What the gate is told before it becomes bubblewrap. */
export function layerArguments(layers: readonly LayeredFolder[]): string[] {
  return ['--layers', ...layers.flatMap(({ folder, upper, work }) => [folder, upper, work])];
}

const inside = (one: string, base: string): boolean => one === base || one.startsWith(`${base}/`);

/**
 * The folders that get a layer, outermost only. Throws SessionError `bad_floor` or `no_layer`, with what to do about it.
 *
 * @param place where layers lie
 */
export function quarantinedFolders(
  { quarantine, write }: { readonly quarantine: readonly string[]; readonly write: readonly string[] },
  place: string,
  mountinfo = readFileSync('/proc/self/mountinfo', 'utf8'),
): string[] {
  const real = [...new Set(quarantine.map(realFolder))].toSorted();
  const folders = real.filter((one) => !real.some((other) => other !== one && inside(one, other)));
  const writable = write.map((one) => (existsSync(one) ? realpathSync(one) : one));
  for (const one of folders) {
    if (one === '/')
      throw unusable(one, 'the whole tree cannot be quarantined; name the folders that matter');
    if (!writable.some((base) => base === '/' || inside(one, base)))
      throw unusable(one, "the floor's write does not grant it, so nothing could be written there");
    if (inside(place, one))
      throw none(`layers would lie within ${one} (${place}); set XDG_STATE_HOME to a folder outside of it`);
    const mount = mountPoints(mountinfo).find((point) => point !== one && inside(point, one));
    if (mount !== undefined)
      throw none(
        `${mount} is a file system of its own within ${one}; quarantine the folders beside it instead`,
      );
  }
  return folders;
}

function realFolder(one: string): string {
  try {
    const real = realpathSync(one);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // told below
  }
  throw unusable(one, 'there is no such folder; make it first');
}

function unusable(one: string, why: string): SessionError {
  return new SessionError(
    'bad_floor',
    `the policy's floor (data.chaperone.access.floor) is not usable: quarantine holds ${JSON.stringify(one)}, but ${why}`,
  );
}

function none(why: string): SessionError {
  return new SessionError('no_layer', `the quarantine layer that the policy demands cannot be had: ${why}`);
}

/** proc_pid_mountinfo(5). */
function mountPoints(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    if (point === undefined) return [];
    return [
      point.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))),
    ];
  });
}

/** What was tried in the folder where layers lie, or the nearest one above it that exists. Leaves nothing. @returns undefined when it works */
export function tryLayer(
  gate: string,
  place: string,
): { readonly what: string; readonly remedy: string } | undefined {
  let folder: string;
  let there = place;
  while (!existsSync(there) && there !== '/') there = path.dirname(there);
  try {
    folder = mkdtempSync(path.join(there, '.chaperone-try-'));
  } catch (error) {
    return {
      what: `${there} cannot be written (${String(error)})`,
      remedy: 'Set XDG_STATE_HOME to a folder that can.',
    };
  }
  try {
    const { stdout, said } = tryProgram(gate, ['--probe-layer', folder]);
    const answer = /"layer":"([^"]*)","errno":(\d+)/.exec(stdout);
    if (answer?.[1] === 'ok') return undefined;
    return explain(answer?.[1] ?? said, answer?.[2] ?? '', place);
  } finally {
    removeLayer(folder);
  }
}

function explain(step: string, errno: string, place: string): { what: string; remedy: string } {
  if (/^user|^mount/.test(step))
    return {
      what: `this host does not let chaperone make the mounts of a layer (${step}, errno ${errno})`,
      remedy:
        'Permit user namespaces to the gate program as chaperone doctor shows it for bubblewrap, or take `quarantine` out of the floor.',
    };
  return {
    what: `the file system of ${place} cannot hold a layer (${step}, errno ${errno})`,
    remedy:
      'Set XDG_STATE_HOME to a folder on ext4, xfs, btrfs or tmpfs; an overlay, NFS or FUSE will not do.',
  };
}

/** Throws SessionError `no_layer`. */
export function demandLayer(gate: string, place: string): void {
  const problem = tryLayer(gate, place);
  if (problem) throw none(`${problem.what}. ${problem.remedy}`);
}

/** Makes empty layers in `place`, each with the attributes of its folder. Throws SessionError `no_layer`. */
export function makeLayers(folders: readonly string[], place: string): LayeredFolder[] {
  return folders.map((folder, index) => {
    const upper = path.join(place, String(index), 'upper');
    const work = path.join(place, String(index), 'work');
    try {
      for (const one of [upper, work]) mkdirSync(one, { recursive: true, mode: 0o700 });
      const { uid, gid, mode, atime, mtime } = statSync(folder);
      chownSync(upper, uid, gid);
      chmodSync(upper, mode & 0o7777);
      lutimesSync(upper, atime, mtime);
    } catch (error) {
      throw none(`its place for ${folder} cannot be made: ${String(error)}`);
    }
    return { folder, upper, work };
  });
}

/** Removes a folder and everything in it, whatever modes the agent gave it. */
export function removeLayer(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    openAll(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function openAll(folder: string): void {
  tryProgram('/bin/chmod', ['-R', 'u+rwX', '--', folder]);
}
