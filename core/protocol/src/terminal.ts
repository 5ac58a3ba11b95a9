/**
 * Hostile text made safe to print. File names, arguments and messages come from programs that we do not trust; a
 * control sequence in one of them could rewrite what a person sees in a denial or an approval.
 */

/**
 * Controls, format characters (bidi, zero width, tags), line separators, lone surrogates, private use, odd spaces, and
 * letters that show as nothing (Hangul fillers, Braille blank, combining grapheme joiner). The backslash is in the set
 * so that an escape in the output is always ours.
 */
const unsafe =
  /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u{34F}\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2800}]|(?! )\p{Zs}/u;
const plain = /^[ -[\]-~]*$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param text a string, or bytes that should be UTF-8; each byte that is not becomes `\xNN`
 * @param maxLength characters of the result; a longer one ends in `…`, never inside an escape
 */
export function escapeForTerminal(text: string | Uint8Array, maxLength = 4096): string {
  if (typeof text === 'string' && text.length <= maxLength && plain.test(text)) return text;
  let result = '';
  let lastPieceAt = 0;
  for (const piece of typeof text === 'string' ? escapeText(text) : escapeBytes(text)) {
    if (result.length + piece.length > maxLength) {
      return `${result.length < maxLength ? result : result.slice(0, lastPieceAt)}…`;
    }
    lastPieceAt = result.length;
    result += piece;
  }
  return result;
}

function* escapeText(text: string): Generator<string> {
  for (const character of text) yield escapeCharacter(character);
}

function* escapeBytes(bytes: Uint8Array): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      yield hexByte(bytes[at] ?? 0);
      at += 1;
    } else {
      yield escapeCharacter(strictUtf8.decode(bytes.subarray(at, at + length)));
      at += length;
    }
  }
}

/** Bytes of the valid UTF-8 character at `at`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length <= 1) return length;
  try {
    strictUtf8.decode(bytes.subarray(at, at + length));
    return at + length <= bytes.length ? length : 0;
  } catch {
    return 0;
  }
}

function escapeCharacter(character: string): string {
  if (!unsafe.test(character)) return character;
  if (character === '\\') return '\\\\';
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? hexByte(code) : `\\u{${code.toString(16)}}`;
}

function hexByte(value: number): string {
  return `\\x${value.toString(16).padStart(2, '0')}`;
}

/** JSON in which characters that a terminal would act on are written as \\u escapes, which is the same JSON. */
export function jsonForTerminal(value: unknown): string {
  return jsonTextForTerminal(JSON.stringify(value));
}

/** The same for JSON text, in which line breaks between values stay. */
export function jsonTextForTerminal(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
