/** From findings in texts to changes of the parts that the texts come from. */
import type { Origin, Piece } from './document.ts';
import type { Finding } from './finding.ts';
import { normalised } from './tokens.ts';

/** `text` in place of `from` to `to` of a part; for `plain` parts these count in the decoded text. */
export type Edit = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly kind: Piece['kind'];
};

/** By part. */
export type Edits = Map<string, Edit[]>;

/** The text of a part, whole, and where it comes from. */
export type PartText = { readonly text: Uint8Array; readonly origin: Origin | undefined };

/** Why something cannot be redacted; thrown and caught within `redact`. */
export class Refusal extends Error {}

export type Naming = {
  /** The word in front of a value's name. */
  readonly wordOf: (finding: Finding) => string;
  readonly pseudonym: (value: string) => string;
};

/** A stretch of text that is replaced as one, and the findings in it. */
type Span = { start: number; end: number; findings: Finding[] };

/** Adds the edits for all `findings` of one part. @returns the tokens that take their places */
export function addEdits(
  edits: Edits,
  part: string,
  { text, origin }: PartText,
  findings: readonly Finding[],
  naming: Naming,
): string[] {
  if (!origin) throw new Refusal(`${part === '' ? 'this format' : part} cannot be rewritten`);
  return spansOf(findings).map((span) => {
    const token = tokenOf(span, text, naming);
    if (origin.kind === 'plain') {
      const isNumber = isBareNumber(text, span.start, span.end);
      push(edits, part, {
        from: span.start,
        to: span.end,
        text: isNumber ? `"${token}"` : token,
        kind: 'text',
      });
      return token;
    }
    let isGiven = false;
    for (const piece of piecesWithin(origin.pieces, span)) {
      if (piece.kind === 'fixed') throw new Refusal(`a value in ${part} holds the document together`);
      push(edits, piece.part, editOf(piece, span, isGiven ? '' : token, text));
      isGiven = true;
    }
    if (!isGiven) throw new Refusal(`a value in ${part} has no place that could be rewritten`);
    return token;
  });
}

/** Findings that overlap are one: replacing only the first would leave the rest of the second. */
function spansOf(findings: readonly Finding[]): Span[] {
  const spans: Span[] = [];
  for (const finding of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (last && finding.start < last.end) {
      last.end = Math.max(last.end, finding.end);
      last.findings.push(finding);
    } else spans.push({ start: finding.start, end: finding.end, findings: [finding] });
  }
  return spans;
}

function tokenOf({ start, end, findings }: Span, text: Uint8Array, { wordOf, pseudonym }: Naming): string {
  const widest = findings.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a));
  const value = new TextDecoder().decode(text.subarray(start, end));
  return `[${wordOf(widest)}:${pseudonym(normalised(value, widest.class))}]`;
}

function* piecesWithin(pieces: readonly Piece[], { start, end }: Span): Generator<Piece> {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (!piece || piece.start >= end) return;
    yield piece;
  }
}

function editOf(piece: Piece, { start, end }: Span, token: string, text: Uint8Array): Edit {
  const { kind } = piece;
  const isWhole = kind === 'cell' || piece.end - piece.start !== piece.to - piece.from;
  const from = isWhole ? piece.from : piece.from + Math.max(0, start - piece.start);
  const to = isWhole ? piece.to : piece.to - Math.max(0, piece.end - end);
  if (kind === 'address') return { from, to, text: encodeURI(token), kind };
  if (kind !== 'formula' || token === '') return { from, to, text: token, kind };
  // Outside of the quotes of a literal, the token brings its own.
  const before = new TextDecoder('latin1').decode(text.subarray(Math.max(0, start - 8192), start));
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const isLiteral = (line.split('"').length - 1) % 2 === 1;
  if (!isLiteral && (line.split("'").length - 1) % 2 === 1)
    throw new Refusal('a formula refers to a name that is a value');
  return { from, to, text: isLiteral ? token : `"${token}"`, kind };
}

function push(edits: Edits, part: string, edit: Edit): void {
  const list = edits.get(part);
  if (list) list.push(edit);
  else edits.set(part, [edit]);
}

/** A number of JSON that is a value of its own: a word there needs quotes. */
function isBareNumber(text: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((text[at] ?? 0) < 0x2b || (text[at] ?? 0) > 0x39) return false;
  let first = 0;
  while ((text[first] ?? 0x41) <= 0x20) first += 1;
  if (text[first] !== 0x7b && text[first] !== 0x5b) return false;
  let before = start - 1;
  while (before > 0 && (text[before] ?? 0) <= 0x20) before -= 1;
  let after = end;
  while (after < text.length && (text[after] ?? 0) <= 0x20) after += 1;
  return (
    ':,['.includes(String.fromCharCode(text[before] ?? 0)) &&
    ',]}'.includes(String.fromCharCode(text[after] ?? 0))
  );
}

/** In order, without overlap: an edit that reaches into another becomes one with it. */
export function settled(edits: readonly Edit[]): Edit[] {
  const result: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = result.at(-1);
    if (!last || edit.from >= last.to) {
      result.push(edit);
      continue;
    }
    const isSame = last.from === edit.from && last.to === edit.to;
    if (!isSame && (last.kind === 'cell' || edit.kind === 'cell'))
      throw new Refusal('two values share a cell');
    const texts = new Set([last.text, edit.text].filter((text) => text !== ''));
    const text = last.kind === 'cell' ? [...texts].join(' ') : ([...texts][0] ?? '');
    result[result.length - 1] = { ...last, to: Math.max(last.to, edit.to), text };
  }
  return result;
}
