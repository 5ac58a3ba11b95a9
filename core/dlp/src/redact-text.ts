/** Changes within plain text, in the encoding that it has. */
import type { DlpHost } from './document.ts';
import { type Edit, Refusal, settled } from './redact-edits.ts';
import { spliced } from './redact-xml.ts';

/** @param encoding WHATWG label */
export function editText(
  bytes: Uint8Array,
  encoding: string,
  edits: readonly Edit[],
  host: DlpHost,
): Uint8Array {
  const splices = settled(edits).map(({ from, to, text }) => ({
    from,
    to,
    bytes: new TextEncoder().encode(text),
  }));
  if (encoding === 'utf-8') return spliced(bytes, splices);
  const text = host.decode(encoding, bytes);
  const encode = text === undefined ? undefined : encoderOf(encoding, bytes, host);
  if (text === undefined || !encode) throw new Refusal(`text in ${encoding} cannot be rewritten`);
  const before = encode(text);
  if (!before || !isSame(before, bytes))
    throw new Refusal(`text in ${encoding} has bytes that do not survive decoding`);
  const after = encode(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(spliced(new TextEncoder().encode(text), splices)),
  );
  if (!after) throw new Refusal(`text in ${encoding} cannot be rewritten`);
  return after;
}

type Encode = (text: string) => Uint8Array | undefined;

function encoderOf(encoding: string, bytes: Uint8Array, host: DlpHost): Encode | undefined {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const isLittle = encoding === 'utf-16le';
    const hasMark = bytes[isLittle ? 0 : 1] === 0xff && bytes[isLittle ? 1 : 0] === 0xfe;
    return (text) => utf16(hasMark ? `\ufeff${text}` : text, isLittle);
  }
  return singleByte(encoding, host);
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return bytes;
}

/** Undefined for encodings with more than a byte for some character. */
function singleByte(encoding: string, host: DlpHost): Encode | undefined {
  const codes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const character = host.decode(encoding, Uint8Array.of(byte));
    if (character === undefined) return undefined;
    if (character.length === 1 && character !== '\ufffd' && !codes.has(character)) codes.set(character, byte);
  }
  return (text) => {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) {
      const byte = codes.get(text[at] ?? '');
      if (byte === undefined) return undefined;
      bytes[at] = byte;
    }
    return bytes;
  };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
