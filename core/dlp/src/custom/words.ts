/** Words of a text with their places, and pairs and triples of neighbours as one: what exact data is looked up by. */

export type Token = { readonly text: string; readonly start: number; readonly end: number };

const longestToken = 64;
const together = 3;

/** Takes a text in pieces and gives each word, alone and with the words before it, without case and punctuation. */
export class Tokens {
  #word = '';
  #start = 0;
  #end = 0;
  #at = 0;
  readonly #last: Token[] = [];
  readonly #visit: (token: Token) => void;

  constructor(visit: (token: Token) => void) {
    this.#visit = visit;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#at += 1;
      const isInside =
        (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 122) || byte >= 0x80;
      if (isInside) {
        if (this.#word === '') this.#start = this.#at - 1;
        if (this.#word.length < longestToken)
          this.#word += String.fromCharCode(byte >= 65 && byte <= 90 ? byte + 32 : byte);
        this.#end = this.#at;
      } else if (this.#word !== '' && !isJoint(byte)) this.end();
    }
  }

  end(): void {
    if (this.#word === '') return;
    this.#last.push({ text: this.#word, start: this.#start, end: this.#end });
    this.#word = '';
    if (this.#last.length > together) this.#last.shift();
    for (let first = this.#last.length - 1; first >= 0; first--) {
      const some = this.#last.slice(first);
      this.#visit({
        text: some.map(({ text }) => text).join(''),
        start: some[0]?.start ?? 0,
        end: this.#end,
      });
    }
  }
}

/** The same form for a value of a table. */
export function normalised(value: string): string {
  let text = '';
  for (const byte of new TextEncoder().encode(value))
    if ((byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 122) || byte >= 0x80)
      text += String.fromCharCode(byte >= 65 && byte <= 90 ? byte + 32 : byte);
  return text.slice(0, longestToken * together);
}

/** Punctuation within a number, a name or a mail address. */
function isJoint(byte: number): boolean {
  return byte === 45 || byte === 46 || byte === 64 || byte === 95 || byte === 39;
}
