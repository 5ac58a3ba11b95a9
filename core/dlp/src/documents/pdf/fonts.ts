/** How a font's character codes become text (ISO 32000-1, 9.6 to 9.10). */
import type { DlpHost } from '../../document.ts';
import { type CMap, parseCMap } from './cmap.ts';
import { glyphText, windows1252 } from './glyphs.ts';
import type { PdfFile } from './objects.ts';
import { isArray, isDict, nameOf, type PdfDict } from './value.ts';

/** @returns the text, and whether some codes stand for nobody knows what */
export type FontReader = (bytes: Uint8Array) => { readonly text: string; readonly unknown: boolean };

/** Predefined CMaps of the standard (9.7.5.2), by the encoding that their codes are in. */
const predefined: readonly (readonly [RegExp, string])[] = [
  [/UTF16/, 'utf-16be'],
  [/UCS2/, 'utf-16be'],
  [/RKSJ/, 'shift_jis'],
  [/^EUC-/, 'euc-jp'],
  [/^GBK|^GB-|^GBpc|^GBT/, 'gbk'],
  [/^ETen|^B5|^HKscs/, 'big5'],
  [/^KSC/, 'euc-kr'],
];

export function fontReader(font: PdfDict | undefined, file: PdfFile, host: DlpHost): FontReader {
  if (!font) return latinReader(host);
  const toUnicode = file.stream(font.get('ToUnicode'));
  const isComposite = nameOf(file.get(font.get('Subtype'))) === 'Type0';
  const table = isComposite ? undefined : simpleTable(font, file);
  if (toUnicode) return mapped(parseCMap(toUnicode), isComposite, table);
  if (!isComposite) return latinReader(host, table);
  const encoding = nameOf(file.get(font.get('Encoding')));
  const known = encoding === undefined ? undefined : predefined.find(([names]) => names.test(encoding));
  if (known)
    return (bytes) => {
      const text = host.decode(known[1], bytes);
      return { text: text ?? '', unknown: text === undefined };
    };
  return (bytes) => ({ text: '', unknown: bytes.length > 0 });
}

function mapped(
  cmap: CMap,
  isComposite: boolean,
  table: readonly (string | undefined)[] | undefined,
): FontReader {
  return (bytes) => {
    let text = '';
    let unknown = false;
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at] ?? 0;
      const length = Math.min(cmap.lengthAt(first) || (isComposite ? 2 : 1), bytes.length - at);
      let code = 0;
      for (let i = 0; i < length; i += 1) code = code * 256 + (bytes[at + i] ?? 0);
      const found = cmap.textOf(code, length) ?? (isComposite ? undefined : single(first, table));
      if (found === undefined) unknown = true;
      else text += found;
      at += length;
    }
    return { text, unknown };
  };
}

/** Short texts are put together faster than the host is asked. */
const longFrom = 16;

/** Windows-1252, with what a font names otherwise. */
export function latinReader({ binaryText }: DlpHost, table?: readonly (string | undefined)[]): FontReader {
  return (bytes) => {
    if (bytes.length >= longFrom && table === undefined && isLatin1(bytes))
      return { text: binaryText(bytes), unknown: false };
    let text = '';
    for (let at = 0; at < bytes.length; at += 1) text += single(bytes[at] ?? 0, table);
    return { text, unknown: false };
  };
}

/** Whether Windows-1252 has the same characters there as Latin 1. */
function isLatin1(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (((bytes[at] ?? 0) & 0xe0) === 0x80) return false;
  return true;
}

function single(code: number, table: readonly (string | undefined)[] | undefined): string {
  const named = table?.[code];
  if (named !== undefined) return named;
  return code >= 0x80 && code <= 0x9f ? (windows1252[code - 0x80] ?? '') : String.fromCharCode(code);
}

/** Codes that the font's own encoding names otherwise than Windows-1252. */
function simpleTable(font: PdfDict, file: PdfFile): (string | undefined)[] | undefined {
  const encoding = file.get(font.get('Encoding'));
  if (!isDict(encoding)) return undefined;
  const differences = file.get(encoding.get('Differences'));
  if (!isArray(differences)) return undefined;
  const table: (string | undefined)[] = [];
  let code = 0;
  for (const item of differences.slice(0, 1024)) {
    if (typeof item === 'number') code = item;
    else {
      const name = nameOf(item);
      if (name !== undefined && code >= 0 && code < 256) table[code] = glyphText(name);
      code += 1;
    }
  }
  return table;
}
