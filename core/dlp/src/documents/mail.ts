/**
 * Mail (RFC 5322, 2045 to 2049, 2231): headers, bodies in any encoding, attachments, mail within mail. What belongs to no part
 * is text like everything else, so that nothing hides between the boundaries.
 */
import type { Extracted, Extractor } from '../document.ts';
import { latin, startsWith } from './bytes.ts';
import { sourceOf } from '../source.ts';
import { problem } from './parts.ts';

type Entity = { readonly headers: ReadonlyMap<string, string>; readonly body: Uint8Array };

const maxHeaderBytes = 1 << 18;
const headBytes = 4096;
const lineFeed = 0x0a;
const headerNames =
  /^(?:received|from|to|cc|subject|date|message-id|mime-version|return-path|delivered-to|x-[a-z-]+|content-[a-z-]+|dkim-signature|reply-to|sender|arc-[a-z-]+|authentication-results|list-[a-z-]+|in-reply-to|references|user-agent):/i;

/** Whether content begins as a mail does: header lines, of which at least three are a mail's own. What ends within a line tells nothing of that line. */
export function isMail(content: Uint8Array): boolean {
  const head = content.length > headBytes ? content.subarray(0, headBytes) : content;
  let own = 0;
  const isBox = startsWith(head, 'From ');
  let at = isBox ? head.indexOf(lineFeed) + 1 : 0;
  if (isBox && at === 0) return false;
  while (!isEmptyLine(head, at)) {
    const isContinued = head[at] === 0x20 || head[at] === 0x09;
    const colon = isContinued ? at : colonIn(head, at);
    const end = colon < 0 && own < 3 ? 0 : head.indexOf(lineFeed, at);
    if (end < 0) break;
    if (colon < 0) return false;
    if (!isContinued && isLetter(head[at] ?? 0) && headerNames.test(latin(head, at, colon + 1))) own += 1;
    at = end + 1;
  }
  return own >= 3;
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

const isEmptyLine = (head: Uint8Array, at: number): boolean =>
  head[at] === lineFeed || (head[at] === 0x0d && head[at + 1] === lineFeed);

/** @returns where the name of a header ends, if the line at `at` begins with one; else -1 */
function colonIn(head: Uint8Array, at: number): number {
  let end = at;
  for (let byte = head[end] ?? 0; byte > 0x20 && byte < 0x7f && byte !== 0x3a; byte = head[end] ?? 0)
    end += 1;
  return end > at && head[end] === 0x3a ? end : -1;
}

export const mail: Extractor = function* (source, part, depth, budget, unpack) {
  const bytes = source.read(0, source.size);
  let left = budget.limits.maxEntries;
  const join = (name: string): string => (part === '' ? name : `${part}/${name}`);

  function* entity(content: Uint8Array, name: string, level: number): Generator<Extracted> {
    left -= 1;
    const late = budget.late(part);
    if (late || left < 0 || level > 32) {
      const detail = 'mail within mail, too deep or too many parts';
      yield { kind: 'problem', problem: late ?? { code: 'too_deep', part: join(name), detail } };
      return;
    }
    const { headers, body } = entityOf(content);
    const type = headers.get('content-type') ?? 'text/plain';
    const media = /^[\w.+-]+\/[\w.+-]+/.exec(type.trim())?.[0]?.toLowerCase() ?? 'text/plain';
    if (headers.size > 0) yield { kind: 'text', part: join(`${name}headers`), text: encode(shown(headers)) };
    const boundary = media.startsWith('multipart/') ? parameter(type, 'boundary') : undefined;
    if (boundary !== undefined && boundary !== '') {
      const { parts, outside, isWhole } = split(body, boundary);
      if (outside.length > 0) yield { kind: 'text', part: join(`${name}preamble`), text: outside };
      for (const [index, one] of parts.entries()) yield* entity(one, `${name}${index + 1}.`, level + 1);
      if (!isWhole) yield problem('corrupt', join(`${name}parts`), 'its parts end early');
      return;
    }
    const decoded = transferDecoded(body, headers.get('content-transfer-encoding'));
    if (media === 'message/rfc822' || media === 'message/global') {
      yield* entity(decoded, name, level + 1);
      return;
    }
    const disposition = headers.get('content-disposition') ?? '';
    const file = parameter(disposition, 'filename') ?? parameter(type, 'name');
    if (media.startsWith('text/') && !/^\s*attachment/i.test(disposition)) {
      const charset = parameter(type, 'charset') ?? 'utf-8';
      const text = budget.host.decode(charset, decoded);
      yield { kind: 'text', part: join(`${name}body`), text: text === undefined ? decoded : encode(text) };
    } else {
      const spent = budget.spend(join(name), decoded.length, Math.max(1, body.length));
      if (spent) yield { kind: 'problem', problem: spent };
      else yield* unpack(sourceOf(decoded), join(file ?? `${name}attachment`), depth + 1);
    }
  }

  for (const [index, message] of messages(bytes).entries())
    yield* entity(message, index === 0 ? '' : `message${index + 1}.`, 0);
};

/** One mail, or the mails of an mbox (RFC 4155). */
function messages(bytes: Uint8Array): Uint8Array[] {
  if (!startsWith(bytes, 'From ', 0)) return [bytes];
  const found: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    if (startsWith(bytes, 'From ', at + 1) && (bytes[at - 1] === 10 || bytes[at - 1] === 13)) {
      found.push(bytes.subarray(start, at + 1));
      start = at + 1;
    }
  found.push(bytes.subarray(start));
  return found.map((one) => one.subarray(one.indexOf(10) + 1));
}

function entityOf(bytes: Uint8Array): Entity {
  const headers = new Map<string, string>();
  let at = 0;
  let name = '';
  while (at < bytes.length && at < maxHeaderBytes) {
    const end = bytes.indexOf(10, at);
    const stop = end < 0 ? bytes.length : end;
    const line = latin(bytes.subarray(at, bytes[stop - 1] === 13 ? stop - 1 : stop));
    const next = end < 0 ? bytes.length : end + 1;
    if (line === '') return { headers, body: bytes.subarray(next) };
    const colon = line.indexOf(':');
    if (/^[ \t]/.test(line) && name !== '') headers.set(name, `${headers.get(name) ?? ''} ${line.trim()}`);
    else if (colon > 0 && /^[!-9;-~]+$/.test(line.slice(0, colon))) {
      name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      const known = headers.get(name);
      headers.set(name, known === undefined ? value : `${known}\n${value}`);
    } else return { headers, body: bytes.subarray(at) };
    at = next;
  }
  return { headers, body: bytes.subarray(at) };
}

/** Header lines with their encoded words (RFC 2047) decoded. */
function shown(headers: ReadonlyMap<string, string>): string {
  return [...headers].map(([name, value]) => `${name}: ${unencoded(value)}`).join('\n');
}

function unencoded(value: string): string {
  return value
    .replace(/(=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]*\?=)\s+(?==\?)/g, '$1')
    .replace(
      /=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=/g,
      (all, charset: string, kind: string, body: string) => {
        const bytes =
          kind.toLowerCase() === 'b'
            ? fromBase64(binary(body))
            : fromQuotedPrintable(binary(body.replaceAll('_', ' ')));
        try {
          return new TextDecoder(charset).decode(bytes);
        } catch {
          return all;
        }
      },
    );
}

