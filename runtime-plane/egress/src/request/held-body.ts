/** A body that goes on only after it has been looked at: kept whole, within bounds, or let go of where it is too long. */
import { Transform } from 'node:stream';
import { RefusedBody, type Refusal } from '../http/desk.ts';

export type HeldBodyOptions = {
  readonly maxBytes: number;
  /** Takes memory; false where there is none left. */
  readonly hold: (bytes: number) => boolean;
  readonly release: (bytes: number) => void;
  /** Never rejects. @returns what goes out instead, or why nothing does */
  readonly whole: (body: Buffer) => Promise<Buffer | Refusal>;
  /** More came than is kept. @returns undefined where all of it goes on as it comes; else why nothing does */
  readonly over: (why: 'size' | 'memory') => Promise<Refusal | undefined>;
  /** Of what goes on as it comes. @returns why no more of it does */
  readonly passes: (bytes: number) => Refusal | undefined;
};

export class HeldBody extends Transform {
  readonly #options: HeldBodyOptions;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #taken = 0;
  #isPassing = false;

  constructor(options: HeldBodyOptions) {
    super();
    this.#options = options;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    if (this.#isPassing) {
      this.#pass(chunk, done);
      return;
    }
    const isLarge = this.#bytes + chunk.length > this.#options.maxBytes;
    if (!isLarge && this.#options.hold(chunk.length)) {
      this.#taken += chunk.length;
      this.#bytes += chunk.length;
      this.#chunks.push(chunk);
      done();
      return;
    }
    void this.#options.over(isLarge ? 'size' : 'memory').then((refusal) => {
      if (refusal) return done(new RefusedBody(refusal));
      this.#isPassing = true;
      const kept = this.#chunks.splice(0);
      this.#bytes = 0;
      return this.#pass(Buffer.concat([...kept, chunk]), done);
    });
  }

  #pass(chunk: Buffer, done: (error?: Error | null, data?: Buffer) => void): void {
    this.#bytes += chunk.length;
    const refusal = this.#options.passes(this.#bytes);
    if (refusal) done(new RefusedBody(refusal));
    else done(null, chunk);
  }

  override _flush(done: (error?: Error | null, data?: Buffer) => void): void {
    if (this.#isPassing) {
      done();
      return;
    }
    const body = Buffer.concat(this.#chunks.splice(0));
    void this.#options.whole(body).then((made) => {
      if (!Buffer.isBuffer(made)) done(new RefusedBody(made));
      else if (made.length === 0) done();
      else done(null, made);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#chunks = [];
    this.#options.release(this.#taken);
    this.#taken = 0;
    done(error);
  }
}
