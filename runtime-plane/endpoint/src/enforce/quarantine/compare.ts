/** An output beside what the real folder holds under its name: what it would replace, and whether that is still as it was. */
import { type BigIntStats, closeSync, fstatSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { WirePath } from '@chaperone/protocol';
import type { LayeredFolder } from '../layer.ts';
import type { Inspector } from './judge.ts';
import { FileError, type KernelFiles, open, within } from './kernel-files.ts';
import { attributesOf, dress, openParent } from './place.ts';
import { type Bytes, bytesOf } from './sealed.ts';
import type { Attributes, ContentFacts } from './ticket.ts';
import { type Change, identityOf } from './walk.ts';

const ENOENT = 2;
const chunkBytes = 1 << 20;
const maxLooked = 100_000;
const user = 'user.';

export class Compared {
  readonly #files: KernelFiles;
  readonly #startedNs: bigint;
  /** What we put into real folders ourselves, by folder and name. */
  readonly #placed = new Map<string, string>();

  constructor(files: KernelFiles, startedNs: bigint) {
    this.#files = files;
    this.#startedNs = startedNs;
  }

  placed({ folder }: LayeredFolder, relative: Buffer, identity: string | undefined): void {
    const key = keyOf(folder, relative);
    if (identity === undefined) this.#placed.delete(key);
    else this.#placed.set(key, identity);
  }

  /**
   * What the agent removed while it was on its way into its place: the kernel saw nothing in the real folder yet, so the removal
   * left no mark in the layer.
   *
   * @param known what the layer holds, removals included
   */
  vanished({ folder }: LayeredFolder, upper: number, lower: number, known: ReadonlySet<string>): Change[] {
    const prefix = `${folder}\0`;
    return [...this.#placed].flatMap(([key, identity]) => {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
      if (name === undefined || known.has(name)) return [];
      const relative = Buffer.from(name, 'latin1');
      const stat = this.#isGone(upper, relative) ? this.#real(lower, relative) : undefined;
      if (!stat || identityOf(stat) !== identity) return [];
      return [{ relative, kind: 'removed', identity, stat, opaque: false }];
    });
  }

  /** Not: hidden, or in a folder that cannot be looked into. */
  #isGone(upper: number, relative: Buffer): boolean {
    try {
      this.#files.close(this.#files.openBelow(upper, relative, open.path));
      return false;
    } catch (error) {
      return error instanceof FileError && error.errno === ENOENT;
    }
  }

  /** What is to be replaced or removed; `conflict` when somebody else changed it since the agent could first see it. */
  base(layer: LayeredFolder, lower: number, change: Change): { base: string | undefined; conflict: boolean } {
    const stat = change.kind === 'removed' ? change.stat : this.#real(lower, change.relative);
    if (!stat) return { base: undefined, conflict: false };
    const base = identityOf(stat);
    if (stat.isDirectory()) {
      const looked = { count: 0 };
      return {
        base,
        conflict: change.kind !== 'removed' || this.#hasNews(layer, lower, change.relative, looked),
      };
    }
    return { base, conflict: this.#isNews(layer, change.relative, stat, seenAt(change)) };
  }

  #isNews({ folder }: LayeredFolder, relative: Buffer, stat: BigIntStats, seenNs: bigint): boolean {
    if (stat.ctimeNs <= this.#startedNs || stat.ctimeNs <= seenNs) return false;
    return this.#placed.get(keyOf(folder, relative)) !== identityOf(stat);
  }

  /** A file below a folder that came or changed since; too many to look at counts as one. */
  #hasNews(layer: LayeredFolder, lower: number, relative: Buffer, looked: { count: number }): boolean {
    const fd = this.#files.openBelow(lower, relative, open.read | open.folder);
    try {
      for (const name of readdirSync(`/proc/self/fd/${fd}`, 'buffer') as unknown as Buffer[]) {
        looked.count += 1;
        if (looked.count > maxLooked) return true;
        const stat = lstatSync(within(fd, name), { bigint: true, throwIfNoEntry: false });
        if (!stat) continue;
        const below = Buffer.concat([relative, Buffer.from('/'), name]);
        if (
          stat.isDirectory()
            ? this.#hasNews(layer, lower, below, looked)
            : this.#isNews(layer, below, stat, 0n)
        )
          return true;
      }
      return false;
    } finally {
      this.#files.close(fd);
    }
  }

  /** @returns `same` when nothing differs; what the file is that would be replaced, where there is one */
  file(
    lower: number,
    relative: Buffer,
    output: Bytes,
    attributes: Attributes,
    inspector: Inspector,
    path: WirePath,
  ): 'same' | ContentFacts | undefined {
    let fd: number;
    try {
      fd = this.#files.openBelow(lower, relative, open.read | open.nonBlock);
    } catch {
      return undefined;
    }
    try {
      const stat = fstatSync(fd, { bigint: true });
      if (!stat.isFile()) return undefined;
      const real = bytesOf(fd);
      if (isSame(real, output) && areSame(attributesOf(this.#files, fd, stat), attributes)) return 'same';
      const { classification, labels } = inspector.inspect(real, path, this.#files.attributes(fd));
      return { classification, labels };
    } finally {
      closeSync(fd);
    }
  }

  isSameLink(lower: number, relative: Buffer, target: Buffer): boolean {
    if (this.#real(lower, relative)?.isSymbolicLink() !== true) return false;
    const at = openParent(this.#files, lower, relative, undefined);
    try {
      return target.equals(readlinkSync(within(at.parent, at.name), 'buffer'));
    } finally {
      this.#files.close(at.parent);
    }
  }

  /** A folder that is new, or got another mode: it holds no content to decide about, so only the latter is asked. */
  async folder(
    upper: number,
    lower: number,
    change: Change,
    folderOf: (relative: Buffer) => Attributes | undefined,
    mayChange: () => Promise<boolean>,
  ): Promise<void> {
    const real = this.#real(lower, change.relative);
    if (!real) {
      const probe = Buffer.concat([change.relative, Buffer.from('/x')]);
      this.#files.close(openParent(this.#files, lower, probe, folderOf).parent);
      return;
    }
    if (!real.isDirectory()) return;
    const fd = this.#files.openBelow(lower, change.relative, open.read | open.folder);
    try {
      const asked = this.#attributes(upper, change);
      const xattrs = { ...asked.xattrs, ...own(attributesOf(this.#files, fd, real).xattrs) };
      const wanted = { ...asked, xattrs };
      if (!areSame(attributesOf(this.#files, fd, real), wanted) && (await mayChange()))
        dress(this.#files, fd, wanted);
    } finally {
      this.#files.close(fd);
    }
  }

  /**
   * Attributes of a folder that is made in the real tree while its session may go on. From then on the kernel would show the
   * real one through the layer's, and with it what the agent removes later; so the layer's is marked to hide it.
   */
  newFolder(upper: number, change: Change, final: boolean): Attributes {
    if (!final) {
      const fd = this.#files.openBelow(upper, change.relative, open.read | open.folder);
      this.#files.setAttribute(fd, 'user.overlay.opaque', Buffer.from('y'));
      this.#files.close(fd);
    }
    return this.#attributes(upper, change);
  }

  #attributes(upper: number, change: Change): Attributes {
    const fd = this.#files.openBelow(upper, change.relative, open.read | open.folder);
    try {
      const { xattrs, ...rest } = attributesOf(this.#files, fd, change.stat);
      // A folder is no output that is looked into, so it brings along nothing that could hold something.
      const allowed = Object.entries(xattrs).filter(([name]) => !name.startsWith(user));
      return { ...rest, xattrs: Object.fromEntries(allowed) };
    } finally {
      this.#files.close(fd);
    }
  }

  #real(lower: number, relative: Buffer): BigIntStats | undefined {
    try {
      const at = openParent(this.#files, lower, relative, undefined);
      try {
        return lstatSync(within(at.parent, at.name), { bigint: true, throwIfNoEntry: false });
      } finally {
        this.#files.close(at.parent);
      }
    } catch {
      return undefined;
    }
  }
}

function keyOf(folder: string, relative: Buffer): string {
  return `${folder}\0${relative.toString('latin1')}`;
}

function own(xattrs: Attributes['xattrs']): Attributes['xattrs'] {
  return Object.fromEntries(Object.entries(xattrs).filter(([name]) => name.startsWith(user)));
}

/** When the layer got its own copy; 0 where that is not known. A removal leaves no time of its own. */
function seenAt({ kind, stat }: Change): bigint {
  return kind === 'removed' ? 0n : stat.birthtimeNs;
}

function isSame(one: Bytes, other: Bytes): boolean {
  if (one.size !== other.size) return false;
  for (let at = 0; at < one.size; at += chunkBytes)
    if (Buffer.compare(one.read(at, chunkBytes), other.read(at, chunkBytes)) !== 0) return false;
  return true;
}

/** Times do not count: a copy that nobody changed has its own. */
function areSame(one: Attributes, other: Attributes): boolean {
  const text = ({ mode, uid, gid, xattrs }: Attributes): string =>
    JSON.stringify([mode, uid, gid, Object.entries(xattrs).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return text(one) === text(other);
}
