import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify, redact, type Redacted, sourceOf } from '../src/index.ts';
import { host, seenIn } from './extracted.ts';
import { docxOf, paragraph, type TestEntry, xlsxOf, zipOf } from './zip-writer.ts';

const first = 'DE89370400440532013000';
const second = 'GB82WEST12345698765432';
const sheet = 'xl/worksheets/sheet1.xml';

const redacted = (bytes: Uint8Array): Redacted => redact(sourceOf(bytes), host, { pseudonym: keyed });
const keyed = (value: string): string => createHmac('sha256', 'key').update(value).digest('hex').slice(0, 12);
/** The tokens that the two values get. */
const [one, two] = [first, second].map((value) => `[IBAN:${keyed(value.toLowerCase())}]`);

function copyOf(bytes: Uint8Array): Uint8Array {
  const result = redacted(bytes);
  if (!result.ok) throw new Error(result.why);
  return result.bytes;
}

test('[req: dlp:redaction] text keeps its encoding, and everything else that is in it', () => {
  const text = `ä; IBAN ${first}\r\nœ; DE89 3704 0044 0532 0130 00 ${second}\n`;
  const expected = `ä; IBAN ${one}\r\nœ; ${one} ${two}\n`;
  expect(Buffer.from(copyOf(Buffer.from(text))).toString()).toBe(expected);
  const wide = (of: string): Buffer => Buffer.from(`\ufeff${of}`, 'utf16le');
  expect(Buffer.from(copyOf(wide(text)))).toEqual(wide(expected));
  expect(Buffer.from(copyOf(wide(text).swap16()))).toEqual(wide(expected).swap16());
  const json = `{"iban": "${first}", "b": [1, 2]}`;
  expect(JSON.parse(Buffer.from(copyOf(Buffer.from(json))).toString())).toEqual({ iban: one, b: [1, 2] });
});

test('a text of several pieces is redacted as a whole', () => {
  const text = `${'x'.repeat((4 << 20) - 10)} ${first} ${'y'.repeat(100)} ${second}\n`;
  const copy = Buffer.from(copyOf(Buffer.from(text))).toString();
  expect(copy.slice((4 << 20) - 10)).toBe(` ${one} ${'y'.repeat(100)} ${two}\n`);
});

test('a value that is split over runs becomes one token, and its neighbours stay', () => {
  const copy = copyOf(
    docxOf(paragraph('before DE89 3704', ' 0044 05', '32 0130 00; after &amp; more') + paragraph(second)),
  );
  const { texts, problems } = seenIn(copy);
  expect(problems).toEqual([]);
  expect(texts['word/document.xml']).toBe(`before ${one}; after & more\n${two}`);
});

test('shared strings, inline strings, shown results, numbers and formulas of a sheet are replaced where they are', () => {
  const digits = '890370400440532013000';
  const rows = `<row><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>GB82 WEST 1234</t></r><r><t>5698 7654 32</t></r></is></c><c r="C1" t="str"><f>A1&amp;"${second}"</f><v>${first}</v></c><c r="D1" t="d"><v>2020-01-01</v></c><c r="E1"><v>${digits}</v></c><c r="F1" t="s"><v>0</v></c></row>`;
  const copy = copyOf(xlsxOf(rows, [first, 'stays']));
  const { texts, problems } = seenIn(copy);
  expect(problems).toEqual([]);
  expect(texts[sheet]).toBe(
    `${one}\t${two}\t${one}\t2020-01-01\t${digits}\t${one}\nA1&"${two}"`.replace('A1&', 'A1&'),
  );
  expect(texts['xl/sharedStrings.xml']).toBe('stays');
});

