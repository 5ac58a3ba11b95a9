/** Bodies as they come, without what frames them. */
import { Chunks } from './chunks.ts';
import { Gone, type Side } from './errors.ts';
import type { BodyKind } from './response.ts';
import type { Wire } from './wire.ts';

const NOTHING = Buffer.alloc(0);

export class Body {
  done: boolean;
  readonly #wire: Wire;
  readonly #side: Side;
  readonly #kind: BodyKind;
  readonly #chunks: Chunks | undefined;
  #left: number;

  constructor(wire: Wire, side: Side, kind: BodyKind, length: number, trailerBytes: number) {
    this.#wire = wire;
    this.#side = side;
    this.#kind = kind;
    this.#left = length;
    this.#chunks = kind === 'chunked' ? new Chunks(trailerBytes) : undefined;
    this.done = kind === 'none' || (kind === 'length' && length === 0);
  }

  /** @returns what has come; empty when there is none yet. @throws Unreadable */
  take(): Buffer {
    const wire = this.#wire;
    if (this.done) return NOTHING;
    if (this.#chunks) {
      const piece = this.#chunks.take(wire);
      this.done = this.#chunks.done;
      return piece;
    }
    if (this.#kind === 'close') {
      const piece = wire.take(wire.bytes.length);
      this.done = wire.ended;
      return piece;
    }
    const piece = wire.take(this.#left);
    this.#left -= piece.length;
    this.done = this.#left === 0;
    return piece;
  }

  /** Waits until there is more to take. @throws Gone when there never will be */
  async more(): Promise<void> {
    if (this.done) return;
    const wire = this.#wire;
    const before = wire.bytes.length;
    await wire.more();
    if (wire.bytes.length > before || (wire.ended && this.#kind === 'close')) return;
    if (wire.ended || wire.closed) throw new Gone(this.#side);
  }
}
