/** A token of generated code. */
export type Token =
  | { readonly k: 'name' | 'sign'; readonly text: string }
  | { readonly k: 'value'; readonly text: string; readonly value: unknown };

const TOKEN =
  /(\d+n(?!\w)|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_$][\w$]*)|(=>|\.\.\.|===|!==|<=|>=|&&|\|\||\?\?|\+\+|--|[{}()[\];,.:?<>=!+-])/y;

/** Splits generated code into tokens; throws Error for what generated code never holds. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const c = source[at] ?? '';
    if (c === ' ' || c === '\n') {
      at += 1;
    } else if (c === '"' || c === "'") {
      const end = endOfString(source, at);
      const text = source.slice(at, end);
      // Single quotes stand only in the generator's own constants, which hold nothing that is escaped.
      const value: unknown = c === '"' ? JSON.parse(text) : text.slice(1, -1);
      tokens.push({ k: 'value', text, value });
      at = end;
    } else {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(source);
      if (match === null) throw new Error(`not generated code: ${source.slice(at, at + 20)}`);
      const [text, number, name] = match;
      if (number !== undefined) tokens.push({ k: 'value', text, value: numberOf(number) });
      else tokens.push({ k: name === undefined ? 'sign' : 'name', text });
      at = TOKEN.lastIndex;
    }
  }
  return tokens;
}

function endOfString(source: string, start: number): number {
  const quote = source[start];
  for (let i = start + 1; i < source.length; i += 1) {
    if (source[i] === '\\') i += 1;
    else if (source[i] === quote) return i + 1;
  }
  throw new Error('not generated code: a string without end');
}

function numberOf(text: string): number | bigint {
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
}