test('only what changes is packed again', () => {
  const data = Buffer.from(Array.from({ length: 2000 }, (_, index) => 32 + ((index * 7919) % 90)));
  const extra: TestEntry[] = [
    { name: 'word/media/image.bin', data, hasDescriptor: true },
    { name: 'docProps/thumbnail.jpeg', data },
  ];
  const original = Buffer.from(docxOf(paragraph(first), ...extra));
  const copy = Buffer.from(copyOf(original));
  const from = original.indexOf('word/media/image.bin') - 30;
  const to = original.indexOf('docProps/thumbnail.jpeg') - 30;
  expect(copy.includes(original.subarray(from, to))).toBe(true);
  // It shows the first page.
  const [picture] = [original, copy].map((bytes) => seenIn(bytes).texts['docProps/thumbnail.jpeg']);
  expect(seenIn(copy).texts['docProps/thumbnail.jpeg']).not.toBe(picture);
  expect(seenIn(copy).problems).toEqual([]);
});

test('archives of documents are redacted entry by entry', () => {
  const copy = copyOf(
    zipOf([
      { name: 'a.csv', data: `iban\n${first}\n` },
      { name: 'b.docx', data: docxOf(paragraph(second)) },
      { name: 'c', data: 'c' },
    ]),
  );
  const { texts, problems } = seenIn(copy);
  expect(problems).toEqual([]);
  expect(texts).toMatchObject({ 'a.csv': `iban\n${one}\n`, 'b.docx/word/document.xml': two, c: 'c' });
});

test('[req: dlp:redaction] what cannot be redacted in full is refused', () => {
  const document = (...more: TestEntry[]): Uint8Array => docxOf(paragraph(first), ...more);
  const refused: Record<string, Uint8Array> = {
    signed: document({ name: '_xmlsignatures/sig1.xml', data: '<Signature/>' }),
    protected: document({
      name: 'word/settings.xml',
      data: '<w:settings><w:documentProtection w:enforcement="1"/></w:settings>',
    }),
    'in a name of the archive': zipOf([{ name: `${first}.txt`, data: 'x' }]),
    'in a name that others refer to': xlsxOf('<row><c><v>1</v></c></row>', [], {
      name: 'xl/workbook.xml',
      data: `<workbook><sheet name="${first}"/></workbook>`,
    }),
    'in a document within the document': document({
      name: 'word/embeddings/a.xlsx',
      data: xlsxOf(`<row><c t="inlineStr"><is><t>${second}</t></is></c></row>`),
    }),
    'partly encrypted': document({ name: 'x', data: 'x', flags: 1 }),
    'with a hidden entry': document({ name: 'x', data: 'x', isHidden: true }),
  };
  for (const [why, bytes] of Object.entries(refused)) {
    const result = redacted(bytes);
    expect(result.ok, why).toBe(false);
    if (!result.ok) expect(result.why, why).toMatch(/\w/);
  }
});

test('an address of a link keeps its form', () => {
  const rels = {
    name: 'word/_rels/document.xml.rels',
    data: `<Relationships><Relationship Target="https://bank.example/?iban=${first}" TargetMode="External"/></Relationships>`,
  };
  const { texts } = seenIn(copyOf(docxOf(paragraph('x'), rels)));
  expect(texts[rels.name]).toContain(`https://bank.example/?iban=%5BIBAN:`);
  expect(texts[rels.name]).not.toContain(first);
});

test('what is put around values never survives, wherever the values are', () => {
  const word = fc.stringMatching(/^[;&<>"']{0,12}$/);
  const piece = fc.oneof(word, fc.constantFrom(first, second, 'DE89 3704 0044 0532 0130 00'));
  fc.assert(
    fc.property(
      fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      (lines) => {
        const escape = (text: string): string =>
          text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&#62;');
        const document = docxOf(
          lines.map((line) => paragraph(...line.map((text) => escape(` ${text} `)))).join(''),
        );
        const copy = copyOf(document);
        expect(classify(sourceOf(copy), host).classes).toEqual([]);
        const expected = seenIn(document)
          .texts['word/document.xml']?.replaceAll(first, one ?? '')
          .replaceAll(second, two ?? '')
          .replaceAll('DE89 3704 0044 0532 0130 00', one ?? '');
        expect(seenIn(copy).texts['word/document.xml']).toBe(expected);
      },
    ),
    { numRuns: 100 },
  );
});
