/** Stream filters (ISO 32000-1, 7.4). Each is bounded by what may still be unpacked. */
import type { Budget } from '../../document.ts';
import { isArray, isDict, nameOf, type PdfDict, type PdfValue } from './value.ts';

export type Decoded =
  | { readonly ok: true; readonly data: Uint8Array }
  /** `image`: compressed as one, so no text. */
  | {
      readonly ok: false;
      readonly why: 'image' | 'encrypted' | 'corrupt' | 'too_large';
      readonly data: Uint8Array;
    };

const imageFilters: ReadonlySet<string> = new Set([
  'DCTDecode',
  'DCT',
  'JPXDecode',
  'CCITTFaxDecode',
  'CCF',
  'JBIG2Decode',
]);
const maxFilters = 8;

/** What a stream's bytes are once all its filters are undone. `get` follows references. */
export function decodeStream(
  dict: PdfDict,
  raw: Uint8Array,
  budget: Budget,
  get: (value: PdfValue | undefined) => PdfValue | undefined,
): Decoded {
  const filters = list(get(dict.get('Filter') ?? dict.get('F'))).map((one) => nameOf(get(one)));
  const params = list(get(dict.get('DecodeParms') ?? dict.get('DP'))).map(get);
  let data = raw;
  let why: 'corrupt' | 'too_large' | undefined;
  for (const [index, filter] of filters.slice(0, maxFilters).entries()) {
    const limit = Math.max(1, budget.left());
    if (filter === undefined) return { ok: false, why: 'corrupt', data: new Uint8Array() };
    if (imageFilters.has(filter)) return { ok: false, why: 'image', data: new Uint8Array() };
    if (filter === 'Crypt') return { ok: false, why: 'encrypted', data: new Uint8Array() };
    const step = undo(filter, data, limit, budget);
    if (step === undefined) return { ok: false, why: 'corrupt', data: new Uint8Array() };
    const param = params[index];
    const predicted = isDict(param) ? unpredict(step.data, param) : step.data;
    why ??= step.why;
    data = predicted;
  }
  return why === undefined ? { ok: true, data } : { ok: false, why, data };
}

function list(value: PdfValue | undefined): readonly PdfValue[] {
  if (value === undefined || value === null) return [];
  return isArray(value) ? value : [value];
}

type Step = { readonly data: Uint8Array; readonly why?: 'corrupt' | 'too_large' };

function undo(filter: string, data: Uint8Array, limit: number, budget: Budget): Step | undefined {
  switch (filter) {
    case 'FlateDecode':
    case 'Fl': {
      const zlib = budget.host.inflate('zlib', data, limit);
      if (zlib.ok) return { data: zlib.data };
      // Writers get the header or the check value wrong; what is inside still reads.
      if (zlib.why === 'corrupt' && zlib.data.length === 0 && data.length > 2) {
        const bare = budget.host.inflate('raw', data.subarray(2), limit);
        if (bare.ok) return { data: bare.data };
        return { data: bare.data, why: bare.why };
      }
      return { data: zlib.data, why: zlib.why };
    }
    case 'ASCIIHexDecode':
    case 'AHx':
      return { data: fromHex(data) };
    case 'ASCII85Decode':
    case 'A85':
      return { data: from85(data) };
    case 'RunLengthDecode':
    case 'RL':
      return fromRuns(data, limit);
    case 'LZWDecode':
    case 'LZW':
      return fromLzw(data, limit);
    default:
      return undefined;
  }
}

function fromHex(data: Uint8Array): Uint8Array {
  const digits: number[] = [];
  for (const code of data) {
    if (code === 0x3e) break;
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    if (!Number.isNaN(digit)) digits.push(digit);
  }
  return Uint8Array.from(
    { length: Math.ceil(digits.length / 2) },
    (_, i) => (digits[2 * i] ?? 0) * 16 + (digits[2 * i + 1] ?? 0),
  );
}

function from85(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const flush = (): void => {
    const count = group.length;
    if (count < 2) return;
    while (group.length < 5) group.push(84);
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0) >>> 0;
    for (let byte = 0; byte < count - 1; byte += 1) out.push((value >>> (24 - 8 * byte)) & 255);
    group = [];
  };
  for (const code of data) {
    if (code === 0x7e) break;
    if (code === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    else if (code >= 0x21 && code <= 0x75) {
      group.push(code - 0x21);
      if (group.length === 5) {
        flush();
        group = [];
      }
    }
  }
  flush();
  return Uint8Array.from(out);
}

