/** The text is not GraphQL, or does not fit; the message is the one that policies see. */
export class GraphqlError extends Error {}

export type TokenKind =
  | '<Invalid>'
  | '<EOF>'
  | 'Name'
  | 'Int'
  | 'Float'
  | 'String'
  | 'BlockString'
  | '!'
  | '$'
  | '&'
  | '('
  | ')'
  | '...'
  | ':'
  | '='
  | '@'
  | '['
  | ']'
  | '{'
  | '}'
  | '|';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Offset in the text. */
  readonly at: number;
  /** Comments before it, with their number signs. */
  readonly comments: readonly string[];
}

const SPACE = /(?:[\s,\ufeff]|#[^\r\n]*)*/y;
const TOKEN =
  /([_A-Za-z][_0-9A-Za-z]*)|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9._A-Za-z])|(\.\.\.|[!$&():=@[\]{}|])|("""(?:\\"""|[^"]|"(?!""))*""")|("(?:[^"\\\n\r]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")/y;

/** Source: https://spec.graphql.org/October2021/#sec-Language.Source-Text.Lexical-Tokens */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    const space = SPACE.exec(text)?.[0] ?? '';
    const comments = space.includes('#') ? (space.match(/#[^\r\n]*/g) ?? []) : [];
    at += space.length;
    if (at >= text.length) {
      tokens.push({ kind: '<EOF>', value: '', at, comments });
      return tokens;
    }
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) {
      tokens.push({ kind: '<Invalid>', value: '', at: wrongAt(text, at), comments });
      return tokens;
    }
    const [whole, name, number, symbol, block, string] = found;
    const add = (kind: TokenKind, value: string, from = at): void => {
      tokens.push({ kind, value, at: from, comments });
    };
    if (name !== undefined) add('Name', name);
    else if (number !== undefined) add(/[.eE]/.test(number) ? 'Float' : 'Int', number);
    else if (symbol !== undefined) add(symbol as TokenKind, '');
    // Strings are located at what follows their first quote, as in OPA.
    else if (block !== undefined) add('BlockString', blockText(block.slice(3, -3)), at + 1);
    else add('String', unescape((string ?? '').slice(1, -1)), at + 1);
    at += whole.length;
  }
}

/** The place of the character that makes a token impossible. */
function wrongAt(text: string, at: number): number {
  const part = /(?:"(?:[^"\\\n\r]|\\["\\/bfnrtu])*\\?|-?(?:0|[1-9][0-9]*)?\.?)/y;
  part.lastIndex = at;
  return at + (part.exec(text)?.[0].length ?? 0);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_whole, hex?: string, c?: string) =>
    hex === undefined ? (ESCAPES[c ?? ''] ?? c ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** A block string without its common indentation and blank first and last lines. */
function blockText(raw: string): string {
  const lines = raw.replaceAll('\\"""', '"""').split(/\r\n|\n|\r/);
  const indents = lines.slice(1).flatMap((line) => {
    const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
    return indent < line.length ? [indent] : [];
  });
  const common = indents.length === 0 ? 0 : indents.reduce((a, b) => Math.min(a, b));
  const out = lines.map((line, i) => (i === 0 ? line : line.slice(common)));
  const isBlank = (line: string | undefined): boolean => line !== undefined && /^[ \t]*$/.test(line);
  while (out.length > 0 && isBlank(out[0])) out.shift();
  while (out.length > 0 && isBlank(out.at(-1))) out.pop();
  return out.join('\n');
}

/** Line and column, from 1. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
