/** Checks that a stream consists of WebSocket frames: RFC 6455 section 5. What is in them is skipped, whatever its length. */

const CONTINUATION = 0;
const CLOSE = 8;

export class Frames {
  /** Frames of the client are masked, others never. */
  readonly #masked: boolean;
  /** `permessage-deflate` was agreed on: the first frame of a message may be marked. */
  readonly #compressed: boolean;
  /** Of the payload of the current frame. */
  #left = 0;
  readonly #head = Buffer.alloc(14);
  #headBytes = 0;
  #inMessage = false;
  #closing = false;

  constructor(masked: boolean, compressed: boolean) {
    this.#masked = masked;
    this.#compressed = compressed;
  }

  /** @returns whether all of it can be part of frames; after false nothing more is to be asked */
  accept(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#head[this.#headBytes] = bytes[at] ?? 0;
      this.#headBytes += 1;
      at += 1;
      if (!this.#headIsSound()) return false;
    }
    return true;
  }

  /** After each byte of a head, so that a wrong one is seen where it stands. */
  #headIsSound(): boolean {
    const head = this.#head;
    if (this.#headBytes === 1) return this.#firstByteIsSound(head[0] ?? 0);
    const second = head[1] ?? 0;
    const short = second & 0x7f;
    const control = ((head[0] ?? 0) & 0x08) !== 0;
    if (this.#headBytes === 2 && (second >= 0x80 !== this.#masked || (control && short > 125))) return false;
    const lengthEnd = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#headBytes < lengthEnd) return true;
    const length = short < 126 ? short : short === 126 ? head.readUInt16BE(2) : this.#longLength();
    if (length === undefined || (short === 126 && length < 126)) return false;
    if (this.#headBytes < lengthEnd + (this.#masked ? 4 : 0)) return true;
    this.#left = length;
    this.#headBytes = 0;
    return true;
  }

  #firstByteIsSound(first: number): boolean {
    const opcode = first & 0x0f;
    const final = (first & 0x80) !== 0;
    const marked = (first & 0x40) !== 0;
    // After the frame that closes nothing comes any more.
    if (this.#closing || (first & 0x30) !== 0) return false;
    if (opcode >= CLOSE) {
      if (opcode > 10 || !final || marked) return false;
      this.#closing = opcode === CLOSE;
      return true;
    }
    if (opcode > 2 || (opcode === CONTINUATION) !== this.#inMessage) return false;
    if (marked && (!this.#compressed || opcode === CONTINUATION)) return false;
    this.#inMessage = !final;
    return true;
  }

  /** @returns undefined when it should have been written shorter, or is longer than numbers are exact */
  #longLength(): number | undefined {
    const length = this.#head.readUInt32BE(2) * 0x1_0000_0000 + this.#head.readUInt32BE(6);
    return length < 0x1_0000 || !Number.isSafeInteger(length) ? undefined : length;
  }
}
