/** One small document of each kind, each with `secret` in it; and what a hostile hand does to them. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import { latin } from './texts.ts';

export const secret = 'DE89370400440532013000';

export type Sample = {
  readonly name: string;
  readonly bytes: Buffer;
  /** Its format has check values throughout: damage can be told from other content. */
  readonly isChecked: boolean;
};

export function zipOf(files: Readonly<Record<string, Uint8Array | string>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([latin('PK\x03\x04'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([latin('PK\x01\x02\x14\0'), head, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, latin('PK\x05\x06'), end]);
}

export function tarOf(name: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 124);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, content, Buffer.alloc(1024 + ((512 - (content.length % 512)) % 512))]);
}

const types = (main: string, type: string): Record<string, string> => ({
  '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${main}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`,
  '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${main}"/></Relationships>`,
});

export function samples(): Sample[] {
  const text = `name,iban\nAnn,${secret}\n`.padEnd(400, 'padding text ');
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const docx = zipOf({
    ...types('word/document.xml', 'wordprocessingml.document'),
    'word/document.xml': `<?xml version="1.0"?><w:document ${w}><w:body><w:p><w:r><w:t>DE8937</w:t></w:r><w:r><w:t>0400440532013000</w:t></w:r></w:p></w:body></w:document>`,
    'docProps/core.xml': '<cp:coreProperties/>',
  });
  const s = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const xlsx = zipOf({
    ...types('xl/workbook.xml', 'spreadsheetml.sheet'),
    'xl/workbook.xml': `<workbook ${s}><sheets><sheet name="A" sheetId="1"/></sheets></workbook>`,
    'xl/sharedStrings.xml': `<sst ${s}><si><t>iban</t></si><si><t>${secret}</t></si></sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet ${s}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>`,
  });
  const odt = zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:t"><text:p>${secret}</text:p></office:document-content>`,
    'META-INF/manifest.xml': '<manifest:manifest/>',
  });
  const stream = deflateSync(latin(`BT /F1 9 Tf (${secret}) Tj ET`));
  const pdf = Buffer.concat([
    latin(
      `%PDF-1.5\n1 0 obj\n<< /Type /Page /Contents 2 0 R >>\nendobj\n2 0 obj\n<< /Length ${stream.length} /Filter /FlateDecode >>\nstream\n`,
    ),
    stream,
    latin('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
  ]);
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length);
    head.write(type, 4);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), body])));
    return Buffer.concat([head, body, check]);
  };
  const packed = Buffer.concat([latin('Comment\0\0'), deflateSync(latin(secret))]);
  const png = Buffer.concat([
    latin('\x89PNG\r\n\x1a\n'),
    chunk('zTXt', packed),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  const mail = `From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zipOf({ 'a.txt': text }).toString('base64')}\r\n--x--\r\n`;
  const all: readonly [string, Buffer, boolean][] = [
    ['zip', zipOf({ 'a.txt': text, 'b/c.csv': 'x,y\n' }), true],
    ['docx', docx, true],
    ['xlsx', xlsx, true],
    ['odt', odt, true],
    ['nested zip', zipOf({ 'in.zip': zipOf({ 'a.txt': text }) }), true],
    ['tar.gz', gzipSync(tarOf('a/b.csv', Buffer.from(text))), true],
    ['gz', gzipSync(text), true],
    ['tar', tarOf('b.csv', Buffer.from(text)), false],
    ['pdf', pdf, false],
    ['png', png, false],
    ['mail', Buffer.from(mail), false],
    ['rtf', Buffer.from(`{\\rtf1\\ansi {\\fonttbl{\\f0 x;}} ${text}\\par }`), false],
    ['utf-16', Buffer.from(`\ufeff${text}`, 'utf16le'), false],
    ['csv', Buffer.from(text), false],
  ];
  return all.map(([name, bytes, isChecked]) => ({ name, bytes, isChecked }));
}

/** A number from 0 to `below`, the same sequence for the same seed (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One to four changes; at least one byte differs. */
export function mutated(bytes: Buffer, other: Buffer, roll: (below: number) => number): Buffer {
  let out: Buffer = Buffer.from(bytes);
  do {
    for (let left = 1 + roll(4); left > 0; left -= 1) out = change(out, other, roll);
  } while (out.equals(bytes));
  return out;
}

function change(bytes: Buffer, other: Buffer, roll: (below: number) => number): Buffer {
  const out = Buffer.from(bytes);
  const at = roll(out.length + 1);
  const length = 1 + roll(Math.min(64, out.length + 1));
  switch (roll(10)) {
    case 0:
      return out.subarray(0, at);
    case 1:
      for (let count = 1 + roll(16); count > 0 && out.length > 0; count -= 1)
        out[roll(out.length)] = roll(256);
      return out;
    case 2:
      return out.fill(roll(2) * 255, at, Math.min(at + length, out.length));
    case 3:
      return Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    case 4:
      return Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
    case 5:
      return Buffer.concat([
        out.subarray(0, at),
        other.subarray(0, roll(other.length + 1)),
        out.subarray(at),
      ]);
    case 6: {
      const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 0x10000];
      if (out.length < 4) return out;
      const where = roll(out.length - 3);
      const value = extremes[roll(extremes.length)] ?? 0;
      if (roll(2) === 0) out.writeUInt32LE(value, where);
      else out.writeUInt32BE(value, where);
      return out;
    }
    case 7:
      return Buffer.concat([out, Buffer.from(Array.from({ length }, () => roll(256)))]);
    case 8:
      return Buffer.concat([out.subarray(at), out.subarray(0, at)]);
    default:
      if (out.length > 0)
        out[Math.min(at, out.length - 1)] = (out[Math.min(at, out.length - 1)] ?? 0) ^ (1 << roll(8));
      return out;
  }
}
