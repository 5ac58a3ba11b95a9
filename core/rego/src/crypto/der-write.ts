import { concat, fromBigInt } from './bytes.ts';
import { TAG } from './der.ts';

/** One element of DER around its content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content);
  const { length } = body;
  if (length < 0x80) return concat(Uint8Array.of(tag, length), body);
  const size = fromBigInt(BigInt(length));
  return concat(Uint8Array.of(tag, 0x80 | size.length), size, body);
}

export const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...content);

/** A whole number that is not negative. */
export function integer(value: bigint): Uint8Array {
  const bytes = fromBigInt(value, 1);
  return der(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

export function oid(arcs: readonly number[]): Uint8Array {
  const [first = 0, second = 0, ...rest] = arcs;
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return der(TAG.oid, Uint8Array.from(bytes));
}

export const octets = (bytes: Uint8Array): Uint8Array => der(TAG.octetString, bytes);
export const bits = (bytes: Uint8Array): Uint8Array => der(TAG.bitString, Uint8Array.of(0), bytes);
export const NULL: readonly number[] = [TAG.null, 0];
