/** Text out of the content of an OpenDocument: paragraphs as lines, cells parted by tabs, numbers as they are stored and shown. */
import type { Piece } from '../document.ts';
import type { TextWriter } from './text-writer.ts';
import { decoded, nameHash, XmlReader } from './xml.ts';
import type { XmlState } from './xml-text.ts';

const hashes = Object.fromEntries(
  `p h s c tab line-break table-cell covered-table-cell table-row number-columns-repeated value date-value time-value string-value
   formula annotation script binary-data`
    .split(/\s+/)
    .map((name) => [name, nameHash(name)]),
) as Readonly<Record<string, number>>;

/** Attributes that hold text, on any element. */
const spoken = new Set(
  ['formula', 'string-value', 'name', 'title', 'desc', 'href', 'display', 'author', 'description', 'alt'].map(
    nameHash,
  ),
);
const address = nameHash('href');
const named = nameHash('name');
/** Elements whose names and formulas are listed: the others have too many that say nothing. */
const speakers = new Set(
  [
    'table',
    'table-cell',
    'a',
    'frame',
    'user-field-decl',
    'variable-decl',
    'bookmark-start',
    'section',
    'named-range',
    'named-expression',
  ].map(nameHash),
);

const maxGap = 64;

/** @param maxBytes of text. */
export function odfText(
  xml: Uint8Array,
  part: string,
  out: TextWriter,
  maxBytes: number,
): XmlState & { isWhole: boolean } {
  const reader = new XmlReader(xml);
  const below: [from: number, to: number, kind: Piece['kind']][] = [];
  /** A cell that holds a number: it is written when it ends, as a whole. */
  let number: { start: number; stored: string; shown: string } | undefined;
  let annotations = 0;
  let gap = 0;
  let isWhole = true;
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text') {
      if (number && annotations > 0) below.push([reader.from, reader.to, 'text']);
      else if (number) number.shown += decoded(xml, reader.from, Math.min(reader.to, reader.from + 4096));
      else out.characters(xml, reader.from, reader.to, part, reader.hasReferences ? 'text' : 'fixed');
      continue;
    }
    if (token === 'comment') {
      below.push([reader.from, reader.to, 'text']);
      continue;
    }
    const { name } = reader;
    if (name === hashes['annotation'] && token !== 'empty') annotations += token === 'open' ? 1 : -1;
    if (name === hashes['table-cell'] || name === hashes['covered-table-cell']) {
      if (token !== 'close') startCell();
      if (token !== 'open') endCell();
      if (out.length > maxBytes) isWhole = false;
      if (!isWhole) break;
    } else if (token !== 'close' && speakers.has(name)) attributes();
    if (number) continue;
    if (name === hashes['s'] && token !== 'close') out.separator(0x20);
    else if (name === hashes['tab'] && token !== 'close') out.separator(0x09);
    else if (name === hashes['line-break'] && token !== 'close') out.separator(0x0a);
    else if (token === 'open') continue;
    else if (name === hashes['p'] || name === hashes['h']) out.paragraph();
    else if (name === hashes['table-row']) out.rowEnd();
  }
  for (const [from, to, kind] of below) {
    out.freshLine();
    out.characters(xml, from, to, part, kind);
  }
  return { isDamaged: reader.isDamaged, hasDoctype: reader.hasDoctype, isWhole };

  function startCell(): void {
    const start = reader.start;
    gap = 1;
    while (reader.nextAttribute()) {
      const { attribute, from, to } = reader;
      if (attribute === hashes['number-columns-repeated']) gap = Number(decoded(xml, from, to)) || 1;
      else if (
        attribute === hashes['value'] ||
        attribute === hashes['date-value'] ||
        attribute === hashes['time-value']
      )
        number = { start, stored: decoded(xml, from, Math.min(to, from + 64)), shown: '' };
      else if (spoken.has(attribute))
        below.push([from, to, attribute === hashes['formula'] ? 'formula' : 'text']);
    }
  }

  function endCell(): void {
    if (number) {
      const { start, stored, shown } = number;
      const value = Number(stored);
      const plain =
        /e/i.test(stored) && Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : stored;
      const text =
        shown.replace(/[^\d]/g, '') === plain.replace(/[^\d]/g, '') ? shown : `${plain} ${shown}`.trim();
      number = undefined;
      out.write(text, part, start, reader.end, 'cell');
    }
    for (let at = Math.min(gap, maxGap); at > 0; at -= 1) out.tab();
  }

  function attributes(): void {
    while (reader.nextAttribute()) {
      if (!spoken.has(reader.attribute) || reader.to - reader.from < 4) continue;
      const kind = reader.attribute === address ? 'address' : reader.attribute === named ? 'fixed' : 'text';
      below.push([reader.from, reader.to, kind]);
    }
  }
}
