/** What the office formats that are zip archives have in common: parts of XML, and other files among them. */
import type { Budget, Extracted, Extractor, Origin } from '../document.ts';
import { sourceOf } from '../source.ts';
import { partIn, problem } from './parts.ts';
import { TextWriter } from './text-writer.ts';
import { XmlReader } from './xml.ts';
import type { XmlState } from './xml-text.ts';
import type { ZipArchive } from './zip-archive.ts';
import type { ZipEntry } from './zip-directory.ts';

export type Unpack = Parameters<Extractor>[4];

export type Package = {
  readonly archive: ZipArchive;
  readonly part: string;
  readonly depth: number;
  readonly budget: Budget;
  readonly unpack: Unpack;
};

/** Writes the text of one part of XML. `root`: hash of its root element's name. */
export type XmlPart = (
  xml: Uint8Array,
  entry: ZipEntry,
  part: string,
  root: number,
  out: TextWriter,
) => XmlState & { readonly isWhole?: boolean };

/** The entries that were read early, because others can only be understood with them. */
export type Early = ReadonlyMap<ZipEntry, Uint8Array>;

/** Reads entries by their names in lower case. What is wrong with them is yielded. */
export function* readEarly(
  { archive, part, budget }: Package,
  names: readonly string[],
): Generator<Extracted, Map<ZipEntry, Uint8Array>> {
  const found = new Map<ZipEntry, Uint8Array>();
  for (const entry of archive.directory.entries) {
    if (!names.includes(entry.name.toLowerCase()) || found.size > names.length) continue;
    const over = budget.entry(part);
    if (over) yield { kind: 'problem', problem: over };
    const { data, problems } = archive.content(entry);
    yield* problems;
    found.set(entry, data ?? new Uint8Array());
    if (data && !asUtf8(data, budget).isSame)
      yield problem(
        'unsupported',
        partIn(part, entry.name),
        'is not in UTF-8, so what depends on it may be missing',
      );
  }
  return found;
}

export function earlyByName(early: Early, name: string): Uint8Array {
  for (const [entry, data] of early) if (entry.name.toLowerCase() === name) return data;
  return new Uint8Array();
}

/** All entries but `skip`: XML by `xmlPart`, everything else as files of their own. */
export function* parts(
  { archive, part, depth, budget, unpack }: Package,
  early: Early,
  skip: ReadonlySet<ZipEntry>,
  xmlPart: XmlPart,
): Generator<Extracted> {
  for (const entry of archive.directory.entries) {
    if (skip.has(entry)) continue;
    const name = partIn(part, entry.name);
    let data = early.get(entry);
    if (!data) {
      const over = budget.entry(part) ?? budget.late(part);
      if (over) {
        yield { kind: 'problem', problem: over };
        return;
      }
      const content = archive.content(entry);
      yield* content.problems;
      data = content.data;
    }
    if (!data || data.length === 0) continue;
    if (!isXml(data)) yield* unpack(sourceOf(data), name, depth + 1);
    else yield* xmlText(data, entry, name, budget, xmlPart);
  }
}

export function* xmlText(
  data: Uint8Array,
  entry: ZipEntry,
  name: string,
  budget: Budget,
  xmlPart: XmlPart,
): Generator<Extracted> {
  const { xml, isSame } = asUtf8(data, budget);
  const out = new TextWriter(xml.length >> 2, budget.origins);
  const state = xmlPart(xml, entry, name, rootOf(xml), out);
  yield* ofWriter(out, name, isSame);
  yield* stateProblems(state, name);
}

/** @param isSame whether places in the XML are places in the part */
export function* ofWriter(out: TextWriter, name: string, isSame = true): Generator<Extracted> {
  const text = out.text(name);
  if (text === undefined || text.kind !== 'text') return;
  const { origin, ...rest }: typeof text & { origin?: Origin } = text;
  yield isSame ? text : { ...rest, ...(origin && { origin: { kind: 'pieces', pieces: [] } }) };
}

export function* stateProblems(
  { isDamaged, hasDoctype, isWhole }: XmlState & { readonly isWhole?: boolean },
  name: string,
): Generator<Extracted> {
  if (isDamaged) yield problem('corrupt', name, 'its XML ends in the middle of something');
  if (hasDoctype) yield problem('unsupported', name, 'has a document type definition, which was not applied');
  if (isWhole === false)
    yield problem('suspicious_ratio', name, 'its cells show far more text than it holds');
}

/** A `<` behind a byte order mark and blanks, in UTF-8 or UTF-16. */
function isXml(data: Uint8Array): boolean {
  for (let at = 0; at < 64 && at < data.length; at += 1) {
    const byte = data[at] ?? 0;
    if (byte === 0x3c) return true;
    const isMark = at < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf || byte >= 0xfe);
    if (byte > 0x20 && !isMark) return false;
  }
  return false;
}

function asUtf8(data: Uint8Array, { host }: Budget): { xml: Uint8Array; isSame: boolean } {
  const head = String.fromCharCode(...data.subarray(0, 128)).replaceAll('\0', '');
  let label = /^[^<]{0,4}<\?xml[^>]*encoding=["']([\w.-]{1,40})/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  if (data[0] === 0xff || (data[0] === 0x3c && data[1] === 0)) label = 'utf-16le';
  else if (data[0] === 0xfe || (data[0] === 0 && data[1] === 0x3c)) label = 'utf-16be';
  else if (label.startsWith('utf-16')) label = 'utf-8';
  if (label === 'utf-8' || label === 'us-ascii' || label === 'ascii') return { xml: data, isSame: true };
  const text = host.decode(label, data);
  return text === undefined
    ? { xml: data, isSame: true }
    : { xml: new TextEncoder().encode(text), isSame: false };
}

function rootOf(xml: Uint8Array): number {
  const reader = new XmlReader(xml);
  for (let token = reader.next(); token !== 'end'; token = reader.next())
    if (token === 'open' || token === 'empty') return reader.name;
  return 0;
}
