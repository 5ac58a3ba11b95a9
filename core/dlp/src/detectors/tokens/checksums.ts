/** Checksums that vendors put into their tokens. They make a finding surer; a token of a later form must not be lost by them. */
import type { Checked } from '../../detector.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xed_b8_83_20 : rest >>> 1;
  return rest;
});

/** CRC-32 (ISO 3309) of ASCII text. */
export function crc32(text: string): number {
  let rest = 0xff_ff_ff_ff;
  for (let at = 0; at < text.length; at++)
    rest = (table[(rest ^ text.charCodeAt(at)) & 255] ?? 0) ^ (rest >>> 8);
  return (rest ^ 0xff_ff_ff_ff) >>> 0;
}

/** @returns six characters of base 62, most significant first */
export function base62Checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let count = 0; count < 6; count++) {
    digits = base62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** The last 6 characters of these tokens are the CRC-32 of the 30 random ones before: GitHub (since 2021), npm (since 2021). */
const withChecksum = new Set([
  'github.personal_token',
  'github.oauth_token',
  'github.user_token',
  'github.server_token',
  'npm.access_token',
]);

/** @returns the check of the tokens of this detector; undefined where the vendor has none */
export function githubChecksum(id: string): ((value: string) => Checked) | undefined {
  if (!withChecksum.has(id)) return undefined;
  return (value) => {
    const random = value.slice(value.indexOf('_') + 1);
    if (random.length !== 36) return true;
    return base62Checksum(random.slice(0, 30)) === random.slice(30)
      ? { alone: 85, supported: 85, why: 'its checksum is right' }
      : { alone: 75, supported: 85, why: 'its checksum is not the one the vendor would give' };
  };
}
