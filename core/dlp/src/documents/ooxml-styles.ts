/** How a spreadsheet shows its numbers (ISO/IEC 29500-1, 18.8): which of them are dates, and which have a mask of digits. */
import { decoded, nameHash, XmlReader } from './xml.ts';

/** `mask`: such as `000-00-0000`. */
type CellFormat = { readonly isDate: boolean; readonly mask: string | undefined };

export type CellFormats = { readonly byStyle: readonly (CellFormat | undefined)[]; readonly is1904: boolean };

const hashes = {
  numFmt: nameHash('numFmt'),
  numFmtId: nameHash('numFmtId'),
  formatCode: nameHash('formatCode'),
  cellXfs: nameHash('cellXfs'),
  xf: nameHash('xf'),
  workbookPr: nameHash('workbookPr'),
  date1904: nameHash('date1904'),
};

const maxStyles = 65_536;

export function cellFormats(styles: Uint8Array, workbook: Uint8Array): CellFormats {
  const codes = new Map<number, string>();
  const byStyle: (CellFormat | undefined)[] = [];
  const reader = new XmlReader(styles);
  let isInCells = false;
  for (let token = reader.next(); token !== 'end' && byStyle.length < maxStyles; token = reader.next()) {
    if (token === 'text' || token === 'comment') continue;
    if (reader.name === hashes.cellXfs) isInCells = token === 'open';
    if (token === 'close') continue;
    if (reader.name !== hashes.numFmt && !(isInCells && reader.name === hashes.xf)) continue;
    const isFormat = reader.name === hashes.numFmt;
    let id = 0;
    let code = '';
    while (reader.nextAttribute())
      if (reader.attribute === hashes.numFmtId) id = Number(decoded(styles, reader.from, reader.to));
      else if (reader.attribute === hashes.formatCode) code = decoded(styles, reader.from, reader.to);
    if (isFormat) codes.set(id, code);
    else byStyle.push(formatOf(id, codes.get(id)));
  }
  return { byStyle, is1904: is1904(workbook) };
}

function formatOf(id: number, code: string | undefined): CellFormat | undefined {
  if (code === undefined) {
    const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return isDate ? { isDate, mask: undefined } : undefined;
  }
  // Literals, colours and conditions do not count.
  const bare = code.slice(0, 255).replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
  if (/[yd]/i.test(bare) && !/general/i.test(bare)) return { isDate: true, mask: undefined };
  const mask = code.replace(/\\(.)/g, '$1').replace(/"([^"]*)"/g, '$1');
  return /^(?=.*0.*0)[0 ()/.-]{3,40}$/.test(mask) && !/^0\.0+$/.test(mask)
    ? { isDate: false, mask }
    : undefined;
}

function is1904(workbook: Uint8Array): boolean {
  const reader = new XmlReader(workbook);
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text' || token === 'comment' || reader.name !== hashes.workbookPr) continue;
    while (reader.nextAttribute())
      if (reader.attribute === hashes.date1904)
        return /^(1|true)$/.test(decoded(workbook, reader.from, reader.to));
    return false;
  }
  return false;
}

const dayMs = 86_400_000;

/** A number as its cell shows it, near enough: whole numbers without exponent, dates by ISO 8601, masks filled in. */
export function shownNumber(
  value: string,
  style: number,
  { byStyle, is1904: from1904 }: CellFormats,
): string {
  const format = byStyle[style];
  const number = Number(value);
  if (format?.isDate && number >= 1 && number < 2_958_466)
    return new Date((number - (from1904 ? 24_107 : 25_569)) * dayMs).toISOString().slice(0, 10);
  const plain =
    /e/i.test(value) && Number.isInteger(number) && Math.abs(number) < 1e21 ? String(number) : value;
  if (format?.mask === undefined || !/^\d+$/.test(plain)) return plain;
  let rest = plain.padStart(format.mask.replace(/[^0]/g, '').length, '0');
  let shown = '';
  for (const character of [...format.mask].reverse())
    if (character === '0') {
      shown = rest.slice(-1) + shown;
      rest = rest.slice(0, -1);
    } else shown = character + shown;
  return rest + shown;
}
