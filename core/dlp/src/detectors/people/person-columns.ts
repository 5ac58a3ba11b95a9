/** Tables of people: the header of a column says what its cells are. */
import type { TextDetector, TextMatch, TextPiece, TextScan } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import { nameHeaders } from './labelled-people.ts';
import { list } from './letters.ts';
import { lowerCase } from './person-names.ts';

/** Last part of the class `pii.<kind>`. */
type Kind = 'name' | 'address' | 'birth_date' | 'phone' | 'salary' | 'gender';

const headers: Readonly<Record<Kind, ReadonlySet<string>>> = {
  name: nameHeaders,
  address: new Set(
    list(
      'address|street|street address|street_address|address line 1|address_line_1|address1|home address|home_address|mailing address|postal address|billing address|shipping address|adresse|anschrift|straße|strasse|dirección|domicilio|indirizzo|endereço|adres|adress|city|zip|zipcode|zip code|zip_code|postcode|postal code|postal_code|plz|wohnort|code postal',
    ),
  ),
  birth_date: new Set(
    list(
      'dob|date of birth|date_of_birth|birth date|birthdate|birth_date|birthday|geburtsdatum|date de naissance|date_naissance|fecha de nacimiento|fecha_nacimiento|data di nascita|data_nascita|data de nascimento|geboortedatum|data urodzenia',
    ),
  ),
  phone: new Set(
    list(
      'phone|phone number|phone_number|telephone|mobile|mobile number|cell|cell phone|home phone|work phone|fax|tel|telefon|handy|mobil|téléphone|telephone|portable|teléfono|telefono|móvil|movil|cellulare|telefone|celular|telefoon',
    ),
  ),
  salary: new Set(
    list(
      'salary|annual salary|annual_salary|base salary|base_salary|gross salary|net salary|gross pay|net pay|monthly salary|compensation|wage|gehalt|bruttogehalt|nettogehalt|salaire|salaire brut|salario|sueldo|stipendio|salaris',
    ),
  ),
  gender: new Set(
    list(
      'gender|sex|geschlecht|sexe|sexo|sesso|geslacht|marital status|marital_status|religion|nationality|ethnicity|staatsangehörigkeit|nationalité|nacionalidad',
    ),
  ),
};

const looksRight: Readonly<Record<Kind, RegExp>> = {
  name: /^[A-Za-z\x80-\xff][A-Za-z\x80-\xff .,'-]{0,60}$/,
  address: /^[\w\x80-\xff#][\w\x80-\xff .,'#/-]{1,100}$/,
  birth_date: /^[\dA-Za-z\x80-\xff][\dA-Za-z\x80-\xff .,/-]{4,20}$/,
  phone: /^\+?[\d(][\d ()./x-]{5,24}$/,
  salary: /^(?:[$]|\xe2\x82\xac|\xc2\xa3|[A-Z]{3} ?)?\d[\d.,' ]{2,14}(?: ?(?:[A-Z]{3}|\xe2\x82\xac))?$/,
  gender: /^[A-Za-z\x80-\xff][A-Za-z\x80-\xff /-]{0,30}$/,
};

const kindOfLabel: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(headers) as Kind[]).flatMap((kind) => [...headers[kind]].map((label) => [label, kind])),
);
const longestLabel = Math.max(...[...kindOfLabel.keys()].map(({ length }) => length));

type Cell = { readonly start: number; readonly end: number };

const [tab, lineFeed, quote, comma, semicolon, pipe] = [9, 10, 34, 44, 59, 124];

/** The cells of the line [start, end), without the quotes around them. */
function cellsOf(bytes: Uint8Array, start: number, end: number, delimiter: number): Cell[] {
  const cells: Cell[] = [];
  for (let from = start; from <= end;) {
    let to = from;
    if (from < end && bytes[from] === quote) {
      to = next(bytes, from + 1, end, quote);
      while (to + 1 < end && bytes[to + 1] === quote) to = next(bytes, to + 2, end, quote);
      cells.push({ start: from + 1, end: to });
      to = next(bytes, to, end, delimiter);
    } else {
      to = next(bytes, from, end, delimiter);
      cells.push(trimmed(bytes, from, to));
    }
    if (to >= end) break;
    from = to + 1;
  }
  return cells;
}

/** Where the byte is next; `end`: nowhere. */
function next(bytes: Uint8Array, from: number, end: number, byte: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at += 1;
  return Math.min(at, end);
}

function trimmed(bytes: Uint8Array, start: number, end: number): Cell {
  while (start < end && (bytes[start] ?? 0) <= 0x20) start += 1;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  return { start, end };
}

type Header = {
  readonly end: number;
  readonly delimiter: number;
  readonly columns: ReadonlyMap<number, Kind>;
  readonly width: number;
};

/** The header is among the first lines: a title may stand above it. */
function headerOf(bytes: Uint8Array): Header | undefined {
  for (let start = 0, count = 0; start < bytes.length && count < 5; count += 1) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start < 4096)
      for (const delimiter of [tab, comma, semicolon, pipe]) {
        if (next(bytes, start, end, delimiter) === end) continue;
        const cells = cellsOf(bytes, start, end, delimiter);
        const columns = new Map<number, Kind>();
        for (const [at, cell] of cells.entries()) {
          const kind = kindOf(bytes, cell);
          if (kind !== undefined) columns.set(at, kind);
        }
        if (cells.length > 1 && columns.size > 0) return { end, delimiter, columns, width: cells.length };
      }
    start = end + 1;
  }
  return undefined;
}

