/** Reads JSON text only to find where its first value ends, or what is wrong with it in the words of Go's decoder. */

/** `offset` counts UTF-16 units. */
export type JsonProblem = { readonly message: string; readonly offset: number };

export type Scanned =
  | { readonly ok: true; readonly end: number }
  | { readonly ok: false; readonly problem: JsonProblem };

class Invalid extends Error {
  readonly problem: JsonProblem;

  constructor(message: string, offset: number) {
    super(message);
    this.problem = { message, offset };
  }
}

export function scanJson(text: string, maxDepth: number): Scanned {
  try {
    return { ok: true, end: new Scanner(text, maxDepth).first() };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return { ok: false, problem: error.problem };
  }
}

/** 1-based, counted in UTF-16 units; a line ends with LF. */
export function placeOf(text: string, offset: number): { readonly row: number; readonly col: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { row: before.split('\n').length, col: offset - start + 1 };
}

class Scanner {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  first(): number {
    this.space();
    if (this.at >= this.text.length) throw new Invalid('EOF', this.at);
    // A stack of its own: nesting is what the text decides.
    const open: string[] = [];
    for (;;) {
      const c = this.value(open);
      if (c === null) continue;
      if (this.close(open)) return this.at;
    }
  }

  /** Reads one scalar or opens one collection (then null, unless it is empty). */
  private value(open: string[]): string | null {
    this.space();
    const c = this.peek();
    if (c === '{' || c === '[') {
      open.push(c);
      if (open.length > this.maxDepth) throw this.invalid('exceeded max depth');
      this.at += 1;
      this.space();
      const next = this.peek();
      if ((c === '{' && next === '}') || (c === '[' && next === ']')) {
        this.at += 1;
        open.pop();
        return c;
      }
      if (c === '{') this.key();
      return null;
    }
    this.scalar(c);
    return c;
  }

  /** After a value: is it the outermost one? If not, goes to where the next one begins. */
  private close(open: string[]): boolean {
    for (;;) {
      const inside = open.at(-1);
      if (inside === undefined) return true;
      this.space();
      const c = this.peek();
      const what = inside === '{' ? 'after object key:value pair' : 'after array element';
      if (c === ',') {
        this.at += 1;
        this.space();
        if (inside === '{') this.key();
        return false;
      }
      if (c !== (inside === '{' ? '}' : ']')) throw this.invalid(what);
      this.at += 1;
      open.pop();
    }
  }

  private key(): void {
    if (this.peek() !== '"') throw this.invalid('looking for beginning of object key string');
    this.string();
    this.space();
    if (this.peek() !== ':') throw this.invalid('after object key');
    this.at += 1;
  }

  private scalar(c: string): void {
    if (c === '"') this.string();
    else if (c === '-' || (c >= '0' && c <= '9')) this.number();
    else if (c === 't') this.literal('true');
    else if (c === 'f') this.literal('false');
    else if (c === 'n') this.literal('null');
    else throw this.invalid('looking for beginning of value');
  }

  private literal(word: string): void {
    this.at += 1;
    for (const c of word.slice(1)) {
      if (this.peek() !== c) throw this.invalid(`in literal ${word} (expecting ${quote(c)})`);
      this.at += 1;
    }
  }

  private number(): void {
    if (this.peek() === '-') {
      this.at += 1;
      if (!this.isDigit()) throw this.invalid('in numeric literal');
    }
    if (this.text[this.at] === '0') this.at += 1;
    else this.digits();
    if (this.text[this.at] === '.') {
      this.at += 1;
      if (!this.isDigit()) throw this.invalid('after decimal point in numeric literal');
      this.digits();
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at += 1;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at += 1;
      if (!this.isDigit()) throw this.invalid('in exponent of numeric literal');
      this.digits();
    }
  }

  /** Throws at the end of the text, like every look at what must be there. */
  private isDigit(): boolean {
    return /\d/.test(this.peek());
  }

  private digits(): void {
    while (/\d/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private string(): void {
    this.at += 1;
    for (;;) {
      const c = this.peek();
      if (c === '"') break;
      if (c < ' ') throw this.invalid('in string literal');
      this.at += 1;
      if (c === '\\') this.escape();
    }
    this.at += 1;
  }

  private escape(): void {
    const c = this.peek();
    if (!'"\\/bfnrtu'.includes(c)) throw this.invalid('in string escape code');
    this.at += 1;
    if (c !== 'u') return;
    for (let i = 0; i < 4; i += 1) {
      if (!/[\da-f]/i.test(this.peek())) throw this.invalid(String.raw`in \u hexadecimal character escape`);
      this.at += 1;
    }
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private peek(): string {
    const c = this.text[this.at];
    if (c === undefined) throw new Invalid('unexpected EOF', this.at);
    return c;
  }

  private invalid(where: string): Invalid {
    return new Invalid(`invalid character ${quote(this.text[this.at] ?? '')} ${where}`, this.at);
  }
}

/** A character as Go quotes it. Bytes of a character beyond ASCII are told one at a time there; here it is whole. */
function quote(c: string): string {
  if (c === "'") return String.raw`'\''`;
  if (c === '"') return `'"'`;
  const text = JSON.stringify(c).slice(1, -1);
  if (!text.startsWith(String.raw`\u00`)) return `'${text}'`;
  const short: Readonly<Record<string, string>> = { '07': 'a', '0b': 'v' };
  const hex = text.slice(4);
  return `'\\${short[hex] ?? `x${hex}`}'`;
}
