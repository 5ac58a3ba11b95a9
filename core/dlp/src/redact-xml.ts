/** Changes within a part of XML. */
import { decoded, nameHash, XmlReader } from './documents/xml.ts';
import { type Edit, Refusal, settled } from './redact-edits.ts';

const tableCell = nameHash('table-cell');
const annotation = nameHash('annotation');
const formula = nameHash('f');
const type = nameHash('t');
/** Of a cell of an OpenDocument: what says that it holds a number, and which. */
const numeric = new Set(
  ['value', 'value-type', 'date-value', 'time-value', 'boolean-value', 'currency'].map(nameHash),
);

export function editXml(xml: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return spliced(
    xml,
    settled(edits).map(({ from, to, text, kind }) => ({
      from,
      to,
      bytes: new TextEncoder().encode(
        kind === 'cell' ? textCell(xml.subarray(from, to), text) : escaped(text),
      ),
    })),
  );
}

type Splice = { readonly from: number; readonly to: number; readonly bytes: Uint8Array };

/** @param splices in order, without overlap */
export function spliced(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const size = splices.reduce(
    (sum, { from, to, bytes: put }) => sum + put.length - (to - from),
    bytes.length,
  );
  const result = new Uint8Array(size);
  let at = 0;
  let out = 0;
  for (const { from, to, bytes: put } of splices) {
    result.set(bytes.subarray(at, from), out);
    out += from - at;
    result.set(put, out);
    out += put.length;
    at = to;
  }
  result.set(bytes.subarray(at), out);
  return result;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A cell that holds text in place of one that holds a number. Its style, its place and its formula stay. */
function textCell(cell: Uint8Array, text: string): string {
  const reader = new XmlReader(cell);
  if (reader.next() !== 'open') throw new Refusal('a cell could not be rewritten');
  const isOdf = reader.name === tableCell;
  const tag = new TextDecoder().decode(cell.subarray(0, reader.end));
  const qualified = /^<([^\s/>]+)/.exec(tag)?.[1] ?? '';
  const prefix = qualified.includes(':') ? `${qualified.split(':')[0]}:` : '';
  const kept: string[] = [];
  let before = qualified.length + 1;
  while (reader.nextAttribute()) {
    const isDropped = isOdf ? numeric.has(reader.attribute) : reader.attribute === type;
    const raw = new TextDecoder().decode(cell.subarray(before, reader.to + 1));
    if (!isDropped) kept.push(raw);
    before = reader.to + 1;
  }
  const attributes = kept.join('');
  if (isOdf)
    return `<${qualified}${attributes} office:value-type="string"><text:p>${escaped(text)}</text:p>${element(cell, annotation)}</${qualified}>`;
  const function_ = element(cell, formula);
  if (function_ !== '')
    return `<${qualified}${attributes} t="str">${function_}<${prefix}v>${escaped(text)}</${prefix}v></${qualified}>`;
  return `<${qualified}${attributes} t="inlineStr"><${prefix}is><${prefix}t>${escaped(text)}</${prefix}t></${prefix}is></${qualified}>`;
}

/** The first element of a name within, as it is written; empty when there is none. */
function element(xml: Uint8Array, name: number): string {
  const reader = new XmlReader(xml);
  let start = -1;
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'text' || token === 'comment' || reader.name !== name) continue;
    if (token === 'open' && start < 0) start = reader.start;
    else if (token === 'empty' && start < 0)
      return new TextDecoder().decode(xml.subarray(reader.start, reader.end));
    else if (token === 'close' && start >= 0)
      return new TextDecoder().decode(xml.subarray(start, reader.end));
  }
  return '';
}

const guards = new Set(
  'documentProtection writeProtection sheetProtection workbookProtection fileSharing modifyVerifier'
    .split(' ')
    .map(nameHash),
);
const secrets = new Set(
  ['hashValue', 'hash', 'password', 'workbookPassword', 'hashData', 'reservationPassword'].map(nameHash),
);
/** OpenDocument: on tables and sections. */
const guarded = new Set(['protected', 'structure-protected', 'protection-key'].map(nameHash));

/** Whether its author protected a document against changes. */
export function isProtected(xml: Uint8Array): boolean {
  const reader = new XmlReader(xml);
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token !== 'open' && token !== 'empty') continue;
    const isGuard = guards.has(reader.name);
    if (!isGuard && !tables.has(reader.name)) continue;
    while (reader.nextAttribute()) {
      const isOn = /^(1|true|on)$/.test(decoded(xml, reader.from, Math.min(reader.to, reader.from + 8)));
      if (isGuard && (isOn || secrets.has(reader.attribute))) return true;
      if (!isGuard && guarded.has(reader.attribute) && isOn) return true;
    }
  }
  return false;
}

const tables = new Set(['table', 'spreadsheet', 'section', 'text-section'].map(nameHash));
