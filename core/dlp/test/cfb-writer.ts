/** Writes compound files for tests: a table of sectors, a directory, streams. */

const sector = 512;
const none = 0xffffffff;
const end = 0xfffffffe;

const padded = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((sector - (bytes.length % sector)) % sector)]);

/** Streams are made long enough to have sectors of their own. */
export function cfbOf(streams: Readonly<Record<string, Uint8Array>>, loop = false): Uint8Array {
  const contents = Object.values(streams).map((bytes) =>
    padded(Buffer.concat([bytes, Buffer.alloc(Math.max(0, 4096 - bytes.length))])),
  );
  const directorySectors = Math.ceil((contents.length + 1) / 4);
  const table = Buffer.alloc(sector, 0xff);
  table.writeUInt32LE(0xfffffffd, 0);
  const chain = (from: number, count: number): void => {
    for (let at = from; at < from + count; at += 1)
      table.writeUInt32LE(at + 1 === from + count ? (loop ? from : end) : at + 1, at * 4);
  };
  chain(1, directorySectors);
  const records: Buffer[] = [record('Root Entry', 5, end, 0)];
  let at = 1 + directorySectors;
  for (const [index, name] of Object.keys(streams).entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    chain(at, content.length / sector);
    records.push(record(name, 2, at, content.length));
    at += content.length / sector;
  }
  const header = Buffer.alloc(sector, 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(end, 60);
  header.writeUInt32LE(end, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  return Buffer.concat([header, table, padded(Buffer.concat(records)), ...contents]);
}

function record(name: string, type: number, first: number, size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, 'utf16le');
  bytes.writeUInt16LE((name.length + 1) * 2, 64);
  bytes[66] = type;
  for (const link of [68, 72, 76]) bytes.writeUInt32LE(none, link);
  bytes.writeUInt32LE(first, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}
