/**
 * A worksheet (ISO/IEC 29500-1, 18.3) as lines of cells parted by tabs, so that a header in the first line gives its column
 * meaning: strings come from the table of shared strings, numbers as they are shown. Formulas and the rest follow below.
 */
import type { Piece } from '../document.ts';
import { type CellFormats, shownNumber } from './ooxml-styles.ts';
import { TextWriter } from './text-writer.ts';
import { decoded, nameHash, XmlReader } from './xml.ts';
import { isBlank, type XmlState } from './xml-text.ts';

const hashes = {
  row: nameHash('row'),
  c: nameHash('c'),
  v: nameHash('v'),
  f: nameHash('f'),
  t: nameHash('t'),
  r: nameHash('r'),
  s: nameHash('s'),
  si: nameHash('si'),
};

/** Empty columns beyond this many in a row are one. */
const maxGap = 64;
/** A text this long is written out for its first cell only. */
const longText = 1024;

/** The table of shared strings of a workbook. */
export class SharedStrings {
  readonly state: XmlState;
  private readonly writer: TextWriter;
  private readonly starts: number[] = [];
  private readonly firstPieces: number[] = [];
  private readonly used: boolean[] = [];

  constructor(xml: Uint8Array, part: string, origins: boolean) {
    const reader = new XmlReader(xml);
    this.writer = new TextWriter(xml.length >> 1, origins);
    let isText = false;
    for (let token = reader.next(); token !== 'end'; token = reader.next()) {
      if (token === 'text') {
        if (isText && reader.hasAmpersand) this.writer.characters(xml, reader.from, reader.to, part, 'text');
        else if (isText) this.writer.copy(xml, reader.from, reader.to, part, 'text');
        continue;
      }
      if (token === 'comment') continue;
      isText = token === 'open' && reader.name === hashes.t;
      if (reader.name !== hashes.si || token === 'close') continue;
      this.starts.push(this.writer.length);
      this.firstPieces.push(this.writer.pieces.length);
    }
    this.state = reader;
    this.starts.push(this.writer.length);
    this.firstPieces.push(this.writer.pieces.length);
  }

  write(index: number, out: TextWriter): void {
    const from = this.starts[index];
    const to = this.starts[index + 1];
    if (from === undefined || to === undefined || (this.used[index] === true && to - from > longText)) return;
    this.used[index] = true;
    out.borrow(this.writer, from, to, this.firstPieces[index] ?? 0, this.firstPieces[index + 1] ?? 0);
  }

  /** Strings that no cell shows. */
  writeUnused(out: TextWriter): void {
    for (let index = 0; index + 1 < this.starts.length; index += 1)
      if (this.used[index] !== true) {
        out.freshLine();
        this.write(index, out);
      }
  }
}

