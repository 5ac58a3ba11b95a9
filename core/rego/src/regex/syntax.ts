/** A set of code points as sorted, disjoint, inclusive ranges. */
export type Ranges = readonly (readonly [number, number])[];

/** A regular expression in RE2's syntax, as a tree. */
export type Regex =
  | { readonly r: 'empty' }
  | { readonly r: 'chars'; readonly ranges: Ranges }
  | {
      readonly r: 'assert';
      readonly kind: 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';
    }
  | { readonly r: 'concat' | 'alternate'; readonly items: readonly Regex[] }
  | {
      readonly r: 'repeat';
      readonly item: Regex;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly r: 'group'; readonly item: Regex; readonly index: number; readonly name: string | null };

/** Why a pattern is not a valid RE2 expression. */
export class RegexSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RegexSyntaxError';
  }
}

export const MAX_POINT = 0x10ffff;

/** Sorts and joins ranges. */
export function normalize(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const out: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** All other code points. */
export function negate(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  let from = 0;
  for (const [a, b] of normalize(ranges)) {
    if (a > from) out.push([from, a - 1]);
    from = b + 1;
  }
  if (from <= MAX_POINT) out.push([from, MAX_POINT]);
  return out;
}

/** Adds the other case of every letter. Wide ranges hold both cases already, apart from ASCII and Latin letters looked at here. */
export function foldCase(ranges: Ranges): Ranges {
  const extra: [number, number][] = [];
  for (const [from, to] of ranges) {
    // Only the first code points of a wide range are looked at: case pairs beyond U+2C00 are rare and scripts keep together.
    for (let c = from; c <= Math.min(to, from + 0x3000); c += 1) {
      const s = String.fromCodePoint(c);
      for (const other of [s.toLowerCase(), s.toUpperCase()]) {
        const point = other.codePointAt(0);
        if (point !== undefined && point !== c && other.length === String.fromCodePoint(point).length)
          extra.push([point, point]);
      }
      if (c === 0x4b || c === 0x6b) extra.push([0x212a, 0x212a]);
      if (c === 0x53 || c === 0x73) extra.push([0x17f, 0x17f]);
    }
  }
  return normalize([...ranges, ...extra]);
}

export const DIGIT: Ranges = [[48, 57]];
export const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
export const SPACE: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
];

export const POSIX: Readonly<Record<string, Ranges>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: WORD,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

const unicodeCache = new Map<string, Ranges>();

/** Code points of a Unicode class (`\p{Greek}`, `\pL`). Taken from the JavaScript engine's own tables, once per class. */
export function unicodeClass(name: string): Ranges {
  const known = unicodeCache.get(name);
  if (known !== undefined) return known;
  if (name === 'Any') return [[0, MAX_POINT]];
  if (!/^[A-Za-z_]{1,40}$/.test(name))
    throw new RegexSyntaxError(`error parsing regexp: invalid character class range: \`\\p{${name}}\``);
  let test: RegExp;
  try {
    test = /^[A-Z][a-z]?$/.test(name)
      ? new RegExp(`^\\p{${name}}$`, 'u')
      : new RegExp(`^\\p{Script=${name}}$`, 'u');
  } catch {
    throw new RegexSyntaxError(`error parsing regexp: invalid character class range: \`\\p{${name}}\``);
  }
  const out: [number, number][] = [];
  for (let c = 0; c <= MAX_POINT; c += 1) {
    if (!test.test(String.fromCodePoint(c))) continue;
    const last = out.at(-1);
    if (last !== undefined && last[1] === c - 1) last[1] = c;
    else out.push([c, c]);
  }
  unicodeCache.set(name, out);
  return out;
}
