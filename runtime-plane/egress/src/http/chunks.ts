/** Reads the chunked coding: RFC 9112 section 7.1. Extensions and trailers are checked and dropped: no desk has seen them. */
import { Unreadable } from './errors.ts';
import { parseFields } from './fields.ts';
import type { Wire } from './wire.ts';

const LF = 0x0a;
const CR = 0x0d;
/** Of a line with the size of a chunk and its extensions. */
const LINE_BYTES = 256;
const LINE = /^([0-9a-fA-F]{1,12})(?:;[\t\x20-\x7e]*)?$/;
const NOTHING = Buffer.alloc(0);

export class Chunks {
  done = false;
  readonly #trailerBytes: number;
  #next: 'size' | 'data' | 'end' | 'trailer' = 'size';
  #left = 0;
  #trailers = 0;

  constructor(trailerBytes: number) {
    this.#trailerBytes = trailerBytes;
  }

  /** @returns what of the body has come, in one piece; empty when more is needed or all is done. @throws Unreadable */
  take(wire: Wire): Buffer {
    const { bytes } = wire;
    let first: Buffer | undefined;
    let pieces: Buffer[] | undefined;
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#next === 'data') {
        const piece = bytes.subarray(at, at + this.#left);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) this.#next = 'end';
        if (!first) first = piece;
        else (pieces ??= [first]).push(piece);
        continue;
      }
      const used = this.#takeLine(bytes, at);
      if (used === 0) break;
      at += used;
    }
    wire.take(at);
    return pieces ? Buffer.concat(pieces) : (first ?? NOTHING);
  }

  /** @returns how many bytes were used, 0 as long as the line is not complete */
  #takeLine(bytes: Buffer, at: number): number {
    const max = this.#next === 'trailer' ? this.#trailerBytes - this.#trailers : LINE_BYTES;
    const end = bytes.indexOf(LF, at);
    const length = (end < 0 ? bytes.length : end) - at;
    if (length > max) throw new Unreadable('a body in chunks with lines that are too long');
    if (end < 0) return 0;
    if (length === 0 || bytes[end - 1] !== CR)
      throw new Unreadable('a line of a chunked body ends without CR');
    this.#line(bytes.toString('latin1', at, end - 1));
    return length + 1;
  }

  #line(line: string): void {
    switch (this.#next) {
      case 'end':
        if (line !== '') throw new Unreadable('a chunk is longer than its size');
        this.#next = 'size';
        return;
      case 'trailer':
        if (line === '') this.done = true;
        else parseFields(`${line}\r\n`, 0, 1);
        this.#trailers += line.length + 2;
        return;
      default: {
        const size = LINE.exec(line)?.[1];
        if (size === undefined) throw new Unreadable('a chunk without a size');
        this.#left = Number.parseInt(size, 16);
        this.#next = this.#left === 0 ? 'trailer' : 'data';
      }
    }
  }
}
