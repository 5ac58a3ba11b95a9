/**
 * What is known of a file by its identity. Only of files that nobody was writing to while they were scanned, on file systems
 * where every later writer leaves a time stamp, through a shared mapping, too; and not of files that changed so shortly before the
 * scan that a coarse clock could give the next change the same time.
 */
import type { BigIntStats } from 'node:fs';
import type { Content } from './content-facts.ts';

const maxKnown = 20_000;
const coarseNs = 2_000_000_000n;

export class ContentCache {
  readonly #known = new Map<string, Content>();

  of(stat: BigIntStats): Content | undefined {
    const key = identity(stat);
    const content = this.#known.get(key);
    if (content) {
      this.#known.delete(key);
      this.#known.set(key, content);
    }
    return content;
  }

  /** @param startedAtMs when the scan began */
  keep(stat: BigIntStats, content: Content, startedAtMs: number): void {
    const changedAt = stat.mtimeNs > stat.ctimeNs ? stat.mtimeNs : stat.ctimeNs;
    if (BigInt(Math.floor(startedAtMs)) * 1_000_000n - changedAt < coarseNs) return;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < maxKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(identity(stat), content);
  }
}

function identity({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
