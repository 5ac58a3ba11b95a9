/** A body that nobody looks into, in which credentials that are known here are found all the same, before their last byte goes out. */
import { Transform } from 'node:stream';
import { RefusedBody, type Refusal } from '../http/desk.ts';

export type GuardedBodyOptions = {
  /** Of text that ends where a credential can end. @returns why no more of it goes on */
  readonly look: (text: string) => Refusal | undefined;
  /** Of so many bytes. @returns why no more of it goes on */
  readonly passes: (bytes: number) => Refusal | undefined;
};

/** A longer run is none. */
const longest = 16_384;
/** Who says no more for so long waits for an answer to what was said. */
const silentMs = 200;
const tail = /[A-Za-z0-9_\-./+=]+$/;

export class GuardedBody extends Transform {
  readonly #options: GuardedBodyOptions;
  #bytes = 0;
  /** What may be the beginning of one. */
  #kept: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GuardedBodyOptions) {
    super();
    this.#options = options;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    clearTimeout(this.#timer);
    this.#bytes += chunk.length;
    const all = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const text = all.toString('latin1');
    const refusal = this.#options.passes(this.#bytes) ?? this.#options.look(text);
    if (refusal) return done(new RefusedBody(refusal));
    const from = tail.exec(text.slice(-longest))?.[0].length ?? 0;
    const goes = from === longest ? all.length : all.length - from;
    this.#kept = all.subarray(goes);
    if (this.#kept.length > 0) this.#timer = setTimeout(() => this.#let(), silentMs).unref();
    return goes === 0 ? done() : done(null, all.subarray(0, goes));
  }

  /** It was looked at, and what follows makes another one of it. */
  #let(): void {
    const kept = this.#kept;
    this.#kept = Buffer.alloc(0);
    if (!this.destroyed) this.push(kept);
  }

  override _flush(done: (error?: Error | null, data?: Buffer) => void): void {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    this.#kept = Buffer.alloc(0);
    if (kept.length > 0) done(null, kept);
    else done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }
}
