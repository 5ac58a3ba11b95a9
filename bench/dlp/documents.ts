/** Documents of about 1 MB as people have them: text, and pictures that make up most of the size. */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

export type Document = { readonly name: string; readonly bytes: Buffer };

const sentence = 'The quarterly figures of the northern branch were discussed with the board and approved. ';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const types = (main: string, part: string): [string, string] => [
  '[Content_Types].xml',
  `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${main}.main+xml"/></Types>`,
];
const relations = (target: string): [string, string] => [
  '_rels/.rels',
  `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${target}"/></Relationships>`,
];

export function documents(): Document[] {
  return [docx(), xlsx(), pptx(), pdf()];
}

function docx(): Document {
  const paragraph = `<w:p><w:pPr><w:pStyle w:val="Text"/></w:pPr><w:r><w:rPr><w:lang w:val="en-GB"/></w:rPr><w:t>${sentence.repeat(4)}</w:t></w:r></w:p>`;
  const body = `${declaration}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraph.repeat(1_600)}</w:body></w:document>`;
  return {
    name: 'docx',
    bytes: zip([
      types('wordprocessingml.document', '/word/document.xml'),
      relations('word/document.xml'),
      ['word/document.xml', body],
      ['word/media/image1.png', picture(940_000)],
    ]),
  };
}

function xlsx(): Document {
  const rows = Array.from({ length: 4_000 }, (_, row) => {
    const cells = Array.from(
      { length: 8 },
      (__, cell) =>
        `<c r="${'ABCDEFGH'.charAt(cell)}${row + 1}"><v>${(row * 7919 + cell * 104_729) % 100_000}.5</v></c>`,
    );
    return `<row r="${row + 1}">${cells.join('')}</row>`;
  });
  const sheet = `${declaration}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData></worksheet>`;
  const workbook = `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Figures" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  const links = `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`;
  return {
    name: 'xlsx',
    bytes: zip([
      types('spreadsheetml.sheet', '/xl/workbook.xml'),
      relations('xl/workbook.xml'),
      ['xl/workbook.xml', workbook],
      ['xl/_rels/workbook.xml.rels', links],
      ['xl/worksheets/sheet1.xml', sheet],
      ['xl/media/image1.png', picture(800_000)],
    ]),
  };
}

function pptx(): Document {
  const slide = `${declaration}<p:sld xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cSld><p:spTree>${`<p:sp><p:txBody><a:p><a:r><a:t>${sentence}</a:t></a:r></a:p></p:txBody></p:sp>`.repeat(8)}</p:spTree></p:cSld></p:sld>`;
  const slides = Array.from({ length: 40 }, (_, n): [string, string] => [
    `ppt/slides/slide${n + 1}.xml`,
    slide,
  ]);
  const main = `${declaration}<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>`;
  return {
    name: 'pptx',
    bytes: zip([
      types('presentationml.presentation', '/ppt/presentation.xml'),
      relations('ppt/presentation.xml'),
      ['ppt/presentation.xml', main],
      ...slides,
      ['ppt/media/image1.png', picture(960_000)],
    ]),
  };
}

function pdf(): Document {
  const objects: Buffer[] = [];
  const stream = (dictionary: string, data: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
      data,
      Buffer.from('\nendstream'),
    ]);
  const pages = 60;
  const kids = Array.from({ length: pages }, (_, n) => `${4 + n * 2} 0 R`).join(' ');
  objects.push(Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'));
  objects.push(Buffer.from(`<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`));
  objects.push(
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
  );
  for (let page = 0; page < pages; page++) {
    const content = `BT /F1 10 Tf 40 800 Td 12 TL ${`(${sentence}) Tj T* `.repeat(50)}ET`;
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + page * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      ),
    );
    objects.push(stream('/Filter /FlateDecode', deflateSync(content)));
  }
  objects.push(
    stream(
      '/Type /XObject /Subtype /Image /Width 960 /Height 300 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      picture(960_000),
    ),
  );
  const parts = [Buffer.from('%PDF-1.7\n')];
  let at = parts[0]?.length ?? 0;
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.push(at);
    at += whole.length;
    parts.push(whole);
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return { name: 'pdf', bytes: Buffer.concat(parts) };
}

/** Bytes that do not compress. */
function picture(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

function zip(files: readonly (readonly [name: string, content: string | Buffer])[]): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, content] of files) {
    const data = Buffer.from(content as string);
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    centrals.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, tail, Buffer.from(name));
    locals.push(Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}
