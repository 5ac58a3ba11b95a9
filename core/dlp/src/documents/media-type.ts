/** Which format content is in, by its first bytes. Names and endings are the agent's to choose, so they do not count. */
import { encodingOf, type TextEncoding } from './encoding.ts';
import { isMail } from './mail.ts';

type Magic = { readonly type: string; readonly at: number; readonly bytes: readonly number[] };

const latin = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const magic = (type: string, bytes: string, at = 0): Magic => ({ type, at, bytes: latin(bytes) });

/** The first that fits counts. */
const table: readonly Magic[] = [
  magic('application/zip', 'PK\x03\x04'),
  magic('application/zip', 'PK\x05\x06'),
  magic('application/zip', 'PK\x07\x08'),
  magic('application/gzip', '\x1f\x8b'),
  magic('application/zstd', '\x28\xb5\x2f\xfd'),
  magic('application/x-tar', 'ustar', 257),
  magic('application/x-cfb', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  magic('application/x-bzip2', '1AY&SY', 4),
  magic('application/x-bzip2', '\x17rE8P\x90', 4),
  magic('application/x-xz', '\xfd7zXZ\0'),
  magic('application/x-lzma', '\x5d\0\0'),
  magic('application/x-lzip', 'LZIP\x01'),
  magic('application/x-lz4', '\x04\x22\x4d\x18'),
  magic('application/x-7z-compressed', "7z\xbc\xaf'\x1c"),
  magic('application/vnd.rar', 'Rar!\x1a\x07'),
  magic('application/vnd.ms-cab-compressed', 'MSCF\0\0\0\0'),
  magic('application/x-compress', '\x1f\x9d'),
  magic('application/x-lha', '-lh0-', 2),
  magic('application/x-lha', '-lh5-', 2),
  magic('application/x-lha', '-lh6-', 2),
  magic('application/x-lha', '-lh7-', 2),
  magic('application/x-arj', '\x60\xea'),
  magic('application/rtf', '{\\rt'),
  magic('image/jpeg', '\xff\xd8\xff'),
  magic('image/png', '\x89PNG\r\n\x1a\n'),
  magic('image/gif', 'GIF87a'),
  magic('image/gif', 'GIF89a'),
  magic('image/webp', 'WEBP', 8),
  magic('image/tiff', 'II*\0'),
  magic('image/tiff', 'MM\0*'),
  magic('image/heif', 'ftyphei', 4),
  magic('image/heif', 'ftypmif1', 4),
  magic('image/avif', 'ftypavif', 4),
  magic('image/x-icon', '\0\0\x01\0'),
  magic('image/bmp', 'BM'),
  magic('image/vnd.adobe.photoshop', '8BPS'),
  ...encrypted(),
  ...programs(),
  ...media(),
];

/** What only its owner can read. */
function encrypted(): Magic[] {
  return [
    magic('application/pgp-encrypted', '-----BEGIN PGP MESSAGE-----'),
    magic('application/pgp-encrypted', '\x85\x02\x0c\x03'),
    magic('application/pgp-encrypted', '\x85\x01\x0c\x03'),
    magic('application/x-age-encryption', 'age-encryption.org/v1'),
    magic('application/x-openssl-encrypted', 'Salted__'),
    magic('application/x-keepass', '\x03\xd9\xa2\x9a'),
    magic('application/x-luks', 'LUKS\xba\xbe'),
    magic('application/x-ansible-vault', '$ANSIBLE_VAULT;'),
  ];
}

/** Compiled programs and data bases: strings in them are visible as they are. */
function programs(): Magic[] {
  return [
    magic('application/x-executable', '\x7fELF'),
    magic('application/x-archive', '!<arch>\n'),
    magic('application/x-mach-binary', '\xcf\xfa\xed\xfe'),
    magic('application/x-mach-binary', '\xca\xfe\xba\xbe\0\0\0\x02'),
    magic('application/java-vm', '\xca\xfe\xba\xbe'),
    magic('application/vnd.microsoft.portable-executable', 'MZ'),
    magic('application/wasm', '\0asm'),
    magic('application/x-python-bytecode', '\r\r\n', 1),
    magic('application/x-python-bytecode', '\r\n', 2),
    magic('application/vnd.sqlite3', 'SQLite format 3\0'),
    magic('application/x-gettext-translation', '\xde\x12\x04\x95'),
    magic('application/x-terminfo', '\x1a\x01'),
    magic('application/x-terminfo', '\x1e\x02'),
    magic('application/x-git-index', 'DIRC'),
  ];
}

/** Sound, moving pictures, fonts: no text that anybody would look for. */
function media(): Magic[] {
  return [
    magic('video/mp4', 'ftyp', 4),
    magic('audio/mpeg', 'ID3'),
    magic('audio/mpeg', '\xff\xfb'),
    magic('audio/ogg', 'OggS'),
    magic('audio/flac', 'fLaC'),
    magic('audio/x-wav', 'WAVE', 8),
    magic('video/x-msvideo', 'AVI ', 8),
    magic('video/x-matroska', '\x1a\x45\xdf\xa3'),
    magic('font/ttf', '\0\x01\0\0\0'),
    magic('font/collection', 'ttcf'),
    magic('font/otf', 'OTTO'),
    magic('font/woff', 'wOFF'),
    magic('font/woff2', 'wOF2'),
  ];
}

const encryptedTypes: ReadonlySet<string> = new Set(encrypted().map(({ type }) => type));

/** Content that is encrypted as a whole. */
export const isEncryptedType = (type: string): boolean => encryptedTypes.has(type);

/** By the place of their first byte, and by its value: numbers of the entries, in order. */
const byPlace = [...new Set(table.map(({ at }) => at))].map((at) => {
  const byByte: number[][] = Array.from({ length: 256 }, () => []);
  for (const [index, one] of table.entries()) if (one.at === at) byByte[one.bytes[0] ?? 0]?.push(index);
  return { at, byByte };
});

function magicOf(head: Uint8Array): Magic | undefined {
  let first = table.length;
  for (const { at, byByte } of byPlace)
    for (const index of byByte[head[at] ?? -1] ?? [])
      if (index < first && table[index]?.bytes.every((byte, offset) => head[at + offset] === byte))
        first = index;
  return table[first];
}

/** @param head at least the first 1024 bytes, where there are that many @param encoding of `head`. Any text is `text/plain`: see `textTypeOf` */
export function mediaTypeOf(head: Uint8Array, encoding: TextEncoding | undefined = encodingOf(head)): string {
  const found = magicOf(head);
  if (found && !isMisread(found.type, head)) return found.type;
  if (hasPdfHeader(head)) return 'application/pdf';
  if (isOldTar(head)) return 'application/x-tar';
  if (encoding === undefined) return 'application/octet-stream';
  return isMail(head) ? 'message/rfc822' : 'text/plain';
}

/** Two or three letters are not much: content that is text throughout begins so by chance. */
function isMisread(type: string, head: Uint8Array): boolean {
  // What follows the few letters of these: flags below 4, and where the first of so many pictures begins.
  if (type === 'application/x-python-bytecode') return isPythonText(head);
  if (type === 'image/x-icon') return !isIcon(head);
  const isShort = /^(?:image\/bmp|application\/vnd\.microsoft|audio\/mpeg|application\/x-git)/.test(type);
  return isShort && encodingOf(head) === 'utf-8';
}

/** From Python 3.7 on, flags follow; before that, a time. */
const isPythonText = (head: Uint8Array): boolean =>
  head[1] !== 0x0d && head[1] !== 0x0e
    ? head[1] !== 0xf3
    : (head[4] ?? 4) > 3 || head[5] !== 0 || head[6] !== 0;

function isIcon(head: Uint8Array): boolean {
  const pictures = (head[4] ?? 0) + (head[5] ?? 0) * 256;
  const first = (head[18] ?? 0) + (head[19] ?? 0) * 256;
  return pictures > 0 && first === 6 + 16 * pictures && head[9] === 0;
}

/** Readers accept its mark anywhere in the first 1024 bytes. */
function hasPdfHeader(head: Uint8Array): boolean {
  for (let at = head.indexOf(0x25); at >= 0 && at < 1024; at = head.indexOf(0x25, at + 1))
    if (head[at + 1] === 0x50 && head[at + 2] === 0x44 && head[at + 3] === 0x46 && head[at + 4] === 0x2d)
      return true;
  return false;
}

/** Archives from before POSIX have no magic, but a checksum of their first header. */
function isOldTar(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  const stated = statedSum(head);
  if (stated < 8 * 0x20) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at += 1) if (at < 148 || at >= 156) sum += head[at] ?? 0;
  return stated === sum;
}

/** An octal number; readers pass over blanks and zeros; -1 where there is none. */
function statedSum(head: Uint8Array): number {
  let sum = -1;
  for (let at = 148; at < 156; at += 1) {
    const byte = head[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x37) sum = Math.max(sum, 0) * 8 + byte - 0x30;
    else if (byte !== 0 && byte !== 0x20 && (sum >= 0 || byte < 0x09 || byte > 0x0d)) break;
  }
  return sum;
}
