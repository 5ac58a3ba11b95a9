/**
 * The form of a token as its vendor documents it, written as text and sets: `ghp_{alnum:36}`, `{digit:8-10}:AA{word:33}`. One
 * description gives the pattern, the words to find it by, a sentence for people and, in the tests, examples.
 */

/** What may stand in `{set:…}`: the inside of a character class, and its name for people. */
const sets: Readonly<Record<string, readonly [inside: string, name: string]>> = {
  hex: ['0-9a-f', 'hexadecimal digits'],
  HEX: ['0-9A-F', 'upper-case hexadecimal digits'],
  xhex: ['0-9a-fA-F', 'hexadecimal digits'],
  digit: ['0-9', 'digits'],
  lower: ['a-z', 'lower-case letters'],
  upper: ['A-Z', 'upper-case letters'],
  lownum: ['a-z0-9', 'lower-case letters or digits'],
  upnum: ['A-Z0-9', 'upper-case letters or digits'],
  alpha: ['A-Za-z', 'letters'],
  alnum: ['A-Za-z0-9', 'letters or digits'],
  b32: ['A-Z2-7', 'characters of base32'],
  b58: ['1-9A-HJ-NP-Za-km-z', 'characters of base58'],
  b64: ['A-Za-z0-9+/', 'characters of base64'],
  b64p: ['A-Za-z0-9+/=', 'characters of base64'],
  bech32: ['02-9AC-HJ-NP-Z', 'characters of bech32'],
  word: ['A-Za-z0-9_\\-', 'characters of base64url'],
  ident: ['A-Za-z0-9_', 'letters, digits or underscores'],
  loose: ['A-Za-z0-9_.=\\-', 'letters, digits, dots, dashes, underscores or equals signs'],
  tilde: ['A-Za-z0-9_.~\\-', 'letters, digits, dots, dashes, underscores or tildes'],
  dotted: ['A-Za-z0-9_.\\-', 'letters, digits, dots, dashes or underscores'],
  host: ['A-Za-z0-9.\\-', 'characters of a host name'],
  space: [' ', 'space'],
  dollar: ['$', 'dollar sign'],
  url: ['A-Za-z0-9_.~%/?&=+\\-', 'characters of a URL'],
};

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'set'; readonly set: string; readonly min: number; readonly max: number };

export type Shape = {
  readonly parts: readonly Part[];
  /** Pattern source without boundaries. */
  readonly source: string;
  /** Forbids what would make the token longer than it is. */
  readonly behind: string;
  /** The longest fixed text, and how many characters may precede it; undefined where none has 3 characters. */
  readonly anchor: { readonly text: string; readonly before: number } | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly description: string;
};

/** @throws TypeError for a set that is not known: a mistake in a table */
export function parseTemplate(template: string): Shape {
  const parts: Part[] = [];
  // Text and sets by turns.
  const [text = '', ...rest] = template.split(/\{(\w+):(\d+)(?:-(\d+))?\}/);
  if (text !== '') parts.push({ kind: 'text', text });
  for (let at = 0; at < rest.length; at += 4) {
    const [set = '', min, max = min, behind = ''] = rest.slice(at, at + 4);
    if (sets[set] === undefined) throw new TypeError(`no such set of characters: ${set} in ${template}`);
    parts.push({ kind: 'set', set, min: Number(min), max: Number(max) });
    if (behind !== '') parts.push({ kind: 'text', text: behind });
  }
  let before = 0;
  let anchor: Shape['anchor'];
  for (const part of parts) {
    if (part.kind === 'text' && part.text.length >= 3 && part.text.length > (anchor?.text.length ?? 0))
      anchor = { text: part.text.toLowerCase(), before };
    before += part.kind === 'text' ? part.text.length : part.max;
  }
  const last = parts.at(-1);
  return {
    parts,
    get source() {
      return parts.map(sourceOf).join('');
    },
    behind: `(?![A-Za-z0-9${last?.kind === 'set' ? (sets[last.set]?.[0] ?? '') : ''}])`,
    anchor,
    minLength: parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : part.min), 0),
    maxLength: before,
    get description() {
      return parts.map(describe).join(', ');
    },
  };
}

/** The inside of a character class; for tests that make examples. */
export function charactersOf(set: string): string {
  const inside = sets[set]?.[0].replaceAll('\\', '') ?? '';
  return inside.replaceAll(/(\w)-(\w)/g, (_, from: string, to: string) =>
    Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (__, step) =>
      String.fromCharCode(from.charCodeAt(0) + step),
    ).join(''),
  );
}

function sourceOf(part: Part): string {
  if (part.kind === 'text') return part.text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return `[${sets[part.set]?.[0]}]{${part.min === part.max ? part.min : `${part.min},${part.max}`}}`;
}

function describe(part: Part): string {
  if (part.kind === 'text') return `"${part.text}"`;
  const count = part.min === part.max ? part.min : `${part.min} to ${part.max}`;
  return `${count} ${sets[part.set]?.[1]}`;
}

/** Rows of a table written as text: columns are parted by bars, rows by lines. */
export function rowsOf(table: string): string[][] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/(?<=^|\s)\|(?=\s|$)/).map((cell) => cell.trim()));
}

/** Forms parted by spaces. @returns the longest first, for of two that start alike the longer one is meant */
export function parseForms(forms: string): Shape[] {
  return forms
    .split(' ')
    .map(parseTemplate)
    .sort((a, b) => b.maxLength - a.maxLength);
}
