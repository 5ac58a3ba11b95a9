/** A packet of the agent's, read strictly: one question in the one form that resolvers send, or nothing. */
import { domainToASCII, domainToUnicode } from 'node:url';
import dns from 'dns-packet';
import { typeName } from './record-types.ts';

export const rcodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noName: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
};

const headerBytes = 12;
const packetBytes = 4096;
const leastReply = 512;
/** What passes most networks in one piece; also what we announce (flag day of 2020). */
export const mostReply = 1232;

/** What of a packet its answer repeats. */
export type Head = {
  readonly id: number;
  readonly opcode: number;
  /** RD and CD, as they were. */
  readonly flags: number;
  /** Bytes that an answer over UDP may have. */
  readonly size: number;
  readonly extended: boolean;
};

export type NameQuestion = {
  readonly head: Head;
  /** In the spelling of the question, without the final dot. */
  readonly name: string;
  /** The same in lower case. */
  readonly host: string;
  readonly type: number;
  /** As policy knows it: `A`, `HTTPS`, `TYPE65280`. */
  readonly typeName: string;
  /** As `dns-packet` knows it. */
  readonly codec: string;
};

export type Read =
  /** No question at all: nothing to answer. */
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly head: Head; readonly rcode: number; readonly why: string }
  | { readonly kind: 'question'; readonly question: NameQuestion };

export function readQuestion(bytes: Uint8Array): Read {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < headerBytes) return { kind: 'none' };
  const flags = packet.readUInt16BE(2);
  if (flags & 0x8000) return { kind: 'none' };
  const opcode = (flags >> 11) & 0xf;
  const plain = {
    id: packet.readUInt16BE(0),
    opcode,
    flags: flags & 0x0110,
    size: leastReply,
    extended: false,
  };
  const wrong = (rcode: number, why: string, head: Head = plain): Read => ({
    kind: 'wrong',
    head,
    rcode,
    why,
  });

  if (opcode !== 0) return wrong(rcodes.notImplemented, 'is no query');
  // Counted before it is decoded, so that decoding costs what one question costs.
  const counts = [4, 6, 8].map((at) => packet.readUInt16BE(at)).join(' ');
  if (counts !== '1 0 0' || packet.readUInt16BE(10) > 1 || packet.length > packetBytes)
    return wrong(rcodes.formatError, 'holds something else than one question');
  const labels = readLabels(packet);
  if (!labels) return wrong(rcodes.formatError, 'has a name that is none');

  let decoded: dns.DecodedPacket;
  try {
    decoded = dns.decode(packet);
  } catch {
    return wrong(rcodes.formatError, 'cannot be read');
  }
  if (dns.decode.bytes !== packet.length) return wrong(rcodes.formatError, 'goes on after its end');
  const [extension] = decoded.additionals ?? [];
  const [asked] = decoded.questions ?? [];
  if (!asked || (extension && (extension.type !== 'OPT' || extension.name !== '.')))
    return wrong(rcodes.formatError, 'holds something else than one question');
  const head: Head = extension?.type === 'OPT' ? extendedHead(plain, extension) : plain;
  if (extension?.type === 'OPT' && extension.ednsVersion !== 0)
    return wrong(rcodes.badVersion, 'has an unknown version', head);
  const type = packet.readUInt16BE(labels.end);
  if (packet.readUInt16BE(labels.end + 2) !== 1)
    return wrong(rcodes.refused, 'is not about the Internet', head);
  if (!labels.texts.every(isHostLabel) || labels.texts.length === 0)
    return wrong(rcodes.refused, 'has a name that no host has', head);
  const name = labels.texts.join('.');
  const codec: string = asked.type;
  return {
    kind: 'question',
    question: { head, name, host: name.toLowerCase(), type, typeName: typeName(type, codec), codec },
  };
}

const extendedHead = (head: Head, { udpPayloadSize }: dns.OptAnswer): Head => ({
  ...head,
  size: Math.min(Math.max(udpPayloadSize, leastReply), mostReply),
  extended: true,
});

/** The name of the question, in which nothing is compressed. The decoder would not tell a dot in a label from one between two. */
function readLabels(packet: Buffer): { readonly texts: readonly string[]; readonly end: number } | undefined {
  const texts: string[] = [];
  for (let at = headerBytes; ;) {
    const length = packet[at];
    if (length === undefined || length > 63 || at - headerBytes > 254) return undefined;
    at += 1;
    if (length === 0) return at + 4 <= packet.length ? { texts, end: at } : undefined;
    texts.push(packet.toString('latin1', at, at + length));
    at += length;
  }
}

/** Letters, digits, hyphens and underscores; a label in another script is in its one true ASCII form (RFC 5890). */
function isHostLabel(label: string): boolean {
  if (!/^[a-z0-9_-]+$/i.test(label)) return false;
  const lower = label.toLowerCase();
  if (!lower.startsWith('xn--')) return true;
  const unicode = domainToUnicode(lower);
  return unicode !== '' && unicode !== lower && domainToASCII(unicode) === lower;
}
