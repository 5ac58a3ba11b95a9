/** Answers to the agent, written from what was decided and from nothing that came. */
import dns from 'dns-packet';
import { type Head, mostReply, type NameQuestion } from './question.ts';
import type { NameRecord } from './response.ts';

const streamBytes = 65_535;
const headerBytes = 12;

type Reply = {
  readonly rcode: number;
  readonly records?: readonly NameRecord[];
};

/**
 * Owners of records are pointers to where the name stands already (RFC 1035, 4.1.4), so that what came in one packet leaves in one.
 *
 * @returns the message without a length prefix; over UDP as much as the asker takes, marked when that is not all
 */
export function writeReply(
  question: NameQuestion,
  { rcode, records = [] }: Reply,
  transport: 'udp' | 'tcp',
): Buffer {
  const { head, name, codec } = question;
  const asked = sectionOf({ questions: [{ name, type: codec as dns.RecordType, class: 'IN' }] });
  const extension = extensionOf(head, rcode);
  const most = (transport === 'udp' ? head.size : streamBytes) - extension.length;
  const parts: Buffer[] = [asked];
  let length = headerBytes + asked.length;
  let count = 0;
  const places = new Map([[question.host, headerBytes]]);
  for (const record of records) {
    const place = places.get(record.owner);
    const size = 12 + record.data.length;
    if (place === undefined || length + size > most) break;
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16BE(0xc000 | place, 0);
    fixed.writeUInt16BE(record.target === undefined ? question.type : 5, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt32BE(record.ttl, 6);
    fixed.writeUInt16BE(record.data.length, 10);
    parts.push(fixed, Buffer.from(record.data));
    // Aliases come first, and all that may be in one answer end where a pointer still reaches.
    if (record.target !== undefined) places.set(record.target, length + 12);
    length += size;
    count += 1;
  }
  const header = headerOf(head, rcode, { cut: count < records.length, questions: 1, answers: count });
  return Buffer.concat([header, ...parts, extension]);
}

/** To what could not be read as a question: only the code. */
export function writeBareReply(head: Head, rcode: number): Buffer {
  return Buffer.concat([
    headerOf(head, rcode, { cut: false, questions: 0, answers: 0 }),
    extensionOf(head, rcode),
  ]);
}

function headerOf(
  { id, opcode, flags, extended }: Head,
  rcode: number,
  { cut, questions, answers }: { cut: boolean; questions: number; answers: number },
): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(id, 0);
  // An answer, recursion available.
  header.writeUInt16BE(0x8080 | (opcode << 11) | (cut ? 0x0200 : 0) | flags | (rcode & 0xf), 2);
  header.writeUInt16BE(questions, 4);
  header.writeUInt16BE(answers, 6);
  header.writeUInt16BE(extended ? 1 : 0, 10);
  return header;
}

/** None of the asker's options is repeated. */
function extensionOf({ extended }: Head, rcode: number): Buffer {
  return extended ? sectionOf({ additionals: [extension(mostReply, rcode >> 4)] }) : Buffer.alloc(0);
}

export const extension = (udpPayloadSize: number, extendedRcode = 0): dns.OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize,
  extendedRcode,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
});

const sectionOf = (packet: dns.Packet): Buffer => dns.encode(packet).subarray(headerBytes);
