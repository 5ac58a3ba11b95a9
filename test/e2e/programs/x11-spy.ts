/**
 * What an X client could do to others, in the core protocol: connects to the display of $DISPLAY without a cookie, or with
 * the one given in hex, and prints a line for each attempt.
 */
import net from 'node:net';

const [cookieText = ''] = process.argv.slice(2);
const number = /:(\d+)/u.exec(process.env['DISPLAY'] ?? '')?.[1] ?? '0';
const name = 'MIT-MAGIC-COOKIE-1';
const cookie = Buffer.from(cookieText, 'hex');

function setup(): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x6c;
  head.writeUInt16LE(11, 2);
  if (cookie.length === 0) return head;
  head.writeUInt16LE(name.length, 6);
  head.writeUInt16LE(cookie.length, 8);
  return Buffer.concat([head, Buffer.from(name.padEnd(20, '\0'), 'latin1'), cookie]);
}

function request(opcode: number, data: number, ...fields: number[]): Buffer {
  const bytes = Buffer.alloc(4 + fields.length * 4);
  bytes[0] = opcode;
  bytes[1] = data;
  bytes.writeUInt16LE(1 + fields.length, 2);
  for (const [index, field] of fields.entries()) bytes.writeUInt32LE(field >>> 0, 4 + index * 4);
  return bytes;
}

const socket = net.connect(`/tmp/.X11-unix/X${number}`);
socket.on('error', (error) => {
  process.stdout.write(`no display: ${error.message}\n`);
  process.exit(3);
});
socket.on('close', () => process.exit(4));
socket.write(setup());

let pending = Buffer.alloc(0);
let wake: (() => void) | undefined;
socket.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  wake?.();
});
async function take(length: number): Promise<Buffer> {
  while (pending.length < length) await new Promise<void>((resolve) => (wake = resolve));
  const bytes = pending.subarray(0, length);
  pending = pending.subarray(length);
  return bytes;
}
/** The next reply or error; events are passed over. */
async function reply(): Promise<{ error: number | undefined; body: Buffer }> {
  for (;;) {
    const head = Buffer.from(await take(32));
    if (head[0] === 0) return { error: head[1], body: head };
    if (head[0] !== 1) continue;
    const more = Buffer.from(await take(head.readUInt32LE(4) * 4));
    return { error: undefined, body: Buffer.concat([head, more]) };
  }
}

const first = Buffer.from(await take(8));
const rest = Buffer.from(await take(first.readUInt16LE(6) * 4));
if (first[0] !== 1) {
  process.stdout.write(`refused: ${rest.toString('latin1').trim()}\n`);
  process.exit(5);
}
const vendor = rest.readUInt16LE(16);
const root = rest.readUInt32LE(32 + ((vendor + 3) & ~3) + 8 * (rest[21] ?? 0));
const say = (what: string, answer: string): void => void process.stdout.write(`${what}: ${answer}\n`);
const ask = async (bytes: Buffer): Promise<{ error: number | undefined; body: Buffer }> => {
  socket.write(bytes);
  return reply();
};
const allowed = ({ error }: { error: number | undefined }): string => (error === undefined ? 'yes' : 'no');

const keys = await ask(request(44, 0));
say(
  'sees keys',
  keys.error === undefined && keys.body.subarray(8, 40).some((byte) => byte !== 0) ? 'yes' : 'no',
);
say('takes a picture', allowed(await ask(request(73, 2, root, 0, 0x00080008, 0xffffffff))));
const grabbed = await ask(request(31, 0, root, 0, 0x0101));
say('grabs the keyboard', grabbed.error === undefined && grabbed.body[1] === 0 ? 'yes' : 'no');
const cut = await ask(request(20, 0, root, 9, 0, 0, 100));
say('reads a cut buffer', cut.error === undefined && cut.body.readUInt32LE(8) !== 0 ? 'yes' : 'no');
// Writes, and sees through GetInputFocus that the server came past it.
socket.write(request(22, 0, root, 1, 0));
const owner = (await ask(request(23, 0, 1))).body;
say('clears the selection', owner[0] === 1 && owner.readUInt32LE(8) === root ? 'yes' : 'no');
socket.write(Buffer.concat([request(18, 0, root, 10, 31, 8, 4), Buffer.from('evil')]).fill(7, 2, 3));
const changed = await ask(request(43, 0));
say('alive', allowed(changed) === 'yes' || changed.error !== undefined ? 'yes' : 'no');
process.exit(0);
