/** Writes one message: its head, then its body in a frame of ours. */
import { Unfit } from './errors.ts';
import type { Wire } from './wire.ts';

/** What ends the body: its length, a last chunk, the end of the connection; `none`: there is no body. */
export type Frame =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' | 'close' | 'none' };

/** Up to here a copy costs less than a second write. */
const COPIED_BYTES = 16_384;
const CRLF = '\r\n';
const LAST_CHUNK = '0\r\n\r\n';

export function frameField(frame: Frame): string {
  switch (frame.kind) {
    case 'length':
      return `Content-Length: ${frame.length}\r\n`;
    case 'chunked':
      return 'Transfer-Encoding: chunked\r\n';
    case 'close':
    case 'none':
      return '';
    default:
      return frame satisfies never;
  }
}

export class Framed {
  /** Of the body. */
  written = 0;
  readonly #wire: Wire;
  readonly #frame: Frame;
  /** Complete, with the empty line; goes out with the first piece. */
  #head: string;

  constructor(wire: Wire, head: string, frame: Frame) {
    this.#wire = wire;
    this.#head = head;
    this.#frame = frame;
  }

  /**
   * @param last nothing follows: the message is complete
   * @returns whether more may be written at once
   * @throws Unfit when the body is not of the length that the head says; then the message was not completed
   */
  write(piece: Buffer, last: boolean): boolean {
    const frame = this.#frame;
    this.written += piece.length;
    if (frame.kind === 'none' && piece.length > 0) throw new Unfit('a body where there can be none');
    if (frame.kind === 'length' && (this.written > frame.length || (last && this.written < frame.length)))
      throw new Unfit('a body of another length than its head says');
    let before = this.#head;
    this.#head = '';
    let after = '';
    if (frame.kind === 'chunked') {
      if (piece.length > 0) {
        before += `${piece.length.toString(16)}\r\n`;
        after = CRLF;
      }
      if (last) after += LAST_CHUNK;
    }
    return this.#out(before, piece, after);
  }

  #out(before: string, piece: Buffer, after: string): boolean {
    const wire = this.#wire;
    if (piece.length === 0) return before === '' && after === '' ? !wire.full : wire.write(before + after);
    if (before === '' && after === '') return wire.write(piece);
    if (piece.length > COPIED_BYTES) {
      wire.together(() => {
        if (before !== '') wire.write(before);
        wire.write(piece);
        if (after !== '') wire.write(after);
      });
      return !wire.full;
    }
    const all = Buffer.allocUnsafe(before.length + piece.length + after.length);
    all.write(before, 0, 'latin1');
    piece.copy(all, before.length);
    if (after !== '') all.write(after, before.length + piece.length, 'latin1');
    return wire.write(all);
  }
}
