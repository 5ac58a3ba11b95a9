/** Office Open XML (ISO/IEC 29500): documents, workbooks, presentations, and whatever else follows its packaging. */
import type { Extracted } from '../document.ts';
import { documentLabels } from './labels.ts';
import {
  earlyByName,
  ofWriter,
  type Package,
  parts,
  readEarly,
  stateProblems,
  type XmlPart,
} from './office.ts';
import { SharedStrings, sheetText } from './ooxml-sheet.ts';
import { cellFormats } from './ooxml-styles.ts';
import { partIn, problem } from './parts.ts';
import { TextWriter } from './text-writer.ts';
import { nameHash } from './xml.ts';
import { dialect, flowText, recordText } from './xml-text.ts';

const names = {
  types: '[content_types].xml',
  labels: 'docmetadata/labelinfo.xml',
  custom: 'docprops/custom.xml',
  strings: 'xl/sharedstrings.xml',
  styles: 'xl/styles.xml',
  workbook: 'xl/workbook.xml',
};

/** Word processing and drawing, with their comments and charts. */
const flow = dialect(false, {
  text: 't delText instrText delInstrText text',
  paragraph: 'p si comment pt cm',
  cell: 'tc',
  row: 'tr',
  break: 'br cr',
  tab: 'tab',
  hyphen: 'noBreakHyphen',
  attributes:
    'docPr cNvPr fldSimple hyperlink ins del comment tag alias listItem textpath imagedata shape person',
});

const hashesOf = (list: string): ReadonlySet<number> => new Set(list.split(' ').map(nameHash));
const flowRoots = hashesOf(
  `document hdr ftr footnotes endnotes comments glossaryDocument sld notes sldLayout sldMaster notesMaster handoutMaster
   wsDr userShapes dataModel drawing chartSpace ThreadedComments cmLst sst`.replace(/\s+/g, ' '),
);
/** Nothing but looks: their attributes say nothing. */
const lookRoots = hashesOf('styleSheet styles theme fonts webSettings numbering Types tblStyleLst');
const worksheet = hashesOf('worksheet chartsheet dialogsheet');

export function isOoxml(entries: readonly { readonly name: string }[]): boolean {
  return entries.some((entry) => entry.name.toLowerCase() === names.types);
}

export function* ooxml(office: Package): Generator<Extracted> {
  const { archive, part, depth, budget } = office;
  const early = yield* readEarly(office, Object.values(names));
  const type = mainType(earlyByName(early, names.types));
  if (depth === 0) yield { kind: 'type', type };
  for (const label of documentLabels(earlyByName(early, names.labels), earlyByName(early, names.custom)))
    yield { kind: 'label', label };
  if (type.includes('.binary.'))
    yield problem('unsupported', part, 'is a binary workbook; only parts of it were read');
  const formats = cellFormats(earlyByName(early, names.styles), earlyByName(early, names.workbook));
  const tables = archive.directory.entries.filter((entry) => entry.name.toLowerCase() === names.strings);
  const table = tables[0];
  const strings =
    table &&
    new SharedStrings(early.get(table) ?? new Uint8Array(), partIn(part, table.name), budget.origins);
  const xmlPart: XmlPart = (xml, entry, name, root, out) => {
    if (worksheet.has(root)) return sheetText(xml, name, out, strings, formats, budget.left());
    if (flowRoots.has(root)) return flowText(xml, name, out, flow);
    return recordText(xml, name, out, !lookRoots.has(root));
  };
  yield* parts(office, early, new Set(table ? [table] : []), xmlPart);
  if (!strings || !table) return;
  const unused = new TextWriter(256, budget.origins);
  strings.writeUnused(unused);
  yield* ofWriter(unused, partIn(part, table.name));
  yield* stateProblems(strings.state, partIn(part, table.name));
}

/** The main part's content type names the document's: RFC 6838 names by Microsoft and ECMA. */
function mainType(types: Uint8Array): string {
  const text = new TextDecoder().decode(types.subarray(0, 1 << 16));
  const [, main, macros] =
    /ContentType\s*=\s*["']([\w./-]{1,120}?(\.macroEnabled\w{0,10})?)\.main(?:\+xml)?["']/i.exec(text) ?? [];
  if (main === undefined) return 'application/x-opc';
  return macros === undefined ? main : `${main}.12`;
}
