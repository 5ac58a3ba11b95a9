/** Writes zip archives for tests: right ones, and wrong ones where a test asks for it. */
import { crc32, deflateRawSync } from 'node:zlib';

export type TestEntry = {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly isStored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** What the directory says instead of the truth. */
  readonly statedSize?: number;
  readonly statedName?: string;
  /** Is left out of the directory. */
  readonly isHidden?: boolean;
  readonly hasDescriptor?: boolean;
};

export function zipOf(
  entries: readonly TestEntry[],
  {
    prefix = '',
    comment = '',
    isZip64 = false,
  }: { prefix?: string; comment?: string; isZip64?: boolean } = {},
): Uint8Array {
  const files: Buffer[] = [Buffer.from(prefix)];
  const records: Buffer[] = [];
  let at = prefix.length;
  for (const entry of entries) {
    const data = Buffer.from(entry.data);
    const packed = entry.isStored ? data : deflateRawSync(data);
    const name = Buffer.from(entry.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE((entry.flags ?? 0) | (entry.hasDescriptor ? 8 : 0), 2);
    fields.writeUInt16LE(entry.method ?? (entry.isStored ? 0 : 8), 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.statedSize ?? data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.from(fields);
    if (entry.hasDescriptor) local.fill(0, 10, 22);
    const descriptor = Buffer.alloc(entry.hasDescriptor ? 16 : 0);
    if (entry.hasDescriptor) {
      descriptor.write('PK\x07\x08', 'latin1');
      fields.copy(descriptor, 4, 10, 22);
    }
    files.push(Buffer.from('PK\x03\x04'), local, name, packed, descriptor);
    const stated = Buffer.from(entry.statedName ?? entry.name);
    const record = Buffer.alloc(46);
    record.write('PK\x01\x02', 'latin1');
    record.writeUInt16LE(20, 4);
    fields.copy(record, 6);
    record.writeUInt16LE(stated.length, 28);
    record.writeUInt32LE(at - prefix.length, 42);
    if (!entry.isHidden) records.push(Buffer.concat([record, stated]));
    at += 30 + name.length + packed.length + descriptor.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(isZip64 ? 0xffff : records.length, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : records.length, 10);
  end.writeUInt32LE(isZip64 ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : at - prefix.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([
    ...files,
    directory,
    isZip64 ? wideEnd(records.length, directory.length, at) : Buffer.alloc(0),
    end,
    Buffer.from(comment),
  ]);
}

function wideEnd(count: number, size: number, at: number): Buffer {
  const wide = Buffer.alloc(56 + 20);
  wide.write('PK\x06\x06', 'latin1');
  wide.writeBigUInt64LE(44n, 4);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(at), 48);
  wide.write('PK\x06\x07', 56, 'latin1');
  wide.writeBigUInt64LE(BigInt(at + size), 64);
  wide.writeUInt32LE(1, 72);
  return wide;
}

const types = (main: string): TestEntry => ({
  name: '[Content_Types].xml',
  data: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/main.xml" ContentType="application/vnd.openxmlformats-officedocument.${main}.main+xml"/></Types>`,
});

export const docxOf = (body: string, ...more: TestEntry[]): Uint8Array =>
  zipOf([
    types('wordprocessingml.document'),
    {
      name: 'word/document.xml',
      data: `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    },
    ...more,
  ]);

/** A paragraph of these runs. */
export const paragraph = (...runs: string[]): string =>
  `<w:p>${runs.map((run) => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${run}</w:t></w:r>`).join('<w:proofErr w:type="x"/>')}</w:p>`;

export const xlsxOf = (rows: string, strings: readonly string[] = [], ...more: TestEntry[]): Uint8Array =>
  zipOf([
    types('spreadsheetml.sheet'),
    { name: 'xl/worksheets/sheet1.xml', data: `<worksheet><sheetData>${rows}</sheetData></worksheet>` },
    {
      name: 'xl/sharedStrings.xml',
      data: `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    },
    ...more,
  ]);