/** RFC 2045 and 2231 parameters: quoted, continued (`name*0`), with charset (`name*`). */
function parameter(value: string, name: string): string | undefined {
  const plain = new RegExp(
    `(?:^|[;\\s])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.){0,1000})"|([^;\\s"]{1,1000}))`,
    'i',
  ).exec(value);
  if (plain) return unencoded((plain[1] ?? plain[2] ?? '').replace(/\\(.)/g, '$1'));
  const pieces = [
    ...value.matchAll(
      new RegExp(`${name}\\*(\\d{1,3})?\\*?\\s*=\\s*(?:"([^"]{0,1000})"|([^;\\s"]{1,1000}))`, 'gi'),
    ),
  ];
  if (pieces.length === 0) return undefined;
  const joined = pieces
    .map((one) => one[2] ?? one[3] ?? '')
    .join('')
    .replace(/^[\w-]*'[\w-]*'/, '');
  try {
    return decodeURIComponent(joined);
  } catch {
    return joined;
  }
}

type Split = {
  readonly parts: Uint8Array[];
  /** What lies before the first and behind the last. */
  readonly outside: Uint8Array;
  readonly isWhole: boolean;
};

/** The parts between lines `--boundary`. */
function split(body: Uint8Array, boundary: string): Split {
  const mark = `--${boundary}`;
  const parts: Uint8Array[] = [];
  let start = -1;
  let outsideEnd = body.length;
  let tail: Uint8Array = new Uint8Array();
  let isWhole = false;
  for (let at = 0; at < body.length;) {
    if (startsWith(body, mark, at)) {
      if (start >= 0) parts.push(body.subarray(start, at));
      else outsideEnd = at;
      const isLast = startsWith(body, '--', at + mark.length);
      const line = body.indexOf(10, at);
      start = line < 0 ? body.length : line + 1;
      if (isLast) {
        isWhole = true;
        tail = body.subarray(start);
        start = -1;
        break;
      }
    }
    const line = body.indexOf(10, at);
    if (line < 0) break;
    at = line + 1;
  }
  if (start >= 0) parts.push(body.subarray(start));
  const head = body.subarray(0, outsideEnd);
  const outside = new Uint8Array(head.length + tail.length);
  outside.set(head);
  outside.set(tail, head.length);
  return { parts, outside, isWhole };
}

function transferDecoded(body: Uint8Array, encoding = ''): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'base64') return fromBase64(body);
  return name === 'quoted-printable' ? fromQuotedPrintable(body) : body;
}

const base64 = new Int8Array(256).fill(-1);
for (const [index, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  base64[character.charCodeAt(0)] = index;

/** What is no digit of it is passed over, as RFC 2045 wants it. */
function fromBase64(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const code of bytes) {
    const digit = base64[code] ?? -1;
    if (digit < 0) continue;
    bits = ((bits << 6) | digit) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[length] = (bits >> held) & 255;
      length += 1;
    }
  }
  return out.subarray(0, length);
}

function fromQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 0x3d) {
      const hex = /^[0-9A-Fa-f]{2}$/.exec(latin(bytes.subarray(at + 1, at + 3)));
      if (hex) {
        out[length] = Number.parseInt(hex[0], 16);
        length += 1;
        at += 2;
        continue;
      }
      const soft = bytes[at + 1] === 13 && bytes[at + 2] === 10 ? 2 : bytes[at + 1] === 10 ? 1 : 0;
      at += soft;
      if (soft > 0) continue;
    }
    out[length] = code;
    length += 1;
  }
  return out.subarray(0, length);
}

const binary = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
