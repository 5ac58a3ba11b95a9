/** Writes DER (ITU-T X.690), as much of it as certificates need. Each function gives one complete element. */

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context: 0x80,
  constructed: 0x20,
} as const;

function element(type: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return Buffer.concat([Uint8Array.of(type, ...head), content]);
}

export const sequence = (...items: readonly Uint8Array[]): Buffer =>
  element(tag.sequence, Buffer.concat(items));
/** Of one: several would have to be sorted. */
export const set = (item: Uint8Array): Buffer => element(tag.set, item);
export const boolean = (value: boolean): Buffer => element(tag.boolean, Uint8Array.of(value ? 0xff : 0));
export const octetString = (bytes: Uint8Array): Buffer => element(tag.octetString, bytes);
export const utf8String = (text: string): Buffer => element(tag.utf8String, Buffer.from(text));
/** `[number] EXPLICIT`. */
export const explicit = (number: number, content: Uint8Array): Buffer =>
  element(tag.context | tag.constructed | number, content);
/** `[number] IMPLICIT` of a primitive type. */
export const implicit = (number: number, content: Uint8Array): Buffer =>
  element(tag.context | number, content);

/** @param bytes a number without sign, big endian. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return element(tag.integer, (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Uint8Array.of(0), digits]));
}

/** A list of named bits as in `KeyUsage`: without zeros at its end. */
export function namedBits(...bits: readonly number[]): Buffer {
  const highest = Math.max(...bits);
  const bytes = Array.from({ length: Math.floor(highest / 8) + 1 }, (_, index) =>
    bits.reduce((sum, bit) => (Math.floor(bit / 8) === index ? sum | (0x80 >> (bit % 8)) : sum), 0),
  );
  return element(tag.bitString, Uint8Array.of(7 - (highest % 8), ...bytes));
}

export const bitString = (bytes: Uint8Array): Buffer =>
  element(tag.bitString, Buffer.concat([Uint8Array.of(0), bytes]));

/** @param dotted such as `2.5.29.17` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return element(tag.objectIdentifier, Uint8Array.from(bytes));
}

/** `Time` of RFC 5280 4.1.2.5, to the second: the short form until 2049, the long one from 2050. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const short = new Date(ms).getUTCFullYear() < 2050;
  return short
    ? element(tag.utcTime, Buffer.from(digits.slice(2)))
    : element(tag.generalizedTime, Buffer.from(digits));
}
