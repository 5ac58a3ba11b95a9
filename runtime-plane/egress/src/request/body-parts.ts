/** What a body is made of, by the type that its request says: files, fields and texts. */
import type { ProblemCode } from '@chaperone/dlp';
import { isMultipart, parseMultipart } from './multipart.ts';

/** A stretch of a body that is looked at, and changed, as a file of its own. */
export type Piece = {
  readonly from: number;
  readonly to: number;
  readonly content: Buffer;
  /** `coded`: what the part's own encoding stands for; `field`: one pair of a form, decoded. */
  readonly kind: 'plain' | 'coded' | 'field';
};

export type Pieces = {
  readonly pieces: readonly Piece[];
  /** Why not all of it could be told apart. */
  readonly problem?: ProblemCode;
};

const maxDepth = 3;
const maxFields = 100_000;

/** In order, without overlap. @param type of the body, with parameters */
export function piecesOf(body: Buffer, type: string): Pieces {
  const pieces: Piece[] = [];
  const problem = add(pieces, body, { from: 0, to: body.length }, type, 0);
  return problem === undefined ? { pieces } : { pieces, problem };
}

export function isForm(type: string): boolean {
  return /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type);
}

type Place = { readonly from: number; readonly to: number };

function add(
  pieces: Piece[],
  body: Buffer,
  place: Place,
  type: string,
  depth: number,
): ProblemCode | undefined {
  const content = body.subarray(place.from, place.to);
  const plain = (problem?: ProblemCode): ProblemCode | undefined => {
    if (content.length > 0) pieces.push({ ...place, content, kind: 'plain' });
    return problem;
  };
  if (isForm(type)) return addFields(pieces, content, place.from) ? undefined : plain('too_many_entries');
  if (!isMultipart(type)) return plain();
  if (depth >= maxDepth) return plain('too_deep');
  const found = parseMultipart(content, type);
  if (!found) return plain('corrupt');
  const shifted = ({ from, to }: Place): Place => ({ from: place.from + from, to: place.from + to });
  const text = (one: Place): void => {
    const { from, to } = shifted(one);
    if (to > from) pieces.push({ from, to, content: body.subarray(from, to), kind: 'plain' });
  };
  const [before, after] = found.outside;
  let problem: ProblemCode | undefined;
  if (before) text(before);
  for (const part of found.parts) {
    text(part.headers);
    const own = shifted(part.content);
    const coded = uncoded(body.subarray(own.from, own.to), part.encoding);
    if (coded === 'unknown') problem = 'unsupported';
    if (coded instanceof Buffer) pieces.push({ ...own, content: coded, kind: 'coded' });
    else problem = add(pieces, body, own, part.type, depth + 1) ?? problem;
  }
  if (after) text(after);
  return problem;
}

function uncoded(content: Buffer, encoding: string): Buffer | 'same' | 'unknown' {
  switch (encoding) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return 'same';
    case 'base64':
      return Buffer.from(content.toString('latin1'), 'base64');
    case 'quoted-printable':
      return Buffer.from(
        content
          .toString('latin1')
          .replaceAll(/[ \t]+(?=\r?\n|$)|=[ \t]*\r?\n/g, '')
          .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 16)),
          ),
        'latin1',
      );
    default:
      return 'unknown';
  }
}

/** @returns false where there are too many */
function addFields(pieces: Piece[], content: Buffer, at: number): boolean {
  const text = content.toString('latin1');
  const fields: Piece[] = [];
  let from = 0;
  while (from < text.length) {
    if (fields.length >= maxFields) return false;
    const end = text.indexOf('&', from);
    const to = end < 0 ? text.length : end;
    if (to > from)
      fields.push({ from: at + from, to: at + to, content: fieldText(text.slice(from, to)), kind: 'field' });
    from = to + 1;
  }
  pieces.push(...fields);
  return true;
}

/** `name: value`, so that the name counts as what stands beside the value. */
function fieldText(pair: string): Buffer {
  const equals = pair.indexOf('=');
  if (equals < 0) return unescaped(pair);
  return Buffer.concat([
    unescaped(pair.slice(0, equals)),
    Buffer.from(': '),
    unescaped(pair.slice(equals + 1)),
  ]);
}

function unescaped(text: string): Buffer {
  return Buffer.from(
    text
      .replaceAll('+', ' ')
      .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      ),
    'latin1',
  );
}

/**
 * A changed field as a pair again. @returns undefined where its name did not survive
 * @param pair as it was, one character for each byte
 */
export function asField(pair: string, changed: Uint8Array): Buffer | undefined {
  const equals = pair.indexOf('=');
  const text = Buffer.from(changed.buffer, changed.byteOffset, changed.length);
  if (equals < 0) return escaped(text, pair);
  const name = Buffer.concat([unescaped(pair.slice(0, equals)), Buffer.from(': ')]);
  if (!text.subarray(0, name.length).equals(name)) return undefined;
  return Buffer.concat([
    Buffer.from(pair.slice(0, equals + 1), 'latin1'),
    escaped(text.subarray(name.length), pair),
  ]);
}

/** @param pair where it holds what no form does, its sender escapes nothing, and only what would be read otherwise is escaped */
function escaped(bytes: Buffer, pair: string): Buffer {
  const text = bytes
    .toString('latin1')
    .replaceAll(/[^\x21-\x7e]/.test(pair) ? /[%&+]/g : /[^A-Za-z0-9*._-]/g, (one) =>
      one === ' ' ? '+' : `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  return Buffer.from(text, 'latin1');
}
