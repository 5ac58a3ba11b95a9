/** Keccak-256 as Ethereum uses it (the padding of the submission, not of FIPS 202). */
const mask = (1n << 64n) - 1n;
const rotate = (lane: bigint, by: number): bigint =>
  ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & mask;

/** Round constants, from the linear feedback register of the specification. */
const rounds: bigint[] = [];
for (let round = 0, register = 1; round < 24; round += 1) {
  let constant = 0n;
  for (let bit = 0; bit < 7; bit += 1) {
    if ((register & 1) === 1) constant |= 1n << BigInt(2 ** bit - 1);
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
  }
  rounds.push(constant);
}

/** @param bytes at most 135: one block. @returns 32 bytes */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(136);
  block.set(bytes);
  block[bytes.length] = (block[bytes.length] ?? 0) ^ 1;
  block[135] = (block[135] ?? 0) ^ 0x80;
  const view = new DataView(block.buffer);
  const lanes = Array.from({ length: 25 }, (_, at) => (at < 17 ? view.getBigUint64(at * 8, true) : 0n));
  for (const constant of rounds) permute(lanes, constant);
  const digest = new DataView(new ArrayBuffer(32));
  for (let at = 0; at < 4; at += 1) digest.setBigUint64(at * 8, lanes[at] ?? 0n, true);
  return new Uint8Array(digest.buffer);
}

function permute(lanes: bigint[], constant: bigint): void {
  const lane = (x: number, y: number): bigint => lanes[(x % 5) + 5 * (y % 5)] ?? 0n;
  const columns = [0, 1, 2, 3, 4].map((x) => lane(x, 0) ^ lane(x, 1) ^ lane(x, 2) ^ lane(x, 3) ^ lane(x, 4));
  for (let at = 0; at < 25; at += 1)
    lanes[at] =
      (lanes[at] ?? 0n) ^ (columns[((at % 5) + 4) % 5] ?? 0n) ^ rotate(columns[((at % 5) + 1) % 5] ?? 0n, 1);
  const moved = lanes.slice();
  for (let step = 0, x = 1, y = 0; step < 24; step += 1) {
    const by = (((step + 1) * (step + 2)) / 2) % 64;
    const [nextX, nextY] = [y, (2 * x + 3 * y) % 5];
    moved[nextX + 5 * nextY] = rotate(lane(x, y), by);
    [x, y] = [nextX, nextY];
  }
  for (let y = 0; y < 5; y += 1)
    for (let x = 0; x < 5; x += 1) {
      const at = (column: number): bigint => moved[(column % 5) + 5 * y] ?? 0n;
      lanes[x + 5 * y] = at(x) ^ (~at(x + 1) & mask & at(x + 2));
    }
  lanes[0] = (lanes[0] ?? 0n) ^ constant;
}
