/** Source code of macros, as Office packs it ([MS-OVBA] 2.4.1). */

/** Every module starts with `Attribute VB_Name`; packed, its first eight letters stand behind a byte of flags. */
const opening = [0x00, 0x41, 0x74, 0x74, 0x72, 0x69, 0x62, 0x75, 0x74];

/** @returns undefined where there is no packed module in the stream */
export function macroSource(stream: Uint8Array, maxBytes: number): Uint8Array | undefined {
  for (let at = stream.indexOf(0x41, 4); at >= 0; at = stream.indexOf(0x41, at + 1))
    if (opening.every((byte, index) => stream[at - 1 + index] === byte))
      return unpacked(stream, at - 3, maxBytes);
  return undefined;
}

/** @param from the first chunk */
function unpacked(bytes: Uint8Array, from: number, maxBytes: number): Uint8Array {
  const out: number[] = [];
  let at = from;
  while (at + 2 < bytes.length && out.length < maxBytes) {
    const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const end = Math.min(bytes.length, at + (header & 0xfff) + 3);
    if ((header & 0x7000) !== 0x3000) break;
    at += 2;
    if ((header & 0x8000) === 0) {
      for (; at < end; at += 1) out.push(bytes[at] ?? 0);
      continue;
    }
    const start = out.length;
    while (at < end) {
      let flags = bytes[at] ?? 0;
      at += 1;
      for (let bit = 0; bit < 8 && at < end; bit += 1, flags >>= 1) {
        if ((flags & 1) === 0) {
          out.push(bytes[at] ?? 0);
          at += 1;
          continue;
        }
        const token = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
        at += 2;
        const offsetBits = Math.max(4, 32 - Math.clz32(Math.max(0, out.length - start - 1)));
        const back = (token >> (16 - offsetBits)) + 1;
        const length = (token & (0xffff >> offsetBits)) + 3;
        for (let copied = 0; copied < length; copied += 1) out.push(out[out.length - back] ?? 0);
      }
    }
  }
  return Uint8Array.from(out);
}
