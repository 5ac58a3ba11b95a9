/** Universal tags (X.680), with the bit of constructed encodings where DER wants it. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A tag of a context: `[n]`, constructed for explicit ones. */
export const context = (n: number): number => 0x80 | n;
export const explicit = (n: number): number => 0xa0 | n;

/** One element: its tag byte, its content, and the whole with its header. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/**
 * Reads DER (X.690) front to back. Definite minimal lengths and one-byte tags only; every read gives null, and moves nothing,
 * when what comes next is something else or is cut off.
 */
export class DerReader {
  private rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.rest = bytes;
  }

  get empty(): boolean {
    return this.rest.length === 0;
  }

  get remaining(): Uint8Array {
    return this.rest;
  }

  peek(tag: number): boolean {
    return this.rest[0] === tag;
  }

  any(): Element | null {
    const { rest } = this;
    const tag = rest[0];
    const first = rest[1];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
    let length = first;
    let header = 2;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4 || rest.length < 2 + count) return null;
      length = 0;
      for (let i = 0; i < count; i += 1) length = length * 256 + (rest[2 + i] ?? 0);
      // A length has its shortest form.
      if (length < 0x80 || length < 2 ** (8 * (count - 1))) return null;
      header = 2 + count;
    }
    if (rest.length < header + length) return null;
    this.rest = rest.subarray(header + length);
    return { tag, content: rest.subarray(header, header + length), whole: rest.subarray(0, header + length) };
  }

  element(tag: number): Element | null {
    return this.peek(tag) ? this.any() : null;
  }

  read(tag: number): Uint8Array | null {
    return this.element(tag)?.content ?? null;
  }

  /** The content of a constructed element, to be read in turn. */
  enter(tag: number): DerReader | null {
    const content = this.read(tag);
    return content === null ? null : new DerReader(content);
  }

  oid(): readonly number[] | null {
    const content = this.read(TAG.oid);
    return content === null ? null : oidOf(content);
  }

  integer(): bigint | null {
    const content = this.read(TAG.integer);
    return content === null ? null : integerOf(content);
  }

  boolean(): boolean | null {
    const content = this.read(TAG.boolean);
    if (content?.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) return null;
    return content[0] === 0xff;
  }

  bitString(): BitString | null {
    const content = this.read(TAG.bitString);
    return content === null ? null : bitStringOf(content);
  }
}

/** Bits in bytes; the last `unused` bits are no part of it, and zero. */
export interface BitString {
  readonly bytes: Uint8Array;
  readonly unused: number;
}

function bitStringOf(content: Uint8Array): BitString | null {
  const unused = content[0];
  if (unused === undefined || unused > 7) return null;
  const bytes = content.subarray(1);
  if (bytes.length === 0) return unused === 0 ? { bytes, unused } : null;
  const last = bytes.at(-1) ?? 0;
  return (last & ((1 << unused) - 1)) === 0 ? { bytes, unused } : null;
}

/** The bits moved to the end of their bytes. */
export function rightAligned({ bytes, unused }: BitString): Uint8Array {
  if (unused === 0) return bytes;
  return bytes.map((byte, i) => (byte >> unused) | (((bytes[i - 1] ?? 0) << (8 - unused)) & 0xff));
}

export function bitAt({ bytes, unused }: BitString, i: number): boolean {
  if (i >= bytes.length * 8 - unused) return false;
  return ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0;
}

/** A two's complement integer in its shortest form. */
export function integerOf(content: Uint8Array): bigint | null {
  const [first, second] = content;
  if (first === undefined) return null;
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    return null;
  let value = BigInt(`0x${Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  if (first >= 0x80) value -= 1n << BigInt(content.length * 8);
  return value;
}

/** The arcs of an object identifier, each below 2^31. */
export function oidOf(content: Uint8Array): readonly number[] | null {
  const arcs: number[] = [];
  let value = 0;
  let inArc = false;
  for (const byte of content) {
    if (!inArc && byte === 0x80) return null;
    value = value * 128 + (byte & 0x7f);
    if (value > 0x7fffffff) return null;
    inArc = byte >= 0x80;
    if (inArc) continue;
    if (arcs.length === 0) {
      const root = value < 80 ? Math.floor(value / 40) : 2;
      arcs.push(root, value - root * 40);
    } else arcs.push(value);
    value = 0;
  }
  return inArc || arcs.length === 0 ? null : arcs;
}
