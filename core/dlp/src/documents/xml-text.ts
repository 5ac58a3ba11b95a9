/** Text out of the XML of office documents: paragraphs as lines, cells parted by tabs, runs joined. */
import type { Piece } from '../document.ts';
import type { TextWriter } from './text-writer.ts';
import { nameHash, XmlReader } from './xml.ts';

/** What an element does to the text around it. */
export type Role =
  /** Its character data is running text. */
  | 'text'
  | 'paragraph'
  | 'cell'
  | 'row'
  | 'break'
  | 'tab'
  | 'hyphen'
  /** Its attributes hold text. */
  | 'attributes';

export type Dialect = {
  readonly roles: ReadonlyMap<number, Role>;
  /** Whether all character data is running text, not only that of `text`. */
  readonly isMixed: boolean;
};

export const dialect = (isMixed: boolean, roles: Readonly<Partial<Record<Role, string>>>): Dialect => ({
  isMixed,
  roles: new Map(
    Object.entries(roles).flatMap(([role, names]) =>
      // Object.entries forgets the type of its keys.
      names.split(' ').map((name): [number, Role] => [nameHash(name), role as Role]),
    ),
  ),
});

export type XmlState = { readonly isDamaged: boolean; readonly hasDoctype: boolean };

/** Running text of a document, then on lines of their own what attributes and other elements say. */
export function flowText(
  xml: Uint8Array,
  part: string,
  out: TextWriter,
  { roles, isMixed }: Dialect,
): XmlState {
  const reader = new XmlReader(xml);
  const asides: number[] = [];
  let isRunning = isMixed;
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text') {
      const { from, to } = reader;
      if (isRunning && reader.hasAmpersand)
        out.characters(xml, from, to, part, reader.hasReferences ? 'text' : 'fixed');
      else if (isRunning) out.copy(xml, from, to, part, 'text');
      else if (!isBlank(xml, from, to)) asides.push(from, to);
      continue;
    }
    if (token === 'comment') {
      asides.push(reader.from, reader.to);
      continue;
    }
    const role = roles.get(reader.name);
    if (!isMixed) isRunning = role === 'text' && token === 'open';
    if (role === undefined || role === 'text') continue;
    if (role === 'attributes') {
      if (token === 'close') continue;
      while (reader.nextAttribute()) if (reader.to - reader.from > 3) asides.push(reader.from, reader.to);
    } else if (token !== 'open') applyRole(role, out, token === 'empty' && reader.end - reader.start > 8);
  }
  for (let at = 0; at < asides.length; at += 2) {
    const [from, to] = [asides[at] ?? 0, asides[at + 1] ?? 0];
    out.freshLine();
    out.characters(xml, from, to, part, isNumber(xml, from, to) ? 'fixed' : 'text');
  }
  return reader;
}

function applyRole(role: Role, out: TextWriter, hasAttributes: boolean): void {
  if (role === 'paragraph') out.paragraph();
  else if (role === 'cell') out.tab();
  else if (role === 'row') out.rowEnd();
  else if (role === 'break') out.separator(0x0a);
  else if (role === 'hyphen') out.separator(0x2d);
  // With attributes it is the place of a tab stop.
  else if (role === 'tab' && !hasAttributes) out.separator(0x09);
}

/** Elements whose content stays text when it looks like a number. */
const texts = new Set(
  'lpwstr lpstr bstr title subject creator description keywords lastModifiedBy Company Manager category user-defined'
    .split(' ')
    .map(nameHash),
);
const unsaid = new Set(['Type', 'ContentType', 'PartName', 'Id', 'xmlns', 'fmtid', 'pid'].map(nameHash));
const addresses = new Set(['Target', 'href'].map(nameHash));
const referredTo = new Set(['sheet', 'definedName', 'tableColumn', 'table', 'cacheField'].map(nameHash));

/** What a part says that is a record and not a text: each element on a line, its attributes in front of its content. */
export function recordText(xml: Uint8Array, part: string, out: TextWriter, hasAttributes: boolean): XmlState {
  const reader = new XmlReader(xml);
  let isText = false;
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text' || token === 'comment') {
      if (isBlank(xml, reader.from, reader.to)) continue;
      const isFixed = !reader.hasReferences || (!isText && isNumber(xml, reader.from, reader.to));
      out.characters(xml, reader.from, reader.to, part, isFixed ? 'fixed' : 'text');
      continue;
    }
    isText = token === 'open' && texts.has(reader.name);
    if (token !== 'close' && hasAttributes) attributesOf(reader, xml, part, out);
    if (token !== 'open') out.freshLine();
  }
  return reader;
}

function attributesOf(reader: XmlReader, xml: Uint8Array, part: string, out: TextWriter): void {
  const isReferredTo = referredTo.has(reader.name);
  while (reader.nextAttribute()) {
    const { from, to } = reader;
    if (to - from < 4 || unsaid.has(reader.attribute)) continue;
    let kind: Piece['kind'] = isReferredTo || isNumber(xml, from, to) ? 'fixed' : 'text';
    if (addresses.has(reader.attribute)) kind = 'address';
    out.characters(xml, from, to, part, kind);
    out.tab();
  }
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

/** Something that is read as a number would be broken by a word in its place. */
function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    const isPart = (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e;
    if (!isPart && byte !== 0x45 && byte !== 0x65) return false;
  }
  return true;
}
