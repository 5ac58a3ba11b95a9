/** Where the file system of an object is: on this machine, across a network, or on something that can be pulled out. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

export type MountKind = 'local' | 'network' | 'removable';

/** The files of the kernel that this reads; tests give a tree of their own. */
export type MountSources = { readonly mountinfo: string; readonly sys: string; readonly clock: () => number };

type Mounted = { readonly device: string; readonly point: string; readonly type: string };

const network =
  /^(?:nfs4?|cifs|smb3|smbfs|afs|9p|ceph|glusterfs|lustre|beegfs|orangefs|davfs|ncpfs|coda|gfs2|ocfs2|fuse\.(?:sshfs|rclone|s3fs|glusterfs|gvfsd-fuse|davfs2?|ceph|gcsfuse|goofys|mount-s3|blobfuse2?|juicefs|seaweedfs|google-drive-ocamlfuse|onedriver|curlftpfs|kio-fuse))$/;
const localFuse =
  /^fuse\.(?:portal|bindfs|mergerfs|encfs|gocryptfs|cryfs|lxcfs|overlayfs|fuse-overlayfs|snapfuse|squashfuse)$/;
/** A file system that was mounted a moment ago may have taken over the number of one that is gone. */
const freshMs = 1_000;
const maxStacked = 8;

export class Mounts {
  readonly #sources: MountSources;
  readonly #kinds = new Map<bigint, MountKind | undefined>();
  #mounted: readonly Mounted[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(sources: MountSources = { mountinfo: '/proc/self/mountinfo', sys: '/sys', clock: Date.now }) {
    this.#sources = sources;
  }

  /**
   * @param device `st_dev` of the object, as stat(2) gives it
   * @param place its path, for file systems whose files carry device numbers of their own (btrfs)
   * @returns undefined when that cannot be told
   */
  kindOf(device: bigint, place: string): MountKind | undefined {
    const now = this.#sources.clock();
    if (now - this.#readAtMs >= freshMs || now < this.#readAtMs) {
      this.#kinds.clear();
      this.#mounted = readMounts(this.#sources.mountinfo);
      this.#readAtMs = now;
    }
    if (!this.#kinds.has(device)) this.#kinds.set(device, this.#find(device, place));
    return this.#kinds.get(device);
  }

  #find(device: bigint, place: string): MountKind | undefined {
    const name = deviceName(device);
    const anonymous = name.startsWith('0:');
    const found =
      this.#mounted.findLast((one) => one.device === name) ??
      (anonymous ? deepest(this.#mounted, place) : undefined);
    if (!found) return anonymous ? undefined : blockKind(this.#sources.sys, name, 0);
    if (network.test(found.type)) return 'network';
    if (found.type.startsWith('fuse.') || found.type === 'fuse')
      return localFuse.test(found.type) ? 'local' : undefined;
    return found.device.startsWith('0:') ? 'local' : blockKind(this.#sources.sys, found.device, 0);
  }
}

/** `major:minor`, in the layout of `gnu_dev_major` and `gnu_dev_minor` (sys/sysmacros.h). */
function deviceName(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

/** proc_pid_mountinfo(5). */
function readMounts(file: string): Mounted[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line): Mounted[] => {
    const fields = line.split(' ');
    const type = fields[fields.indexOf('-', 6) + 1];
    const [, , device, , point] = fields;
    return device && point && type ? [{ device, point: unescape(point), type }] : [];
  });
}

/** Blanks and backslashes of a mount point are octal escapes. */
function unescape(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function deepest(mounted: readonly Mounted[], place: string): Mounted | undefined {
  let best: Mounted | undefined;
  for (const one of mounted) {
    const covers = one.point === '/' || place === one.point || place.startsWith(`${one.point}/`);
    if (covers && (!best || one.point.length >= best.point.length)) best = one;
  }
  return best;
}

/** Looks through encryption, volumes and partitions to the disk; a disk on USB can be pulled out, whatever it says. */
function blockKind(sys: string, device: string, depth: number): MountKind | undefined {
  try {
    const folder = realpathSync(path.join(sys, 'dev/block', device));
    if (isRemovable(folder) || isRemovable(path.dirname(folder)) || /\/usb\d+\//.test(folder))
      return 'removable';
    const below = depth < maxStacked ? slaves(folder) : [];
    const kinds = below.map((one) => blockKind(sys, one, depth + 1));
    return kinds.includes('removable') ? 'removable' : kinds.includes(undefined) ? undefined : 'local';
  } catch {
    return undefined;
  }
}

function isRemovable(folder: string): boolean {
  try {
    return readFileSync(path.join(folder, 'removable'), 'utf8').trim() === '1';
  } catch {
    return false;
  }
}

function slaves(folder: string): string[] {
  const list = path.join(folder, 'slaves');
  let names: string[];
  try {
    names = readdirSync(list);
  } catch {
    return []; // a partition has none
  }
  return names.map((name) => readFileSync(path.join(list, name, 'dev'), 'utf8').trim());
}
