/** The parts of a multipart body (RFC 2046, 5.1; RFC 7578), with their places. */

/** Offsets in the body. */
export type Part = {
  readonly headers: { readonly from: number; readonly to: number };
  readonly content: { readonly from: number; readonly to: number };
  /** With its parameters; empty when it says none. */
  readonly type: string;
  /** Of Content-Transfer-Encoding, lower case; empty when there is none. */
  readonly encoding: string;
};

export type Multipart = {
  readonly parts: readonly Part[];
  /** In front of the first boundary and behind the last. */
  readonly outside: readonly { readonly from: number; readonly to: number }[];
};

const maxParts = 10_000;
const maxHeaderBytes = 64 << 10;

/** @param type of the body, with parameters @returns undefined where it is none, or none that ends */
export function parseMultipart(body: Buffer, type: string): Multipart | undefined {
  const boundary = boundaryOf(type);
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Part[] = [];
  const first = nextDelimiter(body, delimiter, 0);
  let at = first;
  while (at >= 0) {
    const after = at + delimiter.length;
    if (body.toString('latin1', after, after + 2) === '--')
      return {
        parts,
        outside: [
          { from: 0, to: first },
          { from: after + 2, to: body.length },
        ],
      };
    const lineEnd = body.indexOf('\n', after);
    const next = lineEnd < 0 ? -1 : nextDelimiter(body, delimiter, lineEnd);
    if (next < 0 || parts.length >= maxParts) return undefined;
    const part = partIn(body, lineEnd + 1, endBefore(body, next));
    if (!part) return undefined;
    parts.push(part);
    at = next;
  }
  return undefined;
}

export function isMultipart(type: string): boolean {
  return /^\s*multipart\//i.test(type);
}

function boundaryOf(type: string): string | undefined {
  if (!isMultipart(type)) return undefined;
  const found = [...type.matchAll(/;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/gi)];
  const [one] = found;
  // Two of them are read in two ways.
  if (!one || found.length > 1) return undefined;
  const boundary = one[1]?.replaceAll(/\\(.)/g, '$1') ?? one[2] ?? '';
  return boundary.length >= 1 && boundary.length <= 200 ? boundary : undefined;
}

/** At the beginning of a line, of which it is all. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    const after = at + delimiter.length;
    const isBegin = at === 0 || body[at - 1] === 0x0a;
    if (isBegin && /^(?:--|[ \t]*\r?\n)/.test(body.toString('latin1', after, after + 64))) return at;
  }
  return -1;
}

/** The line break in front of a boundary belongs to it. */
function endBefore(body: Buffer, delimiter: number): number {
  return body[delimiter - 2] === 0x0d ? delimiter - 2 : delimiter - 1;
}

function partIn(body: Buffer, from: number, to: number): Part | undefined {
  if (to < from) return { headers: { from, to: from }, content: { from, to: from }, type: '', encoding: '' };
  const isBare = body[from] === 0x0a || (body[from] === 0x0d && body[from + 1] === 0x0a);
  const end = isBare ? from : headersEnd(body, from, to);
  if (end === undefined || end - from > maxHeaderBytes) return undefined;
  const breaks = /^\r?\n(?:\r?\n)?/.exec(body.toString('latin1', end, end + 4))?.[0].length ?? 0;
  const skip = isBare ? (body[from] === 0x0d ? 2 : 1) : breaks;
  const text = body.toString('latin1', from, end).replaceAll(/\r?\n[ \t]+/g, ' ');
  const header = (name: string): string =>
    new RegExp(`^${name}\\s*:(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
  return {
    headers: { from, to: end },
    content: { from: Math.min(to, end + skip), to },
    type: header('content-type'),
    encoding: header('content-transfer-encoding').toLowerCase(),
  };
}

/** Where the empty line begins that ends the headers. */
function headersEnd(body: Buffer, from: number, to: number): number | undefined {
  for (let at = body.indexOf(0x0a, from); at >= 0 && at < to; at = body.indexOf(0x0a, at + 1)) {
    const next = body[at + 1] === 0x0d ? at + 2 : at + 1;
    if (body[next] === 0x0a) return body[at - 1] === 0x0d ? at - 1 : at;
  }
  return undefined;
}
