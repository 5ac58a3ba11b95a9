/** Compound files ([MS-CFB]): streams by their chains of sectors. Chains may lie, so each is as long as the file at most. */
import type { Source } from '../document.ts';
import { viewOf } from './zip-directory.ts';

export type CfbStream = { readonly name: string; readonly size: number; readonly read: () => Uint8Array };

const headerBytes = 512;
const recordBytes = 128;
const lastSector = 0xfffffffa;

/** @returns undefined when it has no readable directory */
export function cfbStreams(source: Source, maxStreams: number, maxBytes: number): CfbStream[] | undefined {
  const header = source.read(0, headerBytes);
  if (header.length < headerBytes) return undefined;
  const view = viewOf(header);
  const shift = view.getUint16(30, true);
  if ((shift !== 9 && shift !== 12) || view.getUint16(32, true) !== 6) return undefined;
  const sectorBytes = 1 << shift;
  const count = Math.ceil(source.size / sectorBytes);
  const sector = (index: number): Uint8Array => source.read((index + 1) * sectorBytes, sectorBytes);
  const table = fat(view, sector, count);
  const read = (first: number, size: number): Uint8Array =>
    gathered(chain(table, first, count), size, sectorBytes, sector);
  const directory = read(view.getUint32(48, true), maxStreams * recordBytes);
  if (directory.length < recordBytes) return undefined;
  const records = viewOf(directory);
  const cutoff = view.getUint32(56, true);
  const miniTable = viewOf(read(view.getUint32(60, true), source.size));
  const mini = read(records.getUint32(116, true), Math.min(records.getUint32(120, true), maxBytes));
  const streams: CfbStream[] = [];
  for (let at = 0; at + recordBytes <= directory.length; at += recordBytes) {
    if (directory[at + 66] !== 2) continue;
    const nameBytes = Math.min(64, Math.max(2, records.getUint16(at + 64, true))) - 2;
    const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + nameBytes));
    const first = records.getUint32(at + 116, true);
    const size = records.getUint32(at + 120, true);
    const capped = Math.min(size, maxBytes);
    streams.push({
      name,
      size,
      read: () =>
        size < cutoff
          ? gathered(chain(miniTable, first, count * 64), capped, 64, (index) =>
              mini.subarray(index * 64, index * 64 + 64),
            )
          : read(first, capped),
    });
  }
  return streams;
}

/** The table of what follows each sector: its own sectors are listed in the header, then in a chain. */
function fat(header: DataView, sector: (index: number) => Uint8Array, count: number): DataView {
  const indices: number[] = [];
  for (let at = 76; at < headerBytes; at += 4) indices.push(header.getUint32(at, true));
  let next = header.getUint32(68, true);
  for (let step = 0; step < count && next < lastSector; step += 1) {
    const list = sector(next);
    if (list.length < 8) break;
    const view = viewOf(list);
    for (let at = 0; at + 8 <= list.length; at += 4) indices.push(view.getUint32(at, true));
    next = view.getUint32(list.length - 4, true);
  }
  const sectors = indices.slice(0, count + 109).filter((index) => index < count);
  const bytes = sectors.map(sector);
  const table = new Uint8Array(bytes.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of bytes) {
    table.set(one, at);
    at += one.length;
  }
  return viewOf(table);
}

function* chain(table: DataView, first: number, most: number): Generator<number> {
  let at = first;
  for (let step = 0; step < most && at < lastSector; step += 1) {
    yield at;
    if ((at + 1) * 4 > table.byteLength) return;
    at = table.getUint32(at * 4, true);
  }
}

function gathered(
  sectors: Iterable<number>,
  size: number,
  sectorBytes: number,
  sector: (index: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (size > 0)
    for (const index of sectors) {
      const bytes = sector(index).subarray(0, size - length);
      if (bytes.length === 0) break;
      parts.push(bytes);
      length += bytes.length;
      if (length >= size || bytes.length < sectorBytes) break;
    }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
