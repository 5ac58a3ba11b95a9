/**
 * One line of a chain. The hash covers the bytes of the line itself, not a re-serialised form, so a verifier needs no
 * JSON canonicaliser and no byte of a line is left out:
 *
 *     {"v":1,"seq":7,"time":"…","prev":"<64 hex>",…body…[,"signature":"<88 base64>"],"hash":"<64 hex>"}
 *
 * `hash` is SHA-256 over everything before `,"hash":"`; `signature` is Ed25519 over the domain and everything before
 * `,"signature":"`. Both are last and of fixed length, so they are cut off by position and text inside a body cannot
 * imitate them.
 */
import { hash as digest } from 'node:crypto';

/** Keeps a signature of a line from being one of anything else that the device key may ever sign. */
const domain = 'chaperone journal v1\n';

const hashTailBytes = ',"hash":""}'.length + 64;
const signatureTailBytes = ',"signature":""'.length + 88;

export type Signer = { sign(data: Uint8Array): Uint8Array };
export type Verifier = { verify(data: Uint8Array, signature: Uint8Array): boolean };

export type SealedLine = { readonly line: Buffer; readonly hash: string };

/** What the first line of a chain points back to; binds the chain to its name (a session id, or `sessions`). */
export function genesis(name: string): string {
  return digest('sha256', `${domain}${name}`, 'hex');
}

/** @param body a JSON object with at least one member and without `v`, `seq`, `time`, `prev`, `signature`, `hash` */
export function sealLine(seq: number, time: string, prev: string, body: object, signer?: Signer): SealedLine {
  let text = `{"v":1,"seq":${seq},"time":"${time}","prev":"${prev}",${JSON.stringify(body).slice(1, -1)}`;
  if (signer) {
    const signature = Buffer.from(signer.sign(Buffer.from(domain + text))).toString('base64');
    text += `,"signature":"${signature}"`;
  }
  const hash = digest('sha256', text, 'hex');
  return { line: Buffer.from(`${text},"hash":"${hash}"}\n`), hash };
}

export type ChainedLine = {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly value: Readonly<Record<string, unknown>>;
};

/** @param line without its newline. @returns what is wrong with it, as a text, when its hash does not cover its bytes */
export function openLine(line: Buffer): ChainedLine | string {
  if (line.length <= hashTailBytes) return 'the line is too short to be a record';
  const covered = line.subarray(0, line.length - hashTailBytes);
  const hash = digest('sha256', covered, 'hex');
  if (line.subarray(covered.length).toString('latin1') !== `,"hash":"${hash}"}`) {
    return 'its content does not match its hash';
  }
  const value = parseObject(line);
  if (!value) return 'the line is not JSON';
  const { v, seq, prev } = value;
  if (v !== 1) return `its format version is ${JSON.stringify(v)}, and only 1 is known`;
  if (!Number.isSafeInteger(seq) || typeof prev !== 'string') return 'it has no number or no link';
  return { seq: Number(seq), prev, hash, value };
}

/** Whether a line that {@link openLine} accepted carries a signature of this key over itself. */
export function isSignedBy(line: Buffer, verifier: Verifier): boolean {
  const end = line.length - hashTailBytes;
  const start = end - signatureTailBytes;
  if (start <= 0) return false;
  const match = /^,"signature":"([A-Za-z0-9+/]{86}==)"$/.exec(line.subarray(start, end).toString('latin1'));
  if (!match?.[1]) return false;
  const signed = Buffer.concat([Buffer.from(domain), line.subarray(0, start)]);
  return verifier.verify(signed, Buffer.from(match[1], 'base64'));
}

function parseObject(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The complete lines of a file without their newlines, and what follows the last newline. */
export function splitLines(content: Buffer): { lines: Buffer[]; torn: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return { lines, torn: content.subarray(start) };
}
