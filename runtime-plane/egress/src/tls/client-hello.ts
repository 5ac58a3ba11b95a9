/**
 * The first message of a TLS connection, from the bytes that a client sent so far (RFC 8446 4.1.2, RFC 6066 3, RFC 7301 3.1). It is
 * only read: whatever two readers could take differently is malformed.
 */
import { ByteReader, Short } from './byte-reader.ts';
import { isHostName } from './host-name.ts';

export type ClientHello = {
  /** Lower case, without a final dot; undefined when the client names no host. */
  readonly sni?: string;
  /** One character per byte, in the client's order. */
  readonly alpn: readonly string[];
  /** As on the wire: 0x0304 is TLS 1.3. In the client's order, without those that mean nothing (RFC 8701). */
  readonly versions: readonly number[];
  /** An encrypted name is there, or what looks like one: browsers send it to every host. */
  readonly hasEch: boolean;
  /** Of the message, without the heads of its records. */
  readonly sizeBytes: number;
};

export type ReadHello =
  | { readonly state: 'more' }
  | { readonly state: 'not_tls' }
  | { readonly state: 'malformed'; readonly why: string }
  | { readonly state: 'hello'; readonly hello: ClientHello };

const record = { changeCipherSpec: 20, handshake: 22, heartbeat: 24 } as const;
const extension = { serverName: 0, alpn: 16, versions: 43, ech: 0xfe0d, esni: 0xffce } as const;
const clientHello = 1;
const recordHead = 5;
const handshakeHead = 4;
/** RFC 8446 5.1. */
const maxRecord = 16_384;
const maxHello = 65_536;
/** Each is looked at anew when more bytes came, so there must not be very many. */
const maxRecords = 4096;

/** @param bytes all that came so far, and perhaps what came after the hello. Never throws. */
export function readClientHello(bytes: Uint8Array): ReadHello {
  const [first, second, third] = bytes;
  if (first === undefined) return { state: 'more' };
  if (isOldHello(bytes)) return malformed('SSL 2 is not spoken here');
  if (first < record.changeCipherSpec || first > record.heartbeat) return { state: 'not_tls' };
  if (second === undefined) return { state: 'more' };
  if (second !== 3) return { state: 'not_tls' };
  if (third === undefined) return { state: 'more' };
  if (third > 4) return { state: 'not_tls' };
  // Some servers skip a warning that comes first, and then read the hello that we would not have seen.
  if (first !== record.handshake) return malformed('TLS that does not begin with a hello');
  return readRecords(bytes);
}

/** An SSL 2 record with a CLIENT-HELLO, which can also lead to TLS (RFC 5246 E.2). */
function isOldHello(bytes: Uint8Array): boolean {
  const [first = 0, , type, major] = bytes;
  return first >= 0x80 && type === clientHello && (major === 3 || (major === 0 && bytes[4] === 2));
}

function readRecords(bytes: Uint8Array): ReadHello {
  const fragments: Uint8Array[] = [];
  let held = 0;
  for (let at = 0; ;) {
    if (at > 0 && at < bytes.length && bytes[at] !== record.handshake)
      return malformed('another record inside of the hello');
    if (bytes.length < at + recordHead) return { state: 'more' };
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    if (bytes[at + 1] !== 3) return malformed('a record of an unknown version');
    if (length === 0) return malformed('an empty record');
    if (length > maxRecord) return malformed('a record that is too long');
    if (fragments.length === maxRecords) return malformed('a hello in too many records');
    const fragment = bytes.subarray(at + recordHead, at + recordHead + length);
    fragments.push(fragment);
    held += fragment.length;
    const wanted = messageLength(fragments);
    if (typeof wanted === 'string') return malformed(wanted);
    if (wanted !== undefined && held - fragment.length + length > wanted)
      return malformed('a hello that ends within its record');
    if (held === wanted) return readMessage(Buffer.concat(fragments));
    if (fragment.length < length) return { state: 'more' };
    at += recordHead + length;
  }
}

