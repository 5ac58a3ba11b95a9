import { expect, test } from 'vitest';
import { TextWriter } from '../src/documents/text-writer.ts';
import { odfText } from '../src/documents/odf-text.ts';
import { sheetText } from '../src/documents/ooxml-sheet.ts';
import { addEdits, type Edits } from '../src/redact-edits.ts';
import { editXml, isProtected } from '../src/redact-xml.ts';

const card = '4111111111111111';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Redacts every `value` in the text that `write` gets out of the XML. */
function edited(xml: string, value: string, write: (xml: Uint8Array, out: TextWriter) => unknown): string {
  const out = new TextWriter(64, true);
  write(bytes(xml), out);
  const item = out.text('part');
  if (item?.kind !== 'text') throw new Error('no text');
  const text = new TextDecoder().decode(item.text);
  const findings = [...text.matchAll(new RegExp(value, 'g'))].map(({ index, 0: found }) => ({
    detector: 'card',
    class: 'financial.card',
    confidence: 85 as const,
    why: [],
    part: 'part',
    start: index,
    end: index + found.length,
  }));
  const edits: Edits = new Map();
  const naming = { wordOf: (): string => 'CARD', pseudonym: (): string => '00ff' };
  addEdits(edits, 'part', { text: item.text, origin: item.origin }, findings, naming);
  return new TextDecoder().decode(editXml(bytes(xml), edits.get('part') ?? []));
}

const inSheet = (xml: Uint8Array, out: TextWriter): unknown =>
  sheetText(xml, 'part', out, undefined, { byStyle: [], is1904: false }, 1 << 20);
const inOdf = (xml: Uint8Array, out: TextWriter): unknown => odfText(xml, 'part', out, 1 << 20);

test('[req: dlp:redaction] a number in a cell becomes text in the same place and style', () => {
  expect(
    edited(`<row><c r="B2" s="3" t="n"><v>${card}</v></c><c r="C2"><v>7</v></c></row>`, card, inSheet),
  ).toBe('<row><c r="B2" s="3" t="inlineStr"><is><t>[CARD:00ff]</t></is></c><c r="C2"><v>7</v></c></row>');
  expect(edited(`<x:row><x:c r="B2"><x:v>4.111111111111111E15</x:v></x:c></x:row>`, card, inSheet)).toBe(
    '<x:row><x:c r="B2" t="inlineStr"><x:is><x:t>[CARD:00ff]</x:t></x:is></x:c></x:row>',
  );
});

test('a formula stays, and what it says is replaced within its quotes', () => {
  expect(edited(`<row><c r="B2"><f>A1*1</f><v>${card}</v></c></row>`, card, inSheet)).toBe(
    '<row><c r="B2" t="str"><f>A1*1</f><v>[CARD:00ff]</v></c></row>',
  );
  expect(edited(`<row><c r="B2"><f>${card}&amp;"${card}"</f><v>1</v></c></row>`, card, inSheet)).toBe(
    '<row><c r="B2"><f>&quot;[CARD:00ff]&quot;&amp;"[CARD:00ff]"</f><v>1</v></c></row>',
  );
  expect(() => edited(`<row><c><f>'${card}'!A1</f><v>1</v></c></row>`, card, inSheet)).toThrow('formula');
});

test('a number of an OpenDocument is replaced where it is stored and where it is shown', () => {
  const cell = `<table:table-cell table:style-name="c" office:value-type="float" office:value="${card}" calcext:value-type="float"><text:p>4111 1111 1111 1111</text:p><office:annotation><text:p>a note</text:p></office:annotation></table:table-cell>`;
  const result = edited(`<table:table-row>${cell}</table:table-row>`, '4111 1111 1111 1111', inOdf);
  expect(result).toBe(
    '<table:table-row><table:table-cell table:style-name="c" office:value-type="string"><text:p>[CARD:00ff]</text:p><office:annotation><text:p>a note</text:p></office:annotation></table:table-cell></table:table-row>',
  );
});

test('protection is seen, and not where it is only spelled out as absent', () => {
  expect(isProtected(bytes('<worksheet><sheetProtection sheet="1"/></worksheet>'))).toBe(true);
  expect(isProtected(bytes('<w:settings><w:documentProtection w:hash="x"/></w:settings>'))).toBe(true);
  expect(isProtected(bytes('<a><table:table table:protected="true"/></a>'))).toBe(true);
  expect(isProtected(bytes('<workbook><workbookProtection/><fileSharing userName="a"/></workbook>'))).toBe(
    false,
  );
});
