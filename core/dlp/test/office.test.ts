import { expect, test } from 'vitest';
import { nameLabels } from '../src/documents/labels.ts';
import type { Label } from '../src/finding.ts';
import { seenIn } from './extracted.ts';
import { docxOf, paragraph, xlsxOf, zipOf } from './zip-writer.ts';

const document = 'word/document.xml';
const sheet = 'xl/worksheets/sheet1.xml';

test('[req: dlp:office-text] runs of a paragraph are one text, cells are parted by tabs, rows by lines', () => {
  const cell = (text: string): string => `<w:tc>${paragraph(text)}</w:tc>`;
  const { type, texts, problems } = seenIn(
    docxOf(
      `${paragraph('DE89 3704', ' 0044 05', '32 0130 00')}<w:tbl><w:tr>${cell('Name')}${cell('IBAN')}</w:tr><w:tr>${cell('Ann')}<w:tc><w:p/></w:tc>${cell('last')}</w:tr></w:tbl>${paragraph('a &amp; b &#x41;&#66; &unknown;')}`,
    ),
  );
  expect(type).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document');
  expect(problems).toEqual([]);
  expect(texts[document]).toBe('DE89 3704 0044 0532 0130 00\nName\tIBAN\nAnn\t\tlast\na & b AB &unknown;');
});

test('everything that a document says is read: notes, comments, properties, links, fields, embedded files', () => {
  const part = (name: string, data: string | Uint8Array): { name: string; data: string | Uint8Array } => ({
    name,
    data,
  });
  const { all, texts } = seenIn(
    docxOf(
      `${paragraph('x')}<w:p><w:fldSimple w:instr="MAILTO one@field.example"/><w:del w:author="Two Author"><w:r><w:delText>three deleted</w:delText></w:r></w:del></w:p><wp:docPr id="1" descr="four described"/><!-- five commented -->`,
      part('word/header1.xml', `<w:hdr>${paragraph('six in the header')}</w:hdr>`),
      part('word/footnotes.xml', `<w:footnotes>${paragraph('seven in a note')}</w:footnotes>`),
      part(
        'word/comments.xml',
        `<w:comments><w:comment w:author="eight">${paragraph('nine commented')}</w:comment></w:comments>`,
      ),
      part(
        'word/_rels/document.xml.rels',
        '<Relationships><Relationship Id="r" Target="mailto:ten@link.example" TargetMode="External"/></Relationships>',
      ),
      part('docProps/core.xml', '<cp:coreProperties><dc:title>eleven titled</dc:title></cp:coreProperties>'),
      part(
        'docProps/custom.xml',
        '<Properties><property name="IBAN of record"><vt:lpwstr>twelve valued</vt:lpwstr></property></Properties>',
      ),
      part('customXml/item1.xml', '<data><x>thirteen bound</x></data>'),
      part(
        'word/settings.xml',
        '<w:settings><w:docVar w:name="fourteen" w:val="fifteen varied"/></w:settings>',
      ),
      part(
        'word/embeddings/a.xlsx',
        xlsxOf('<row><c t="inlineStr"><is><t>sixteen embedded</t></is></c></row>'),
      ),
      part('word/afchunk.txt', 'seventeen imported'),
      part(
        'ppt/notesSlides/n1.xml',
        '<p:notes><a:p><a:r><a:t>eighteen</a:t></a:r><a:r><a:t> noted</a:t></a:r></a:p></p:notes>',
      ),
    ),
  );
  for (const said of [
    'one@field.example',
    'Two Author',
    'three deleted',
    'four described',
    'five commented',
    'six in the header',
    'seven in a note',
    'eight',
    'nine commented',
    'ten@link.example',
    'eleven titled',
    'twelve valued',
    'thirteen bound',
    'fourteen\tfifteen varied',
    'sixteen embedded',
    'seventeen imported',
    'eighteen noted',
  ])
    expect(all).toContain(said);
  expect(texts['docProps/custom.xml']).toContain('IBAN of record\ttwelve valued');
});

test('a sheet shows its numbers as its reader sees them, in their columns', () => {
  const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000\\-00\\-0000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`;
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c></row>
    <row r="2" hidden="1"><c r="A2"><v>4.111111111111111E15</v></c><c r="C2" s="1"><v>29358</v></c><c r="D2" s="2"><v>78051120</v></c></row>
    <row r="3"><c r="A3"><f>"four"&amp;A2</f><v>5</v></c><c r="B3" t="str"><v>shown</v></c><c r="C3" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>`;
  const { texts, problems } = seenIn(
    xlsxOf(
      rows,
      ['Card', 'Born', 'SSN', 'shown nowhere'],
      { name: 'xl/styles.xml', data: styles },
      {
        name: 'xl/workbook.xml',
        data: '<workbook><sheets><sheet name="Secret plans" state="hidden"/></sheets></workbook>',
      },
    ),
  );
  expect(problems).toEqual([]);
  expect(texts[sheet]).toBe(
    'Card\t\tBorn\tSSN\n4111111111111111\t\t1980-05-17\t078-05-1120\n5\tshown\tinline\n"four"&A2',
  );
  expect(texts['xl/sharedStrings.xml']).toBe('shown nowhere');
  expect(texts['xl/workbook.xml']).toContain('Secret plans');
});

