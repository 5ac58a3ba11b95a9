/** Statements, pay slips, budgets and invoices: labels of finance in rows or columns of amounts. */
import type { TextDetector, TextMatch, TextScan } from '../../detector.ts';
import type { Band } from '../../finding.ts';
import { cues } from './cues.ts';
import { type TableKind, tableWords } from './financial-words.ts';

const kinds: readonly TableKind[] = ['statement', 'payroll', 'budget', 'invoice'];

const kindsOfWord: ReadonlyMap<string, readonly TableKind[]> = kinds.reduce((map, kind) => {
  for (const word of tableWords[kind]) map.set(word, [...(map.get(word) ?? []), kind]);
  return map;
}, new Map<string, readonly TableKind[]>());

/** An amount of money: thousands are parted, or cents follow, or a currency is named. */
const amount =
  /(?:[$]|\xe2\x82\xac|\xc2\xa3|(?:USD|EUR|GBP|CHF) ?)\(?-?\d|\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\d[.,]\d\d(?![\d.,])|(?<![\w.-])\d{4,9}(?![\w.-])/g;
const period =
  /(?:^|[\s|,;"])(?:Q[1-4](?:[ -]?(?:FY)?'?(?:20)?\d\d)?|FY ?'?(?:20)?[0-4]\d[AEBF]?|[1-4]Q\d\d|H[12] 20\d\d|20[0-4]\d[AEBF]?)(?=$|[\s|,;"])/g;

type Row = {
  readonly start: number;
  readonly end: number;
  readonly cells: readonly string[];
  readonly amounts: number;
};

/** Rows of at least one label and one amount, or of two cells. */
function* rowsOf(text: string): Generator<Row> {
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const cells = cellsOf(text, start, end);
    if (cells.length === 0) continue;
    yield { start, end, cells, amounts: text.slice(start, end).match(amount)?.length ?? 0 };
  }
}

/** Cells of the line [start, end), parted by tabs, pipes, semicolons, commas or wide gaps. */
function cellsOf(text: string, start: number, end: number): string[] {
  if (end - start < 4 || end - start > 2000) return [];
  return text
    .slice(start, end)
    .split(/[\t|;]|,(?! |\d{3}\b)|: |:$| {2,}/)
    .map((cell) => labelOf(cell))
    .filter((cell) => cell !== '');
}

/** Every such table has labels of two kinds or more. */
const leastLabels = 2;

/** Whether the lines of some places have labels enough. @param places offsets where a label may begin, in order */
function hasLabels(text: string, places: Uint32Array): boolean {
  const labels = new Set<string>();
  let end = -1;
  for (const place of places) {
    if (place < end) continue;
    const start = text.lastIndexOf('\n', place) + 1;
    end = text.indexOf('\n', place);
    if (end < 0) end = text.length;
    for (const cell of cellsOf(text, start, end)) if (kindsOfWord.has(cell)) labels.add(cell);
    if (labels.size >= leastLabels) return true;
  }
  return false;
}

/** Lower case; no quotes, no amount behind. */
function labelOf(cell: string): string {
  return cell
    .trim()
    .replace(/^["'*#\s]+|["'*\s]+$|[ :]+[-($\d\x80-\xff][\d.,'()%$ \x80-\xff-]*$|[:*]+$/g, '')
    .replace(/[A-Z]/g, (one) => one.toLowerCase());
}

type Tally = { words: Set<string>; rows: number; start: number; end: number };

/** Parts of the labels, of which every such table has some. */
const stems =
  /revenue|sales|profit|ebit|income|assets|equity|earnings|liabilit|umsatz|bilanz|jahres|ergebnis|aufwand|chiffre|sultat|actif|passif|ingresos|ventas|beneficio|utilidad|activo|pasivo|ricavi|utile|attivo|omzet|winst|activa|salary|gross|net pay|gehalt|lohn|salaire|salario|sueldo|loon|budget|forecast|variance|abweichung|actual|presupuesto|consuntivo|begrot|invoice|due|subtotal|rechnung|facture|factura|fattura|factuur/;

function* tablesIn(text: string): Generator<TextMatch> {
  if (!stems.test(text.toLowerCase())) return;
  const tallies = new Map<TableKind, Tally>();
  let rowsWithAmounts = 0;
  for (const { start, end, cells, amounts } of rowsOf(text)) {
    if (amounts > 0) rowsWithAmounts += 1;
    for (const cell of cells)
      for (const kind of kindsOfWord.get(cell) ?? []) {
        const tally = tallies.get(kind) ?? { words: new Set(), rows: 0, start, end };
        tally.words.add(cell);
        if (amounts > 0) tally.rows += 1;
        tally.end = end;
        tallies.set(kind, tally);
      }
  }
  const periods = new Set((text.match(period) ?? []).map((one) => one.trim())).size;
  for (const [kind, { words, rows, start, end }] of tallies) {
    const band = bandOf(kind, words.size, rows, rowsWithAmounts, periods);
    if (band === undefined) continue;
    yield {
      start,
      end,
      confidence: band,
      kind,
      why: `${String(words.size)} labels of such tables, with amounts`,
      isValue: false,
    };
  }
}

/** A statement has its labels in rows, the others mostly in the header above rows of amounts. */
function bandOf(
  kind: TableKind,
  words: number,
  rows: number,
  rowsWithAmounts: number,
  periods: number,
): Band | undefined {
  if (kind === 'statement') {
    if (words >= 6 && rows >= 5 && periods >= 2) return 85;
    if (words >= 4 && rows >= 3) return 75;
    return words >= 3 && (rows >= 2 || (rowsWithAmounts >= 3 && periods > 0)) ? 65 : undefined;
  }
  if (rowsWithAmounts < 2) return undefined;
  const [low, middle, high] = kind === 'budget' ? [2, 3, 5] : [3, 4, 6];
  if (words < low || (kind === 'budget' && words < 3 && periods === 0)) return undefined;
  if (words >= high && rowsWithAmounts >= 3) return kind === 'budget' && periods === 0 ? 75 : 85;
  return words >= middle ? 75 : 65;
}

/** Such a table is known by its beginning. */
const headLength = 32_768;

const scan: TextScan = ({ bytes, text }, found) => {
  // Tables of numbers have groups of three digits, or two behind a point.
  if (cues().amounts(bytes, headLength) < 3) return false;
  const places = cues().labels(bytes, headLength);
  if (places.length < leastLabels) return false;
  const beginning = text().slice(0, headLength);
  if (hasLabels(beginning, places)) for (const match of tablesIn(beginning)) found(match);
  return false;
};

export const financialTables: TextDetector = {
  id: 'financial.table',
  class: 'financial',
  name: 'Financial statement, payroll, budget or invoice',
  token: 'FINANCIAL',
  open: () => scan,
  source:
    'IAS 1 and 7; § 266 and § 275 HGB; Regulation S-X; labels of pay slips and invoices (Directive 2006/112/EC, article 226)',
};
