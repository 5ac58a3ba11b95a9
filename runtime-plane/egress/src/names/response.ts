/** What a nameserver sent, read down to the records that answer the question; nothing else of it goes on. */
import dns from 'dns-packet';
import { addressBytes, canonicalAddress } from '../addresses.ts';
import { rcodes } from './question.ts';

const headerBytes = 12;
/** Over TCP; over UDP it fits anyhow. With the count it bounds what decoding costs. */
export const responseBytes = 16_384;
const records = 512;
const answers = 64;
const chainLength = 16;
const leastTtl = 1;
/** Names lead elsewhere in time; what is known of an address is to stay true. */
const mostTtl = 300;

export type NameRecord = {
  readonly owner: string;
  readonly codec: string;
  /** Seconds. */
  readonly ttl: number;
  /** As on the wire, names in it spelled out. */
  readonly data: Uint8Array;
  /** Of a CNAME. */
  readonly target?: string;
  /** Of A and AAAA. */
  readonly address?: string;
};

export type Response = { readonly rcode: number; readonly records: readonly NameRecord[] };

export type Asked = {
  readonly id: number;
  /** In the spelling that was sent. */
  readonly name: string;
  readonly codec: string;
};

export type ReadResponse =
  /** Answers something else: somebody guesses, or it is late. */
  | { readonly kind: 'foreign' }
  /** The right answer but for the spelling: from a nameserver that does not keep it, or from a lucky guess. */
  | { readonly kind: 'respelled' }
  | { readonly kind: 'truncated' }
  /** Ours, but broken. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'response'; readonly response: Response };

export function readResponse(packet: Buffer, asked: Asked, transport: 'udp' | 'tcp'): ReadResponse {
  if (packet.length < headerBytes || packet.readUInt16BE(0) !== asked.id) return { kind: 'foreign' };
  const flags = packet.readUInt16BE(2);
  if (!(flags & 0x8000) || (flags >> 11) & 0xf) return { kind: 'foreign' };
  const rcode = flags & 0xf;
  // Some that do not know extensions send back the bare header.
  if (packet.length === headerBytes && rcode === rcodes.formatError)
    return { kind: 'response', response: { rcode, records: [] } };
  const counts = [6, 8, 10].map((at) => packet.readUInt16BE(at));
  if (packet.readUInt16BE(4) !== 1) return { kind: 'foreign' };
  if (packet.length > responseBytes || counts.some((count) => count > records)) return { kind: 'broken' };

  let decoded: dns.DecodedPacket;
  try {
    decoded = dns.decode(packet);
  } catch {
    return flags & 0x0200 && transport === 'udp' ? { kind: 'truncated' } : { kind: 'broken' };
  }
  const [question] = decoded.questions ?? [];
  if (question?.name.toLowerCase() !== asked.name.toLowerCase() || question.type !== asked.codec)
    return { kind: 'foreign' };
  if (question.class !== 'IN') return { kind: 'foreign' };
  if (transport === 'udp' && question.name !== asked.name) return { kind: 'respelled' };
  if (flags & 0x0200) return transport === 'udp' ? { kind: 'truncated' } : { kind: 'broken' };
  if (dns.decode.bytes !== packet.length) return { kind: 'broken' };
  const found = followed(decoded.answers ?? [], asked);
  return found ? { kind: 'response', response: { rcode, records: found } } : { kind: 'broken' };
}

/** From the name that was asked through its aliases to the records. @returns undefined when the aliases go round */
function followed(given: readonly dns.Answer[], asked: Asked): readonly NameRecord[] | undefined {
  const usable = given.flatMap((answer) => nameRecord(answer) ?? []);
  const found: NameRecord[] = [];
  let owner = asked.name.toLowerCase();
  for (let step = 0; step <= chainLength; step += 1) {
    const own = usable.filter((record) => record.owner === owner);
    const alias = own.find(({ codec }) => codec === 'CNAME');
    if (asked.codec === 'CNAME' || !alias?.target) {
      const wanted = own.filter(({ codec }) => codec === asked.codec);
      return [...found, ...(asked.codec === 'CNAME' ? wanted.slice(0, 1) : wanted)].slice(0, answers);
    }
    found.push(alias);
    owner = alias.target;
  }
  return undefined;
}

/** @returns undefined for what cannot be written again as it was read */
function nameRecord(answer: dns.Answer): NameRecord | undefined {
  try {
    return checkedRecord(answer);
  } catch {
    return undefined;
  }
}

function checkedRecord(answer: dns.Answer): NameRecord | undefined {
  if (answer.type === 'OPT' || answer.class !== 'IN' || !isRecordName(answer.name)) return undefined;
  const base = {
    owner: answer.name.toLowerCase(),
    codec: answer.type,
    ttl: Math.min(Math.max(answer.ttl ?? 0, leastTtl), mostTtl),
  };
  switch (answer.type) {
    case 'A':
    case 'AAAA': {
      // The decoder reads on where the packet ends.
      const data = addressBytes(answer.data);
      const address = canonicalAddress(answer.data);
      return data && address !== undefined ? { ...base, data, address } : undefined;
    }
    case 'CNAME':
      return isRecordName(answer.data)
        ? { ...base, data: encoded(answer), target: answer.data.toLowerCase() }
        : undefined;
    case 'NS':
    case 'PTR':
      return isRecordName(answer.data) ? { ...base, data: encoded(answer) } : undefined;
    case 'MX':
      return isRecordName(answer.data.exchange) ? { ...base, data: encoded(answer) } : undefined;
    case 'SRV':
      return isRecordName(answer.data.target) ? { ...base, data: encoded(answer) } : undefined;
    case 'SOA':
      return isRecordName(answer.data.mname) && isRecordName(answer.data.rname)
        ? { ...base, data: encoded(answer) }
        : undefined;
    default:
      return { ...base, data: encoded(answer) };
  }
}

/** Also of RFC 2317 (`0/25.2.0.192.in-addr.arpa`); `.` means that there is none. */
const isRecordName = (name: string): boolean =>
  name === '.' || (name.length <= 253 && /^[a-z0-9_/*-]{1,63}(\.[a-z0-9_/*-]{1,63})*$/i.test(name));

/** Data of a record in the form of the wire, written by the encoder of its type. */
function encoded(answer: dns.Answer): Uint8Array {
  const whole = dns.encode({ type: 'response', answers: [{ ...answer, name: '.' }] });
  // Header, the root's name, then type, class, TTL and length.
  return whole.subarray(headerBytes + 1 + 10);
}
