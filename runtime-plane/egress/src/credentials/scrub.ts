/** Takes secrets out of what comes back. */
import { Transform } from 'node:stream';
import type { Header } from '../http/desk.ts';
import type { Injection } from '../wire.ts';
import { formsOf } from './scrub-forms.ts';

export class Scrubber {
  /** All of them, the longest first. */
  readonly #forms: readonly string[];
  readonly #placeholders: ReadonlyMap<string, string>;
  readonly #any: RegExp;

  constructor(injections: readonly Pick<Injection, 'secret' | 'placeholder'>[]) {
    const placeholders = new Map<string, string>();
    for (const { secret, placeholder } of injections)
      for (const form of formsOf(secret)) placeholders.set(form, placeholder);
    this.#placeholders = placeholders;
    this.#forms = [...placeholders.keys()].toSorted((one, other) => other.length - one.length);
    // Without secrets it matches nowhere.
    this.#any = new RegExp(
      this.#forms.map((form) => form.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|') || '(?!)',
      'g',
    );
  }

  /** With placeholders in their places. @param text one character for each byte */
  bytes(text: string): string {
    return text.replaceAll(this.#any, (form) => this.#placeholders.get(form) ?? '');
  }

  text(text: string): string {
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    const clean = this.bytes(bytes);
    return clean === bytes ? text : Buffer.from(clean, 'latin1').toString('utf8');
  }

  /** A header whose name holds a secret is left out. */
  headers(headers: readonly Header[]): readonly Header[] {
    return headers
      .filter(([name]) => !this.#forms.some((form) => name.toLowerCase().includes(form.toLowerCase())))
      .map(([name, value]): Header => [name, this.bytes(this.text(value))]);
  }

  /** Text that is to be let go of, and the end of `text` with which a secret may begin. */
  cut(text: string): { readonly free: string; readonly held: string } {
    const longest = this.#forms[0]?.length ?? 0;
    const from = Math.max(0, text.length - longest + 1);
    // The earliest place from which all that is there is the beginning of a form.
    for (let at = from; at < text.length; at++) {
      const tail = text.slice(at);
      if (this.#forms.some((form) => form.length > tail.length && form.startsWith(tail)))
        return { free: text.slice(0, at), held: tail };
    }
    return { free: text, held: '' };
  }

  /** So many asterisks in their places, for what frames of a fixed length are made of. */
  masked(text: string): string {
    return text.replaceAll(this.#any, (form) => '*'.repeat(form.length));
  }
}

/** An end that is held back so long goes on while it is short: it may be the end of a message that somebody waits for. */
const patienceMs = 200;
const shortBytes = 8;

/**
 * Lets a body through without the secrets, also where they come in pieces. Of what came it holds back only an end with which a secret
 * may begin, so events of a stream are not late. Where nothing follows, the first few bytes of a secret may go on, never all of it.
 *
 * @param keepsLength secrets become asterisks, and not a byte more or less
 */
export function scrubbing(scrubber: Scrubber, keepsLength = false): Transform {
  return new Scrubbing(scrubber, keepsLength);
}

class Scrubbing extends Transform {
  readonly #scrubber: Scrubber;
  readonly #keepsLength: boolean;
  #held = '';
  /** Of the held ones: bytes that went on. */
  #gone = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(scrubber: Scrubber, keepsLength: boolean) {
    super();
    this.#scrubber = scrubber;
    this.#keepsLength = keepsLength;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    clearTimeout(this.#timer);
    const text = this.#held + chunk.toString('latin1');
    const clean = this.#keepsLength ? this.#scrubber.masked(text) : this.#scrubber.bytes(text);
    const gone = this.#keepsLength || clean.startsWith(this.#held) ? this.#gone : 0;
    const { free, held } = this.#scrubber.cut(clean);
    this.#held = held;
    this.#gone = Math.max(0, gone - free.length);
    this.#give(free.slice(gone));
    if (held.length > this.#gone && held.length <= shortBytes) this.#wait();
    done();
  }

  override _flush(done: (error?: Error) => void): void {
    clearTimeout(this.#timer);
    this.#give(this.#held.slice(this.#gone));
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#give(this.#held.slice(this.#gone));
      this.#gone = this.#held.length;
    }, patienceMs);
    this.#timer.unref();
  }

  #give(text: string): void {
    if (text !== '') this.push(Buffer.from(text, 'latin1'));
  }
}
