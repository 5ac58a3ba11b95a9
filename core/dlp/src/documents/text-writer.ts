/** Text as it is put together from the pieces of a document, with their places where somebody wants to change them. */
import type { Extracted, Piece } from '../document.ts';
import { reference } from './xml.ts';

const tab = 0x09;
const newline = 0x0a;

export class TextWriter {
  length = 0;
  readonly pieces: Piece[] = [];
  private bytes: Uint8Array;
  /** A paragraph has ended: a new line, unless a cell ends as well. */
  private isParagraphOver = false;
  private readonly origins: boolean;

  constructor(capacity: number, origins: boolean) {
    this.bytes = new Uint8Array(Math.max(capacity, 256));
    this.origins = origins;
  }

  /** Bytes of `source` as they are. */
  copy(source: Uint8Array, from: number, to: number, part: string, kind: Piece['kind']): void {
    this.stand(source, from, to, part, from, to, kind);
  }

  /** Bytes of `source` that stand for what is written at `placeFrom` to `placeTo`. */
  stand(
    source: Uint8Array,
    from: number,
    to: number,
    part: string,
    placeFrom: number,
    placeTo: number,
    kind: Piece['kind'],
  ): void {
    if (from >= to) return;
    this.settle(to - from);
    const start = this.length;
    if (to - from < 32) {
      const { bytes } = this;
      let at = start;
      for (let index = from; index < to; index += 1, at += 1) bytes[at] = source[index] ?? 0;
      this.length = at;
    } else {
      this.bytes.set(source.subarray(from, to), start);
      this.length += to - from;
    }
    if (this.origins) this.pieces.push({ start, end: this.length, part, from: placeFrom, to: placeTo, kind });
  }

  /** Character data or an attribute's value, its references resolved. */
  characters(source: Uint8Array, from: number, to: number, part: string, kind: Piece['kind']): void {
    let run = from;
    for (let at = from; at < to; at += 1) {
      const found = source[at] === 0x26 ? reference(source, at + 1, to) : undefined;
      if (!found) continue;
      this.copy(source, run, at, part, kind);
      this.write(found.text, part, at, found.end, kind === 'text' ? 'escaped' : kind);
      run = found.end;
      at = found.end - 1;
    }
    this.copy(source, run, to, part, kind);
  }

  /** Text that stands for what is written at `from` to `to`. */
  write(text: string, part: string, from: number, to: number, kind: Piece['kind']): void {
    const encoded = new TextEncoder().encode(text);
    this.settle(encoded.length);
    this.bytes.set(encoded, this.length);
    const start = this.length;
    this.length += encoded.length;
    if (this.origins) this.pieces.push({ start, end: this.length, part, from, to, kind });
  }

  /** Text of another writer with its pieces from `firstPiece` to before `endPiece`. */
  borrow(other: TextWriter, from: number, to: number, firstPiece: number, endPiece: number): void {
    if (from >= to) return;
    this.settle(to - from);
    const shift = this.length - from;
    const { bytes } = this;
    for (let index = from; index < to; index += 1) bytes[index + shift] = other.bytes[index] ?? 0;
    this.length += to - from;
    for (let at = firstPiece; at < endPiece; at += 1) {
      const piece = other.pieces[at];
      if (piece) this.pieces.push({ ...piece, start: piece.start + shift, end: piece.end + shift });
    }
  }

  tab(): void {
    this.isParagraphOver = false;
    this.put(tab);
  }

  line(): void {
    this.isParagraphOver = false;
    this.put(newline);
  }

  /** A new line, unless one has just begun. */
  freshLine(): void {
    this.isParagraphOver = false;
    if (this.length > 0 && this.bytes[this.length - 1] !== newline) this.put(newline);
  }

  separator(character: number): void {
    this.settle(1);
    this.put(character);
  }

  paragraph(): void {
    if (this.isParagraphOver) this.put(newline);
    this.isParagraphOver = true;
  }

  rowEnd(): void {
    this.isParagraphOver = false;
    if (this.length > 0 && this.bytes[this.length - 1] === tab) this.bytes[this.length - 1] = newline;
    else this.put(newline);
  }

  /** Undefined when there is no text. */
  text(part: string): Extracted | undefined {
    if (this.length === 0) return undefined;
    const text = this.bytes.subarray(0, this.length);
    if (!this.origins) return { kind: 'text', part, text };
    return { kind: 'text', part, text, origin: { kind: 'pieces', pieces: this.pieces } };
  }

  private settle(more: number): void {
    if (this.isParagraphOver) {
      this.isParagraphOver = false;
      this.put(newline);
    }
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  private put(byte: number): void {
    if (this.length >= this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length] = byte;
    this.length += 1;
  }
}
