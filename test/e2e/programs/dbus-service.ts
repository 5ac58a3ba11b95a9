/**
 * A notification service on the session bus, in as much of the D-Bus protocol as that takes: prints `ready`, then one line
 * for each call it receives: member, and for Notify the summary. Little-endian callers only.
 */
import net from 'node:net';

const kind = { call: 1, reply: 2 } as const;
const field = {
  path: 1,
  interface: 2,
  member: 3,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;
const busName = 'org.freedesktop.DBus';

class Writer {
  #bytes: number[] = [];
  align(to: number): this {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
    return this;
  }
  raw(...bytes: number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }
  u32(value: number): this {
    this.align(4);
    return this.raw(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  }
  string(text: string): this {
    this.u32(text.length);
    return this.raw(...Buffer.from(text), 0);
  }
  field(code: number, signature: string, value: string | number): this {
    this.align(8).raw(code, 1, signature.charCodeAt(0), 0);
    if (typeof value === 'number') return this.u32(value);
    return signature === 'g' ? this.raw(value.length, ...Buffer.from(value), 0) : this.string(value);
  }
  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

let serial = 0;
type Fields = readonly (readonly [code: number, signature: string, value: string | number])[];
function message(type: number, fields: Fields, signature = '', body: Buffer = Buffer.alloc(0)): Buffer {
  serial += 1;
  const all = signature ? [...fields, [field.signature, 'g', signature] as const] : fields;
  const list = new Writer();
  for (const one of all) list.field(...one);
  const head = new Writer().raw(0x6c, type, 0, 1).u32(body.length).u32(serial).u32(list.bytes.length);
  return Buffer.concat([head.raw(...list.bytes).align(8).bytes, body]);
}

const call = (member: string, signature = '', body?: Buffer): Buffer =>
  message(
    kind.call,
    [
      [field.path, 'o', '/org/freedesktop/DBus'],
      [field.interface, 's', busName],
      [field.member, 's', member],
      [field.destination, 's', busName],
    ],
    signature,
    body,
  );

/** Strings of a message's header, by field. */
function headerOf(bytes: Buffer): Map<number, string> {
  const found = new Map<number, string>();
  const end = 16 + bytes.readUInt32LE(12);
  for (let at = 16; at < end;) {
    at = (at + 7) & ~7;
    const [code = 0, signature] = [bytes[at], String.fromCharCode(bytes[at + 2] ?? 0)];
    at += 4;
    if (signature === 'g') {
      at += 2 + (bytes[at] ?? 0);
    } else if (signature === 'u') {
      at = ((at + 3) & ~3) + 4;
    } else {
      at = (at + 3) & ~3;
      const length = bytes.readUInt32LE(at);
      found.set(code, bytes.toString('utf8', at + 4, at + 4 + length));
      at += 5 + length;
    }
  }
  return found;
}

/** Notify(app_name s, replaces_id u, app_icon s, summary s, …). */
function summaryOf(body: Buffer): string {
  const skip = (at: number): number => {
    const start = (at + 3) & ~3;
    return start + 5 + body.readUInt32LE(start);
  };
  const afterId = ((skip(0) + 3) & ~3) + 4;
  const start = (skip(afterId) + 3) & ~3;
  return body.toString('utf8', start + 4, start + 4 + body.readUInt32LE(start));
}

const bus = net.connect(process.argv[2] ?? '');
let pending = Buffer.alloc(0);
let talking = false;
const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
bus.write(`\0AUTH EXTERNAL ${user}\r\n`);
bus.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  if (!talking) {
    if (!pending.includes('\r\n')) return;
    talking = true;
    pending = pending.subarray(pending.indexOf('\r\n') + 2);
    bus.write('BEGIN\r\n');
    bus.write(call('Hello'));
    bus.write(call('RequestName', 'su', new Writer().string('org.freedesktop.Notifications').u32(4).bytes));
    process.stdout.write('ready\n');
  }
  while (pending.length >= 16) {
    const bodyLength = pending.readUInt32LE(4);
    const start = (16 + pending.readUInt32LE(12) + 7) & ~7;
    if (pending.length < start + bodyLength) return;
    answer(pending.subarray(0, start + bodyLength), start);
    pending = pending.subarray(start + bodyLength);
  }
});

function answer(bytes: Buffer, bodyAt: number): void {
  if (bytes[1] !== kind.call) return;
  const header = headerOf(bytes);
  const member = header.get(field.member);
  process.stdout.write(`${member} ${member === 'Notify' ? summaryOf(bytes.subarray(bodyAt)) : ''}\n`);
  const to: Fields = [
    [field.replySerial, 'u', bytes.readUInt32LE(8)],
    [field.destination, 's', header.get(field.sender) ?? ''],
  ];
  if (member === 'Notify') return void bus.write(message(kind.reply, to, 'u', new Writer().u32(7).bytes));
  if (member === 'GetServerInformation') {
    const body = new Writer().string('test').string('test').string('1').string('1.2');
    return void bus.write(message(kind.reply, to, 'ssss', body.bytes));
  }
  bus.write(message(kind.reply, to));
}