/** @param maxBytes of text; cells may refer to the same long text again and again. @returns whether that was enough */
export function sheetText(
  xml: Uint8Array,
  part: string,
  out: TextWriter,
  strings: SharedStrings | undefined,
  formats: CellFormats,
  maxBytes: number,
): XmlState & { readonly isWhole: boolean } {
  // Most tokens are those of plain cells, which are left out at once: reading them all first takes longer.
  const reader = new XmlReader(xml, false);
  const below: [from: number, to: number, kind: Piece['kind']][] = [];
  const cell = { start: 0, style: 0, type: number, from: 0, to: 0 };
  let column = 0;
  let inside = 0;
  let isCell = false;
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text') {
      const { from, to } = reader;
      if (!isCell || inside === hashes.f) {
        if (!isBlank(xml, from, to)) below.push([from, to, isCell ? 'formula' : 'text']);
      } else if (inside === hashes.t || (inside === hashes.v && cell.type === text))
        out.characters(xml, from, to, part, 'text');
      else if (inside === hashes.v && cell.from === 0 && to - from < longestNumber) {
        cell.from = from;
        cell.to = to;
      } else if (!isBlank(xml, from, to)) below.push([from, to, 'fixed']);
      continue;
    }
    if (token === 'comment') {
      below.push([reader.from, reader.to, 'text']);
      continue;
    }
    if (reader.name === hashes.c) {
      if (token === 'close') {
        finish();
        isCell = false;
        continue;
      }
      begin();
      isCell = token === 'open';
      if (isCell && isPlainCell()) {
        finish();
        isCell = false;
      }
    } else if (reader.name === hashes.row) {
      if (token !== 'open' && column > 0) out.line();
      column = 0;
      if (out.length > maxBytes) return { ...stateOf(reader), isWhole: false };
    } else if (!isCell && token !== 'close') {
      while (reader.nextAttribute())
        if (reader.to - reader.from > 7) below.push([reader.from, reader.to, 'text']);
    }
    inside = token === 'open' ? reader.name : 0;
  }
  for (const [from, to, kind] of below) {
    out.freshLine();
    out.characters(xml, from, to, part, kind);
  }
  return { ...stateOf(reader), isWhole: true };

  function begin(): void {
    cell.start = reader.start;
    cell.style = 0;
    cell.type = number;
    cell.from = 0;
    let at = column + 1;
    while (reader.nextAttribute()) {
      const { from, to } = reader;
      if (reader.attribute === hashes.r) at = columnOf(xml, from, to) || at;
      else if (reader.attribute === hashes.s) cell.style = wholeNumber(xml, from, to);
      else if (reader.attribute === hashes.t) cell.type = typeOf(xml, from, to);
    }
    const gap = column === 0 ? at - 1 : Math.max(1, at - column);
    for (let left = Math.min(gap, maxGap); left > 0; left -= 1) out.tab();
    column = Math.max(at, column + 1);
  }

  /** Most cells are a value and nothing else, which goes faster at once. */
  function isPlainCell(): boolean {
    const from = reader.end + 3;
    if (cell.type === text || !isAt(xml, reader.end, '<v>')) return false;
    let to = from;
    while (to < from + longestNumber && to < xml.length && xml[to] !== 0x3c && xml[to] !== 0x26) to += 1;
    if (to === from || !isAt(xml, to, '</v></c>')) return false;
    cell.from = from;
    cell.to = to;
    reader.leave(to + 8);
    return true;
  }

  function finish(): void {
    const { start, style, type, from, to } = cell;
    if (!isCell || from === 0) return;
    if (type === shared) strings?.write(wholeNumber(xml, from, to), out);
    else if (type === number && (formats.byStyle[style] !== undefined || hasExponent(xml, from, to)))
      out.write(shownNumber(decoded(xml, from, to), style, formats), part, start, reader.end, 'cell');
    else out.stand(xml, from, to, part, start, reader.end, 'cell');
  }
}

/** Types of cells, as far as they differ here. */
const [number, shared, text, other] = [0, 1, 2, 3];
const longestNumber = 64;

function typeOf(xml: Uint8Array, from: number, to: number): number {
  if (to - from === 1) return xml[from] === 0x73 ? shared : xml[from] === 0x6e ? number : other;
  const name = String.fromCharCode(...xml.subarray(from, Math.min(to, from + 10)));
  return name === 'str' || name === 'inlineStr' ? text : other;
}

/** -1 for what is none. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9 || value > 1e12) return -1;
    value = value * 10 + digit;
  }
  return to > from ? value : -1;
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (((bytes[at] ?? 0) | 0x20) === 0x65) return true;
  return false;
}

function isAt(bytes: Uint8Array, at: number, ascii: string): boolean {
  for (let index = 0; index < ascii.length; index += 1)
    if (bytes[at + index] !== ascii.charCodeAt(index)) return false;
  return true;
}

function stateOf({ isDamaged, hasDoctype }: XmlReader): XmlState {
  return { isDamaged, hasDoctype };
}

/** `AB12` is 28; 0 when there is no letter. */
function columnOf(bytes: Uint8Array, from: number, to: number): number {
  let column = 0;
  for (let at = from; at < to && at < from + 3; at += 1) {
    const letter = (bytes[at] ?? 0) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) break;
    column = column * 26 + letter - 0x40;
  }
  return column;
}
