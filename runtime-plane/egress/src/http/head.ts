/** Finds where a head ends, in what has come so far. */
import { Gone, type Side, Unreadable } from './errors.ts';
import type { Http1Limits } from './limits.ts';
import type { Wire } from './wire.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const LF = 0x0a;
const CR = 0x0d;

/**
 * @returns Latin-1, with the CRLF of its last line, without the empty line; undefined when the side ended before it began
 * @throws Unreadable, Gone
 */
export async function readHead(wire: Wire, side: Side, limits: Http1Limits): Promise<string | undefined> {
  let from = 0;
  try {
    for (;;) {
      const { bytes } = wire;
      const end = bytes.indexOf(HEAD_END, from);
      if (end > limits.headBytes || (end < 0 && bytes.length > limits.headBytes))
        throw new Unreadable(`a head of more than ${limits.headBytes} bytes`, 431);
      if (end >= 0) return wire.take(end + 4).toString('latin1', 0, end + 2);
      // Nobody has to wait for the end of what is no head.
      assertLines(bytes, from);
      from = Math.max(0, bytes.length - 3);
      if (wire.ended || wire.closed) {
        if (bytes.length === 0) return undefined;
        throw new Gone(side);
      }
      wire.inHead = bytes.length > 0;
      await wire.more();
    }
  } finally {
    wire.inHead = false;
  }
}

function assertLines(bytes: Buffer, from: number): void {
  const first = bytes[0];
  // Before the first letter there may be one empty line: RFC 9112 section 2.2.
  if (first !== undefined && first !== CR && (first < 0x21 || first > 0x7e))
    throw new Unreadable('this is not HTTP');
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1))
    if (bytes[at - 1] !== CR) throw new Unreadable('a line that ends without CR');
}