function fromRuns(data: Uint8Array, limit: number): Step {
  const out: number[] = [];
  for (let at = 0; at < data.length;) {
    const length = data[at] ?? 128;
    if (length === 128) break;
    if (length < 128) {
      for (let i = 1; i <= length + 1 && at + i < data.length; i += 1) out.push(data[at + i] ?? 0);
      at += length + 2;
    } else {
      for (let i = 0; i < 257 - length; i += 1) out.push(data[at + 1] ?? 0);
      at += 2;
    }
    if (out.length > limit) return { data: Uint8Array.from(out.slice(0, limit)), why: 'too_large' };
  }
  return { data: Uint8Array.from(out) };
}

/** Variable-length codes, most significant bit first, with EarlyChange 1, as the standard's default. */
function fromLzw(data: Uint8Array, limit: number): Step {
  const prefix = new Int32Array(4096);
  const suffix = new Uint8Array(4096);
  const size = new Int32Array(4096);
  for (let code = 0; code < 256; code += 1) {
    suffix[code] = code;
    size[code] = 1;
    prefix[code] = -1;
  }
  let out = new Uint8Array(Math.min(limit, data.length * 4 + 64));
  let length = 0;
  let width = 9;
  let next = 258;
  let previous = -1;
  let bits = 0;
  let held = 0;
  for (let at = 0; at < data.length;) {
    while (held < width && at < data.length) {
      bits = ((bits << 8) | (data[at] ?? 0)) & 0xffffff;
      held += 8;
      at += 1;
    }
    if (held < width) break;
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === 257) break;
    if (code === 256) {
      width = 9;
      next = 258;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0))
      return { data: out.subarray(0, length), why: 'corrupt' };
    const known = code < next ? code : previous;
    const count = (size[known] ?? 0) + (code < next ? 0 : 1);
    if (length + count > limit) return { data: out.subarray(0, length), why: 'too_large' };
    if (length + count > out.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(out.length * 2, length + count)));
      larger.set(out);
      out = larger;
    }
    let to = length + (size[known] ?? 0) - 1;
    for (let one = known; one >= 0 && to >= length; one = prefix[one] ?? -1) {
      out[to] = suffix[one] ?? 0;
      to -= 1;
    }
    if (code >= next) out[length + count - 1] = out[length] ?? 0;
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = out[length] ?? 0;
      size[next] = (size[previous] ?? 0) + 1;
      next += 1;
      if (next + 1 >= 1 << width && width < 12) width += 1;
    }
    previous = code;
    length += count;
  }
  return { data: out.subarray(0, length) };
}

/** Undoes the PNG predictors; TIFF's is for images. */
function unpredict(data: Uint8Array, param: PdfDict): Uint8Array {
  const predictor = param.get('Predictor');
  if (typeof predictor !== 'number' || predictor < 10) return data;
  const figure = (key: string, otherwise: number): number => {
    const value = param.get(key);
    return typeof value === 'number' && value > 0 && value < 1 << 20 ? Math.floor(value) : otherwise;
  };
  const pixel = Math.max(1, (figure('Colors', 1) * figure('BitsPerComponent', 8)) >> 3);
  const row = Math.max(
    1,
    Math.ceil((figure('Columns', 1) * figure('Colors', 1) * figure('BitsPerComponent', 8)) / 8),
  );
  const rows = Math.floor(data.length / (row + 1));
  const out = new Uint8Array(rows * row);
  for (let y = 0; y < rows; y += 1) {
    const kind = data[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x += 1) {
      const raw = data[y * (row + 1) + 1 + x] ?? 0;
      const left = x >= pixel ? (out[y * row + x - pixel] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * row + x] ?? 0) : 0;
      const corner = x >= pixel && y > 0 ? (out[(y - 1) * row + x - pixel] ?? 0) : 0;
      out[y * row + x] = raw + predicted(kind, left, up, corner);
    }
  }
  return out;
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  switch (kind) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - corner;
      const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
      if (a <= b && a <= c) return left;
      return b <= c ? up : corner;
    }
    default:
      return 0;
  }
}