/** @returns with its head; undefined while that is not there; or what is wrong with it. */
function messageLength(fragments: readonly Uint8Array[]): number | string | undefined {
  const head: number[] = [];
  for (const fragment of fragments) {
    head.push(...fragment.subarray(0, handshakeHead - head.length));
    if (head.length === handshakeHead) break;
  }
  const [type, high = 0, middle = 0, low] = head;
  if (type !== undefined && type !== clientHello) return 'a handshake that does not begin with a hello';
  if (low === undefined) return undefined;
  const length = (high << 16) | (middle << 8) | low;
  return length > maxHello ? 'a hello that is too long' : handshakeHead + length;
}

function readMessage(message: Uint8Array): ReadHello {
  try {
    const hello = readHello(new ByteReader(message.subarray(handshakeHead)));
    if (typeof hello === 'string') return malformed(hello);
    return { state: 'hello', hello: { ...hello, sizeBytes: message.length } };
  } catch (error) {
    if (error instanceof Short) return malformed('a hello whose parts do not fit into it');
    throw error;
  }
}

function readHello(body: ByteReader): Omit<ClientHello, 'sizeBytes'> | string {
  const legacyVersion = body.uint16();
  if (legacyVersion >> 8 !== 3) return 'a hello of an unknown version';
  body.take(32);
  if (body.vector8().left > 32) return 'a session id that is too long';
  const ciphers = body.vector16().left;
  if (ciphers === 0 || ciphers % 2 === 1) return 'a broken list of ciphers';
  if (body.vector8().left === 0) return 'no compression method';
  const extensions = readExtensions(body);
  if (typeof extensions === 'string') return extensions;
  const alpn = readAlpn(extensions.get(extension.alpn));
  if (typeof alpn === 'string') return alpn;
  const versions = readVersions(extensions.get(extension.versions), legacyVersion);
  if (typeof versions === 'string') return versions;
  const hasEch = extensions.has(extension.ech) || extensions.has(extension.esni);
  const name = extensions.get(extension.serverName);
  if (name === undefined) return { alpn, versions, hasEch };
  const sni = readName(name);
  return sni === undefined ? 'a server name that is none' : { sni, alpn, versions, hasEch };
}

function readExtensions(body: ByteReader): Map<number, ByteReader> | string {
  const found = new Map<number, ByteReader>();
  if (body.left === 0) return found;
  const list = body.vector16();
  if (body.left > 0) return 'bytes after the extensions';
  while (list.left > 0) {
    const type = list.uint16();
    if (found.has(type)) return 'an extension that is there twice';
    found.set(type, list.vector16());
  }
  return found;
}

function readName(data: ByteReader): string | undefined {
  const list = data.vector16();
  if (data.left > 0 || list.uint8() !== 0) return undefined;
  const text = Buffer.from(list.vector16().rest()).toString('latin1').toLowerCase();
  if (list.left > 0) return undefined;
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return isHostName(name) ? name : undefined;
}

function readAlpn(data: ByteReader | undefined): string[] | string {
  if (data === undefined) return [];
  const list = data.vector16();
  const names: string[] = [];
  while (list.left > 0) names.push(Buffer.from(list.vector8().rest()).toString('latin1'));
  const broken = data.left > 0 || names.length === 0 || names.includes('');
  return broken ? 'a broken list of protocols' : names;
}

function readVersions(data: ByteReader | undefined, legacy: number): number[] | string {
  if (data === undefined) return [legacy];
  const list = data.vector8();
  const versions: number[] = [];
  while (list.left > 0) versions.push(list.uint16());
  if (data.left > 0 || versions.length === 0) return 'a broken list of versions';
  return versions.filter((version) => version >> 8 === 3);
}

function malformed(why: string): ReadHello {
  return { state: 'malformed', why };
}
