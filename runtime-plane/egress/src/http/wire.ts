/** One of the two sockets: what came and was not taken yet, and who waits for more. At most one waits to read, one to write. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const NOTHING = Buffer.alloc(0);
/** As long as so much was not taken, no more is read. */
const ENOUGH = 65_536;

export class Wire {
  /** What came and was not taken. */
  bytes: Buffer = NOTHING;
  /** The other end sends no more. */
  ended = false;
  /** Neither direction works any more. */
  closed = false;
  /** Bytes moved since this was last set to false. */
  active = false;
  /** A head has begun to come and is not complete. */
  inHead = false;
  /** Called when bytes, the end or the close arrive, beside whoever waits. */
  watch: (() => void) | undefined;
  readonly over: Promise<void>;
  readonly #socket: Duplex;
  /** Holds `bytes` when they came in pieces, with room for more. */
  #store: Buffer = NOTHING;
  #paused = false;
  #reader: (() => void) | undefined;
  #writer: (() => void) | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
    // One side may say that it is done and still read.
    socket.allowHalfOpen = true;
    if (socket instanceof Socket) socket.setNoDelay(true);
    this.over = new Promise((resolve) => {
      const close = (): void => {
        this.closed = true;
        this.wake();
        this.#wakeWriter();
        resolve();
      };
      socket.on('close', close);
      if (socket.closed) close();
    });
    socket.on('error', () => {
      // 'close' follows, and nobody reads what the other end had as a reason.
    });
    socket.on('end', () => {
      this.ended = true;
      this.wake();
    });
    socket.on('drain', () => {
      this.active = true;
      this.#wakeWriter();
    });
    if (socket.readableEnded) this.ended = true;
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    // Whoever looked at the first bytes may have left it paused.
    socket.resume();
  }

  #receive(chunk: Buffer): void {
    this.active = true;
    this.bytes = this.bytes.length === 0 ? chunk : this.#append(chunk);
    if (this.bytes.length > ENOUGH && !this.#paused) {
      this.#paused = true;
      this.#socket.pause();
    }
    this.wake();
  }

  #append(chunk: Buffer): Buffer {
    const { bytes } = this;
    const length = bytes.length + chunk.length;
    const from = bytes.byteOffset - this.#store.byteOffset;
    const inStore = bytes.buffer === this.#store.buffer && from >= 0;
    if (!inStore || from + length > this.#store.length) {
      const store = Buffer.allocUnsafeSlow(Math.max(4096, length * 2));
      bytes.copy(store);
      chunk.copy(store, bytes.length);
      this.#store = store;
      return store.subarray(0, length);
    }
    chunk.copy(this.#store, from + bytes.length);
    return this.#store.subarray(from, from + length);
  }

  /** Takes the first `count` bytes. They stay as they are for as long as somebody has them. */
  take(count: number): Buffer {
    const { bytes } = this;
    if (count >= bytes.length) {
      this.bytes = NOTHING;
      return bytes;
    }
    this.bytes = bytes.subarray(count);
    return bytes.subarray(0, count);
  }

  /** @returns when there is more than now, or will never be, or somebody woke us */
  more(): Promise<void> {
    if (this.closed || this.ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#reader = resolve;
      if (this.#paused) {
        this.#paused = false;
        this.#socket.resume();
      }
    });
  }

  wake(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.();
    this.watch?.();
  }

  /** @returns whether more may be written at once; text is Latin-1 */
  write(data: Buffer | string): boolean {
    return this.closed || this.#socket.write(data, 'latin1');
  }

  /** What is written until then goes out as one. */
  together(write: () => void): void {
    this.#socket.cork();
    write();
    this.#socket.uncork();
  }

  get full(): boolean {
    return !this.closed && this.#socket.writableNeedDrain;
  }

  /** @returns when the socket takes more, or is closed */
  drained(): Promise<void> {
    if (!this.full) return Promise.resolve();
    return new Promise((resolve) => {
      this.#writer = resolve;
    });
  }

  #wakeWriter(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.();
  }

  /** We send no more. */
  end(): void {
    if (!this.closed) this.#socket.end();
  }

  /** Closes when all that was written is on its way. */
  finish(): void {
    if (this.closed) return;
    if (this.#socket.writableFinished) this.#socket.destroy();
    else {
      this.#socket.end(() => {
        this.#socket.destroy();
      });
    }
  }

  /** Nothing more goes out, whatever was written: the other end sees a reset where there is one to see. */
  abort(): void {
    if (this.closed) return;
    const socket = this.#socket;
    // TLS has no reset of its own; without its closing alert the other end knows.
    if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy();
    else socket.destroy();
  }
}