function kindOf(bytes: Uint8Array, { start, end }: Cell): Kind | undefined {
  // In capitals a letter has as many bytes as in lower case, but for the Turkish I.
  if (end - start < 2 || end - start > longestLabel + 2) return undefined;
  return kindOfLabel.get(lowerCase(String.fromCharCode(...bytes.subarray(start, end))));
}

/** A longer line is no row. */
const longestRow = 32_768;

/** Lines behind the header, until so many of them are no rows of its table. */
const mostMisfits = 20;

class Rows {
  readonly #header: Header;
  readonly #band: Band;
  #next: number;
  #misfits = 0;
  #isInLong = false;

  constructor(header: Header, band: Band) {
    this.#header = header;
    this.#band = band;
    this.#next = header.end + 1;
  }

  readonly see = ({ bytes, base, to, text }: TextPiece, found: (match: TextMatch) => void): boolean => {
    while (this.#next < to) {
      const start = this.#next - base;
      const most = Math.min(bytes.length, start + longestRow);
      const end = next(bytes, start, most, lineFeed);
      this.#next = base + end + 1;
      const isLong = end === most && most < bytes.length;
      if (!this.#isInLong) {
        const cells = isLong ? [] : cellsOf(bytes, start, end, this.#header.delimiter);
        if (!this.#isRow(cells)) this.#misfits += 1;
        else this.#matchesIn(cells, text(), base, found);
      }
      this.#isInLong = isLong;
      if (this.#misfits >= mostMisfits) return false;
    }
    return true;
  };

  /** What is not as wide as the header is no row of its table. */
  #isRow({ length }: readonly Cell[]): boolean {
    const { width } = this.#header;
    return length >= Math.max(2, width - 1) && length <= width + 1;
  }

  #matchesIn(cells: readonly Cell[], text: string, base: number, found: (match: TextMatch) => void): void {
    for (const [at, kind] of this.#header.columns) {
      const cell = cells[at];
      if (!cell || !looksRight[kind].test(text.slice(cell.start, cell.end))) continue;
      const [start, end] = [base + cell.start, base + cell.end];
      const why = 'in a column whose header names it';
      found({ start, end, confidence: this.#band, kind, why, isValue: true });
    }
  }
}

function openColumns(): TextScan {
  let rows: Rows | undefined;
  return (piece, found) => {
    rows ??= rowsBelow(headerOf(piece.bytes));
    return rows?.see(piece, found) ?? false;
  };
}

function rowsBelow(header: Header | undefined): Rows | undefined {
  if (!header) return undefined;
  const distinct = new Set(header.columns.values());
  if (distinct.size === 1 && !distinct.has('name') && !distinct.has('birth_date')) return undefined;
  // One such column may be of anything; two are of people.
  return new Rows(header, distinct.size >= 2 ? 85 : 75);
}

export const personColumns: TextDetector = {
  id: 'person.column',
  class: 'pii',
  name: 'Cell of a table of people',
  token: 'PERSONAL',
  open: openColumns,
  source: 'RFC 4180; headers of tables of people in ten languages',
};
