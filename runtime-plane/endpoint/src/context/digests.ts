/**
 * SHA-256 of files by descriptor, so that what is hashed is what is held. A digest is kept only for a file that this user
 * cannot write: through a shared mapping content changes without a trace in any time stamp.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';

const chunkBytes = 1 << 20;
const maxKnown = 10_000;

export class Digests {
  readonly #known = new Map<string, string>();
  readonly #user = BigInt(process.geteuid?.() ?? 0);
  #chunk: Buffer | undefined;

  /** @returns lower-case hex, or undefined when the file cannot be read. Closes the descriptor. */
  of(fd: number): string | undefined {
    if (fd < 0) return undefined;
    try {
      const { dev, ino, size, mtimeNs, ctimeNs, mode, uid } = fstatSync(fd, { bigint: true });
      const fixed = uid !== this.#user && (mode & 0o022n) === 0n;
      if (!fixed) return this.#hash(fd);
      const identity = `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
      const known = this.#known.get(identity);
      if (known !== undefined) return known;
      const digest = this.#hash(fd);
      if (this.#known.size >= maxKnown) this.#known.clear();
      this.#known.set(identity, digest);
      return digest;
    } catch {
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  #hash(fd: number): string {
    this.#chunk ??= Buffer.alloc(chunkBytes);
    const hash = createHash('sha256');
    for (let at = 0; ;) {
      const read = readSync(fd, this.#chunk, 0, chunkBytes, at);
      if (read === 0) return hash.digest('hex');
      hash.update(this.#chunk.subarray(0, read));
      at += read;
    }
  }
}
