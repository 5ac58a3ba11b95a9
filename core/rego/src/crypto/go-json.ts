import { utf8 } from './bytes.ts';

/**
 * How Go's encoding/json words the first mistake in a text that is no JSON: the messages that users of OPA know. Call it only
 * for texts that JSON.parse refused.
 */
export function jsonMistake(text: string): string {
  return new Scanner(text).mistake();
}

class Mistake extends Error {}

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

function quoted(byte: number): string {
  const escape = ESCAPES[byte];
  if (escape !== undefined) return escape;
  const digits = byte.toString(16).padStart(2, '0');
  if (byte < 0x20 || byte === 0x7f) return `\\x${digits}`;
  return (byte >= 0x80 && byte <= 0xa0) || byte === 0xad ? `\\u00${digits}` : String.fromCharCode(byte);
}

class Scanner {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  mistake(): string {
    try {
      this.value('looking for beginning of value', 0);
      this.blank();
      if (this.at < this.text.length) this.refuse('looking for beginning of value');
      return 'unexpected EOF';
    } catch (error) {
      if (error instanceof Mistake) return error.message;
      throw error;
    }
  }

  private blank(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private refuse(where: string): never {
    if (this.at >= this.text.length) throw new Mistake(this.text.trim() === '' ? 'EOF' : 'unexpected EOF');
    // The reader counts bytes, so of a longer character the message shows the first.
    const [byte = 0] = utf8(this.text.slice(this.at, this.at + 2));
    const shown = byte === 0x27 ? String.raw`'\''` : `'${quoted(byte)}'`;
    throw new Mistake(`invalid character ${shown} ${where}`);
  }

  private value(where: string, depth: number): void {
    if (depth > 10_000) throw new Mistake('exceeded max depth');
    this.blank();
    const c = this.text[this.at];
    if (c === '{') this.members(depth);
    else if (c === '[') this.items(depth);
    else if (c === '"') this.string();
    else if (c === '-' || (c !== undefined && /[0-9]/.test(c))) this.number();
    else {
      const literal = ['true', 'false', 'null'].find((word) => word[0] === c);
      if (literal === undefined) this.refuse(where);
      else this.literal(literal);
    }
  }

  private literal(word: string): void {
    for (let i = 0; i < word.length; i += 1) {
      if (this.text[this.at] !== word[i]) this.refuse(`in literal ${word} (expecting '${word[i]}')`);
      this.at += 1;
    }
  }

  private items(depth: number): void {
    this.at += 1;
    this.blank();
    if (this.text[this.at] === ']') {
      this.at += 1;
      return;
    }
    for (;;) {
      this.value('looking for beginning of value', depth + 1);
      this.blank();
      const c = this.text[this.at];
      if (c !== ',' && c !== ']') this.refuse('after array element');
      this.at += 1;
      if (c === ']') return;
    }
  }

  private members(depth: number): void {
    this.at += 1;
    this.blank();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return;
    }
    for (;;) {
      this.blank();
      if (this.text[this.at] !== '"') this.refuse('looking for beginning of object key string');
      this.string();
      this.blank();
      if (this.text[this.at] !== ':') this.refuse('after object key');
      this.at += 1;
      this.value('looking for beginning of value', depth + 1);
      this.blank();
      const c = this.text[this.at];
      if (c !== ',' && c !== '}') this.refuse('after object key:value pair');
      this.at += 1;
      if (c === '}') return;
    }
  }

  private string(): void {
    this.at += 1;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || c < ' ') this.refuse('in string literal');
      this.at += 1;
      if (c === '"') return;
      if (c === '\\') this.escape();
    }
  }

  private escape(): void {
    const c = this.text[this.at] ?? '';
    if (!/["\\/bfnrtu]/.test(c)) this.refuse('in string escape code');
    this.at += 1;
    for (let i = 0; c === 'u' && i < 4; i += 1) {
      if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? ''))
        this.refuse(String.raw`in \u hexadecimal character escape`);
      this.at += 1;
    }
  }

  private digits(where: string): void {
    if (!/[0-9]/.test(this.text[this.at] ?? '')) this.refuse(where);
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private number(): void {
    if (this.text[this.at] === '-') this.at += 1;
    if (this.text[this.at] === '0') this.at += 1;
    else this.digits('in numeric literal');
    if (this.text[this.at] === '.') {
      this.at += 1;
      this.digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at += 1;
      if (/[+-]/.test(this.text[this.at] ?? '')) this.at += 1;
      this.digits('in exponent of numeric literal');
    }
  }
}
