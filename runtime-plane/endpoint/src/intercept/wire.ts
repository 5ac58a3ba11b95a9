/** Frames between the gate and the decision loop; the C side is runtime-plane/native/channel.c and gate.h. */

export const op = {
  read: 1,
  write: 2,
  create: 3,
  delete: 4,
  rename: 5,
  link: 6,
  meta: 7,
  execute: 8,
  connect: 9,
  ipc: 10,
  os: 11,
} as const;

export const frame = {
  ask: 1,
  answer: 2,
  need: 3,
  supply: 4,
  listener: 5,
  refused: 6,
  confirm: 7,
  outcomes: 8,
} as const;
export const need = { content: 1, exe: 2, ancestors: 3, interpreter: 4 } as const;
/** `again`: ask once more, something is known by now; `open`: open the content first, where that may take long, and ask once more. */
export const verdict = { deny: 0, allow: 1, hold: 2, again: 3, open: 4 } as const;
/** What the caller of an open gets: the file; the file as it was scanned; the descriptor that comes with the answer. */
export const hand = { file: 0, scanned: 1, copy: 2 } as const;
/** What an open is for, if it hands anything over. */
export const handing = { nothing: 0, read: 1, both: 2 } as const;
/** Of a supplied content: nobody can write to it; changes leave time stamps; its file system may hang; it is not open yet. */
export const trait = { leased: 1, stamped: 2, mayHang: 4, later: 8 } as const;
/** Do not cache this answer. */
export const noCache = 0xffffffff;

export const askHeadBytes = 104;
export const replyBytes = 48;
/** Larger than any frame: three paths, and the argument vector of an exec. */
export const frameBytes = 160 * 1024;

/** Events on the slow line, 24 bytes: kind, padding, two 64-bit values. */
export const up = {
  ready: 1,
  stopped: 2,
  continued: 3,
  exited: 4,
  execFailed: 5,
  cancelled: 7,
  layer: 8,
} as const;
export const down = { release: 1, flush: 2, signal: 3 } as const;
export const eventBytes = 24;

/** A view on the frame buffer: read a field before the next frame arrives. */
export class AskFrame {
  readonly #buffer: Buffer;
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }
  get type(): number {
    return this.#buffer.readUInt32LE(0);
  }
  get op(): number {
    return this.#buffer.readUInt32LE(4);
  }
  /** Cookie of the held call, as two words: it is only ever copied. */
  get idLow(): number {
    return this.#buffer.readUInt32LE(8);
  }
  get idHigh(): number {
    return this.#buffer.readUInt32LE(12);
  }
  get id(): bigint {
    return this.#buffer.readBigUInt64LE(8);
  }
  get sub(): number {
    return this.#buffer.readUInt32LE(16);
  }
  get pid(): number {
    return this.#buffer.readUInt32LE(20);
  }
  get cpu(): number {
    return this.#buffer.readUInt32LE(28);
  }
  get parent(): number {
    return this.#buffer.readUInt32LE(32);
  }
  /** S_IFMT bits, 0 when there is no object. */
  get kind(): number {
    return this.#buffer.readUInt32LE(36);
  }
  get mode(): number {
    return this.#buffer.readUInt32LE(40);
  }
  get owner(): number {
    return this.#buffer.readUInt32LE(44);
  }
  get links(): number {
    return this.#buffer.readUInt32LE(48);
  }
  /** One of {@link handing}. */
  get handing(): number {
    return this.#buffer.readUInt32LE(64);
  }
  /** Bits of {@link trait}, in a frame that supplies content. */
  get traits(): number {
    return this.mode;
  }
  /** st_dev, 0 when there is no object. */
  get device(): bigint {
    return this.#buffer.readBigUInt64LE(72);
  }
  /** `device:inode` of the object, undefined when there is none. */
  get inode(): string | undefined {
    if (this.links === 0) return undefined;
    return `${this.#buffer.readBigUInt64LE(72)}:${this.#buffer.readBigUInt64LE(80)}`;
  }
  get size(): number {
    return Number(this.#buffer.readBigUInt64LE(88));
  }
  get callNumber(): number {
    return this.#buffer.readUInt32LE(100);
  }
  #part(index: 0 | 1 | 2 | 3): Buffer {
    const lengths = [52, 56, 60, 96].map((offset) => this.#buffer.readUInt32LE(offset));
    const start = lengths.slice(0, index).reduce((sum, length) => sum + length, askHeadBytes);
    return this.#buffer.subarray(start, start + (lengths[index] ?? 0));
  }
  get path(): Buffer {
    return this.#part(0);
  }
  get secondPath(): Buffer {
    return this.#part(1);
  }
  get exe(): Buffer {
    return this.#part(2);
  }
  get extra(): Buffer {
    return this.#part(3);
  }
}

/** How allowed acts ended, in the body of an outcomes frame: call, then 0 or an errno or one of {@link ending}. */
export const ending = { abandoned: -1n, failed: -2n } as const;
const endingBytes = 16;

export function endingsOf(frameOfOutcomes: AskFrame): { id: bigint; code: bigint }[] {
  const body = frameOfOutcomes.extra;
  return Array.from({ length: Math.floor(body.length / endingBytes) }, (_, index) => ({
    id: body.readBigUInt64LE(index * endingBytes),
    code: body.readBigInt64LE(index * endingBytes + 8),
  }));
}

export type Reply = {
  readonly verdict: (typeof verdict)[keyof typeof verdict];
  readonly errno?: number;
  /** Length of the path prefix for which an allow holds; 0 for this very path; {@link noCache} otherwise. */
  readonly cache?: number;
  readonly perExe?: boolean;
  readonly counter?: number;
  /** The connection is carried by the relay outside. */
  readonly relay?: boolean;
  /** The policy was told a digest: it must hold at the exec stop, too. */
  readonly digest?: boolean;
  readonly hand?: (typeof hand)[keyof typeof hand];
};

/** Writes an answer to the question in `ask` into `out` (at least {@link replyBytes}). */
export function writeReply(out: Buffer, ask: AskFrame, reply: Reply): void {
  writeHead(out, ask, frame.answer, reply.verdict);
  out.writeInt32LE(reply.errno ?? 0, 16);
  out.writeUInt32LE(reply.cache ?? noCache, 20);
  out.writeUInt32LE(reply.perExe ? 1 : 0, 24);
  out.writeUInt32LE(reply.counter ?? 0, 28);
  out.writeUInt32LE(reply.relay ? 1 : 0, 32);
  out.writeUInt32LE(reply.digest ? 1 : 0, 36);
  out.writeUInt32LE(reply.hand ?? hand.file, 40);
}

export function writeNeed(out: Buffer, id: readonly [number, number], what: number): void {
  out.fill(0, 0, replyBytes);
  out.writeUInt32LE(frame.need, 0);
  out.writeUInt32LE(what, 4);
  out.writeUInt32LE(id[0], 8);
  out.writeUInt32LE(id[1], 12);
}

function writeHead(out: Buffer, ask: AskFrame, type: number, value: number): void {
  out.fill(0, 0, replyBytes);
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(value, 4);
  out.writeUInt32LE(ask.idLow, 8);
  out.writeUInt32LE(ask.idHigh, 12);
}

export function eventFrame(kind: number, value: number, id: bigint, errno = 0): Buffer {
  const out = Buffer.alloc(eventBytes);
  out.writeUInt32LE(kind, 0);
  out.writeUInt32LE(value, 4);
  out.writeBigUInt64LE(id, 8);
  out.writeInt32LE(errno, 16);
  return out;
}
