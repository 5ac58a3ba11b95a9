/**
 * The clipboard in the X11 core protocol (X Window System Protocol, X.Org, appendix B): requests that read or write a
 * selection or a cut buffer are held until they are decided, and changed into harmless ones of the same length when
 * they are refused, so that client and server keep counting alike.
 */

export type ClipboardUse = 'read' | 'write';
export type Endian = 'little' | 'big';

const request = {
  changeProperty: 18,
  deleteProperty: 19,
  getProperty: 20,
  setSelectionOwner: 22,
  convertSelection: 24,
  queryExtension: 98,
  rotateProperties: 114,
  noOperation: 127,
} as const;
/** Predefined atoms CUT_BUFFER0 to CUT_BUFFER7. */
const cutBuffers = { first: 9, last: 16 } as const;
/** Predefined atom MIN_SPACE, of fonts: no selection and no property of a window. */
export const nowhere = 43;

export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Values of the client's byte order. */
export class Words {
  readonly #little: boolean;
  constructor(endian: Endian) {
    this.#little = endian === 'little';
  }
  u16(bytes: Buffer, at: number): number {
    return this.#little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }
  u32(bytes: Buffer, at: number): number {
    return this.#little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
  put16(bytes: Buffer, value: number, at: number): void {
    if (this.#little) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt16BE(value, at);
  }
  put32(bytes: Buffer, value: number, at: number): void {
    if (this.#little) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
  }
}

/**
 * Length in bytes of the request at the start of `bytes`, or undefined when more bytes are needed to know. Throws
 * FramingError for an extended length (BIG-REQUESTS): whether the server reads it as one depends on what it was told
 * before, and two readings of one stream are a way past this filter.
 */
export function requestLength(bytes: Buffer, words: Words): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = words.u16(bytes, 2) * 4;
  if (length === 0) throw new FramingError('a request of extended length');
  return length;
}

/** @returns what the request does to the clipboard, if anything */
export function clipboardUse(one: Buffer, words: Words): ClipboardUse | undefined {
  const isCutBuffer = (at: number): boolean => {
    if (at + 4 > one.length) return false;
    const atom = words.u32(one, at);
    return atom >= cutBuffers.first && atom <= cutBuffers.last;
  };
  switch (one[0]) {
    case request.convertSelection:
      return 'read';
    case request.setSelectionOwner:
      return 'write';
    case request.getProperty:
      return isCutBuffer(8) ? 'read' : undefined;
    case request.changeProperty:
    case request.deleteProperty:
      return isCutBuffer(8) ? 'write' : undefined;
    case request.rotateProperties:
      for (let at = 12; at + 4 <= one.length; at += 4) if (isCutBuffer(at)) return 'write';
      return undefined;
    default:
      return undefined;
  }
}

/** @returns the window whose property the request reads: a title, most of all */
export function readsPropertyOf(one: Buffer, words: Words): number | undefined {
  return one[0] === request.getProperty && one.length >= 8 ? words.u32(one, 4) : undefined;
}

/**
 * Changes a refused request in place: a read asks for something that nobody has, so that the server itself answers
 * "nothing"; a write becomes NoOperation.
 * @returns for a refused ConvertSelection the selection, which the server's answer must name again
 */
export function defuse(one: Buffer, words: Words): number | undefined {
  const isRead = one.length === 24 && (one[0] === request.convertSelection || one[0] === request.getProperty);
  if (isRead) {
    const asked = words.u32(one, 8);
    words.put32(one, nowhere, 8);
    if (one[0] === request.convertSelection) return asked;
    one[1] = 0; // deletes nothing
    return undefined;
  }
  one[0] = request.noOperation;
  return undefined;
}

const bigRequests = 'BIG-REQUESTS';

/** A client that asks for extended lengths hears that there are none. */
export function hideBigRequests(one: Buffer, words: Words): void {
  if (one[0] !== request.queryExtension || one.length < 8) return;
  const name = one.subarray(8, 8 + words.u16(one, 4));
  if (name.toString('latin1') === bigRequests) name.write('not', 'latin1');
}

const selectionNotify = 31;
const genericEvent = 35;
const reply = 1;

/** Which ids the server gave a client to name its own windows by. */
export type OwnIds = { readonly base: number; readonly mask: number };

const stages = { greeting: 8, ids: 12, messages: 32 } as const;

/** Server to client: every message as it is, but a selection is named again that a refused ConvertSelection was about. */
export class Answers {
  readonly #words: Words;
  readonly #refused: number[] = [];
  #stage: keyof typeof stages = 'greeting';
  /** Beginning of a message whose head is not all here. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current message that follow its head. */
  #body = 0;
  /** Bytes of the greeting that follow the ids. */
  #afterIds = 0;
  /** Undefined until the server has accepted the client. */
  ids: OwnIds | undefined;

  constructor(words: Words) {
    this.#words = words;
  }

  expect(selection: number): void {
    this.#refused.push(selection);
  }

  /** @returns the bytes to pass on */
  take(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      if (this.#body > 0) {
        const here = Math.min(this.#body, bytes.length - at);
        this.#body -= here;
        at += here;
        continue;
      }
      const end = at + stages[this.#stage];
      if (end > bytes.length) break;
      this.#head(bytes.subarray(at, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return bytes.subarray(0, at);
  }

  #head(head: Buffer): void {
    const words = this.#words;
    switch (this.#stage) {
      case 'greeting': {
        const length = words.u16(head, 6) * 4;
        const accepted = head[0] === 1 && length >= stages.ids;
        this.#stage = accepted ? 'ids' : 'messages';
        this.#afterIds = accepted ? length - stages.ids : 0;
        this.#body = accepted ? 0 : length;
        return;
      }
      case 'ids':
        this.ids = { base: words.u32(head, 4), mask: words.u32(head, 8) };
        this.#body = this.#afterIds;
        this.#stage = 'messages';
        return;
      case 'messages': {
        const kind = (head[0] ?? 0) & 0x7f;
        this.#body = kind === reply || kind === genericEvent ? words.u32(head, 4) * 4 : 0;
        if (kind === selectionNotify && words.u32(head, 12) === nowhere) {
          const selection = this.#refused.shift();
          if (selection !== undefined) words.put32(head, selection, 12);
        }
        return;
      }
      default:
        this.#stage satisfies never;
    }
  }
}
