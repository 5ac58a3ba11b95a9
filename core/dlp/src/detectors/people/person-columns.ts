/** Tables of people: the header of a column says what its cells are. */
import type { TextDetector, TextMatch } from '../../detector.ts';
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

const kinds = Object.keys(headers) as Kind[];

type Cell = { readonly start: number; readonly end: number };

/** The cells of the line [start, end), without the quotes around them. */
function cellsOf(whole: string, start: number, end: number, delimiter: string): Cell[] {
  return cellsIn(whole.slice(start, end), delimiter).map((cell) => ({
    start: start + cell.start,
    end: start + cell.end,
  }));
}

function cellsIn(text: string, delimiter: string): Cell[] {
  const [start, end] = [0, text.length];
  const cells: Cell[] = [];
  let from = start;
  while (from <= end) {
    let to: number;
    const quoted = text[from] === '"';
    if (quoted) {
      to = text.indexOf('"', from + 1);
      while (to >= 0 && to < end && text[to + 1] === '"') to = text.indexOf('"', to + 2);
      if (to < 0 || to > end) to = end;
      cells.push({ start: from + 1, end: to });
      to = text.indexOf(delimiter, to);
    } else {
      to = text.indexOf(delimiter, from);
      cells.push(trimmed(text, from, to < 0 || to > end ? end : to));
    }
    if (to < 0 || to >= end) break;
    from = to + 1;
  }
  return cells;
}

function trimmed(text: string, start: number, end: number): Cell {
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return { start, end };
}

type Header = {
  readonly end: number;
  readonly delimiter: string;
  readonly columns: ReadonlyMap<number, Kind>;
  readonly width: number;
};

/** The header is among the first lines that are not empty: a title may stand above it. */
function headerOf(text: string): Header | undefined {
  for (let start = 0, count = 0; start < text.length && count < 5; count += 1) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start < 4096)
      for (const delimiter of ['\t', ',', ';', '|']) {
        const cells = cellsOf(text, start, end, delimiter);
        if (cells.length < 2) continue;
        const columns = new Map<number, Kind>();
        for (const [at, cell] of cells.entries()) {
          const label = lowerCase(text.slice(cell.start, cell.end));
          const kind = kinds.find((one) => headers[one].has(label));
          if (kind !== undefined) columns.set(at, kind);
        }
        if (columns.size > 0) return { end, delimiter, columns, width: cells.length };
      }
    start = end + 1;
  }
  return undefined;
}

function* columnsIn(text: string): Generator<TextMatch> {
  const header = headerOf(text);
  if (!header) return;
  const { delimiter, columns, width } = header;
  const distinct = new Set(columns.values());
  // One such column may be of anything; two are of people.
  const band: Band = distinct.size >= 2 ? 85 : 75;
  if (distinct.size === 1 && !distinct.has('name') && !distinct.has('birth_date')) return;
  let misfits = 0;
  for (let start = header.end + 1; start < text.length && misfits < 20;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const cells = end - start > 65_536 ? [] : cellsOf(text, start, end, delimiter);
    // What is not as wide as the header is no row of its table.
    if (cells.length < Math.max(2, width - 1) || cells.length > width + 1) misfits += 1;
    else
      for (const [at, kind] of columns) {
        const cell = cells[at];
        if (!cell || !looksRight[kind].test(text.slice(cell.start, cell.end))) continue;
        yield { ...cell, confidence: band, kind, why: 'in a column whose header names it', isValue: true };
      }
    start = end + 1;
  }
}

export const personColumns: TextDetector = {
  id: 'person.column',
  class: 'pii',
  name: 'Cell of a table of people',
  token: 'PERSONAL',
  maxBytes: 16 * 1_048_576,
  scan: columnsIn,
  source: 'RFC 4180; headers of tables of people in ten languages',
};
