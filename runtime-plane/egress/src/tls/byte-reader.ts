/** Ends a read beyond what is there. */
export class Short extends Error {
  override readonly name = 'Short';
}

/** Reads numbers and vectors as TLS writes them: big endian, vectors after their length in bytes. Throws `Short`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw new Short();
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  uint8(): number {
    return this.take(1)[0] ?? 0;
  }

  uint16(): number {
    return (this.uint8() << 8) | this.uint8();
  }

  vector8(): ByteReader {
    return new ByteReader(this.take(this.uint8()));
  }

  vector16(): ByteReader {
    return new ByteReader(this.take(this.uint16()));
  }
}