test('a sheet that shows a long text again and again does not grow without limit', () => {
  const cells = '<c t="s"><v>0</v></c>'.repeat(2000);
  const short = xlsxOf(`<row>${cells}</row>`.repeat(12), ['x'.repeat(1000)]);
  expect(seenIn(short, { maxTotalBytes: 16 << 20 }).problems.join()).toContain('suspicious_ratio');
  const long = seenIn(xlsxOf(`<row>${cells}</row>`, ['y'.repeat(30_000)]));
  expect(long.all.length).toBeLessThan(100_000);
});

test('broken XML ends, and is no clean document', () => {
  for (const body of [
    '<w:p',
    '<w:p a="',
    '<!--',
    '<![CDATA[',
    '<?',
    '<w:t>x</',
    '<w:p>',
    '</w:p>',
    '<'.repeat(1000),
    '<a b=\'"'.repeat(100),
  ])
    expect(seenIn(docxOf(body)).problems, body.slice(0, 20)).not.toEqual([]);
  const doctype = zipOf([
    { name: '[Content_Types].xml', data: '<Types/>' },
    { name: 'word/document.xml', data: '<!DOCTYPE d [<!ENTITY e "value">]><w:document>&e;</w:document>' },
  ]);
  expect(seenIn(doctype).problems).toEqual([`unsupported ${document}`]);
});

test('an OpenDocument is read with its cells, and its encryption is a problem', () => {
  const odf = (content: string, manifest = ''): Uint8Array =>
    zipOf([
      { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', isStored: true },
      { name: 'content.xml', data: `<office:document-content>${content}</office:document-content>` },
      { name: 'META-INF/manifest.xml', data: `<manifest:manifest>${manifest}</manifest:manifest>` },
    ]);
  const { type, texts, problems } = seenIn(
    odf(
      `<table:table-row><table:table-cell office:value-type="string"><text:p>DE89<text:s text:c="2"/><text:span>37</text:span>04</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="4111111111111111"><text:p>4.11E+15</text:p></table:table-cell></table:table-row>`,
    ),
  );
  expect(type).toBe('application/vnd.oasis.opendocument.spreadsheet');
  expect(problems).toEqual([]);
  expect(texts['content.xml']).toBe('DE89 3704\t\t\t4111111111111111 4.11E+15\n');
  expect(seenIn(odf('', '<manifest:encryption-data/>')).problems).toEqual(['encrypted']);
});

const id = (digit: string): string => `${digit.repeat(8)}-aaaa-bbbb-cccc-${digit.repeat(12)}`;

test('[req: dlp:labels] labels are read from LabelInfo first, and from the properties for other tenants', () => {
  const custom = (digit: string, tenant: string, name: string, enabled = 'true'): string =>
    Object.entries({ Enabled: enabled, SiteId: tenant, Name: name })
      .map(
        ([key, value]) =>
          `<property name="MSIP_Label_${id(digit)}_${key}"><vt:lpwstr>${value}</vt:lpwstr></property>`,
      )
      .join('');
  const { labels } = seenIn(
    docxOf(
      paragraph('x'),
      {
        name: 'docMetadata/LabelInfo.xml',
        data: `<clbl:labelList><clbl:label id="{${id('1')}}" enabled="1" siteId="{${id('a')}}" removed="0"/><clbl:label id="{${id('2')}}" enabled="1" siteId="{${id('b')}}" removed="1"/></clbl:labelList>`,
      },
      {
        name: 'docProps/custom.xml',
        data: `<Properties>${custom('3', id('a'), 'Older of a')}${custom('4', id('c'), 'Of Another')}${custom('5', id('d'), 'Off', 'false')}${custom('2', id('b'), 'Removed')}</Properties>`,
      },
    ),
  );
  expect(labels).toEqual([
    { name: id('1'), id: id('1'), tenant: id('a'), source: 'label_info' },
    { name: 'of another', id: id('4'), tenant: id('c'), source: 'custom_properties' },
  ]);
  const named = nameLabels(labels as readonly Label[], new Map([[id('1'), 'Confidential']]));
  expect(named.map(({ name }) => name)).toEqual(['confidential', 'of another']);
});
