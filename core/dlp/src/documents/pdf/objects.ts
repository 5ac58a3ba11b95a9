/**
 * All objects of a file, found by their own headings instead of the cross-reference table: what is damaged still reads, and
 * revisions that a later one replaced are seen, too.
 */
import type { Budget } from '../../document.ts';
import type { Problem } from '../../finding.ts';
import { decodeStream } from './filters.ts';
import { find, latin } from '../bytes.ts';
import { isValue, Lexer, type Token } from './lexer.ts';
import { isDict, nameOf, type PdfDict, type PdfValue, refOf } from './value.ts';

type PdfObject = { readonly value: PdfValue; readonly raw?: Uint8Array };

const maxObjects = 500_000;
const maxFollow = 32;
/** Keys of streams that hold no text: fonts, maps, colours, thumbnails. */
const notText: readonly string[] =
  'FontFile FontFile2 FontFile3 ToUnicode CIDToGIDMap CIDSet DestOutputProfile Thumb SMask'.split(' ');

export class PdfFile {
  readonly objects: PdfObject[] = [];
  readonly problems: Problem[] = [];
  isEncrypted = false;
  hasImages = false;
  readonly #byNumber = new Map<number, PdfObject>();
  readonly #read = new Set<PdfObject>();
  readonly #budget: Budget;
  readonly #part: string;

  constructor(bytes: Uint8Array, part: string, budget: Budget) {
    this.#budget = budget;
    this.#part = part;
    this.#scan(bytes);
    for (const object of this.objects)
      if (isDict(object.value) && nameOf(object.value.get('Type')) === 'ObjStm')
        this.#unpackObjects(object.value, object);
  }

  /** Follows references. */
  readonly get = (value: PdfValue | undefined): PdfValue | undefined => {
    let found = value;
    for (let step = 0; step < maxFollow; step += 1) {
      const number = refOf(found);
      if (number === undefined) return found;
      found = this.#byNumber.get(number)?.value;
    }
    return undefined;
  };

  dict(value: PdfValue | undefined): PdfDict | undefined {
    const found = this.get(value);
    return isDict(found) ? found : undefined;
  }

  /** The decoded content of the stream that `value` refers to. */
  stream(value: PdfValue | undefined): Uint8Array | undefined {
    const number = refOf(value);
    const object = number === undefined ? undefined : this.#byNumber.get(number);
    return object && this.content(object);
  }

  content(object: PdfObject): Uint8Array | undefined {
    const { value, raw } = object;
    if (!raw || !isDict(value)) return undefined;
    this.#read.add(object);
    const decoded = decodeStream(value, raw, this.#budget, this.get);
    const spent = this.#budget.spend(this.#part, decoded.data.length, raw.length);
    if (spent) this.problem(spent);
    if (!decoded.ok) {
      if (decoded.why === 'image') this.hasImages = true;
      else if (decoded.why === 'encrypted') this.isEncrypted = true;
      else
        this.problem({
          code: decoded.why === 'too_large' ? 'too_large_unpacked' : 'corrupt',
          part: this.#part,
          detail:
            decoded.why === 'too_large' ? 'a stream unpacks to too much' : 'a stream cannot be unpacked',
        });
    }
    return spent ? undefined : decoded.data;
  }

  /** Streams that nothing showed, apart from images, fonts and the like: what is hidden there was put there. */
  *unread(): Generator<Uint8Array> {
    const known = new Set<PdfObject | undefined>();
    for (const { value } of this.objects)
      if (isDict(value))
        for (const key of notText) known.add(this.#byNumber.get(refOf(value.get(key)) ?? -1));
    for (const object of this.objects) {
      if (!object.raw || this.#read.has(object) || known.has(object) || !isDict(object.value)) continue;
      if (nameOf(object.value.get('Subtype')) === 'Image' || nameOf(object.value.get('Type')) === 'XRef')
        continue;
      const content = this.content(object);
      if (content) yield content;
    }
  }

  problem(problem: Problem): void {
    if (!this.problems.some(({ code }) => code === problem.code)) this.problems.push(problem);
  }

  #scan(bytes: Uint8Array): void {
    for (let at = find(bytes, 'obj', 0); at >= 0 && this.objects.length < maxObjects;) {
      const head = headBefore(bytes, at);
      const trailer = head === undefined;
      const lexer = new Lexer(bytes, at + 3);
      if (!trailer) this.#object(lexer, head);
      at = find(bytes, 'obj', Math.max(at + 3, trailer ? 0 : lexer.at));
      if (this.objects.length % 256 === 255) {
        const late = this.#budget.late(this.#part);
        if (late) return this.problem(late);
      }
    }
    if (count(bytes, 'endobj') > this.objects.length)
      this.problem({ code: 'corrupt', part: this.#part, detail: 'an object does not begin' });
    if (this.objects.length >= maxObjects)
      this.problem({ code: 'too_many_entries', part: this.#part, detail: `more than ${maxObjects} objects` });
    for (let at = find(bytes, 'trailer', 0); at >= 0; at = find(bytes, 'trailer', at + 7)) {
      const token = new Lexer(bytes, at + 7).next();
      if (isDict(token as PdfValue) && (token as PdfDict).has('Encrypt')) this.isEncrypted = true;
    }
  }

  #object(lexer: Lexer, number: number): void {
    const token: Token | undefined = lexer.next();
    if (token === undefined || !isValue(token)) return;
    const behind = lexer.at;
    const word = lexer.next();
    const hasStream =
      word !== undefined && !isValue(word) && 'operator' in word && word.operator === 'stream';
    if (!hasStream) lexer.at = behind;
    const isClosed = hasStream || (word !== undefined && !isValue(word) && isEnd(word));
    if (!isClosed) this.problem({ code: 'corrupt', part: this.#part, detail: 'an object does not end' });
    const raw = hasStream ? this.#raw(lexer, token) : undefined;
    if (isDict(token) && nameOf(token.get('Type')) === 'XRef' && token.has('Encrypt'))
      this.isEncrypted = true;
    this.#add(number, raw ? { value: token, raw } : { value: token });
  }

  #add(number: number, object: PdfObject): void {
    this.objects.push(object);
    this.#byNumber.set(number, object);
  }

  /** The bytes of a stream: as long as it says when its end stands there, otherwise up to the next end. */
  #raw(lexer: Lexer, dict: PdfValue): Uint8Array {
    const { bytes } = lexer;
    let start = lexer.at;
    if (bytes[start] === 13) start += 1;
    if (bytes[start] === 10) start += 1;
    const said = isDict(dict) ? this.get(dict.get('Length')) : undefined;
    if (typeof said === 'number' && Number.isSafeInteger(said) && said >= 0 && start + said <= bytes.length) {
      const end = find(
        bytes.subarray(0, Math.min(bytes.length, start + said + 16)),
        'endstream',
        start + said,
      );
      if (end >= 0) {
        lexer.at = end + 9;
        return bytes.subarray(start, start + said);
      }
    }
    const end = find(bytes, 'endstream', start);
    lexer.at = end < 0 ? bytes.length : end + 9;
    return bytes.subarray(start, end < 0 ? bytes.length : end);
  }

  #unpackObjects(dict: PdfDict, object: PdfObject): void {
    const content = this.content(object);
    const count = this.get(dict.get('N'));
    const first = this.get(dict.get('First'));
    if (!content || typeof count !== 'number' || typeof first !== 'number') return;
    const heads = new Lexer(content, 0, first);
    for (let index = 0; index < count && this.objects.length < maxObjects; index += 1) {
      const [number, offset] = [heads.next(-1), heads.next(-1)];
      if (typeof number !== 'number' || typeof offset !== 'number') return;
      const value = new Lexer(content, first + offset).next();
      if (value !== undefined && isValue(value)) this.#add(number, { value });
    }
  }
}

const isEnd = (word: Token): boolean =>
  typeof word === 'object' &&
  word !== null &&
  'operator' in word &&
  /^(?:endobj|obj|xref|startxref|trailer)$/.test(word.operator);

function count(bytes: Uint8Array, word: string): number {
  let found = 0;
  for (let at = find(bytes, word, 0); at >= 0; at = find(bytes, word, at + word.length)) found += 1;
  return found;
}

/** The number of the object whose `obj` stands at `at`: `12 0 obj`. */
function headBefore(bytes: Uint8Array, at: number): number | undefined {
  const match = /(\d{1,10})[\s\0]+\d{1,5}[\s\0]+$/.exec(latin(bytes, Math.max(0, at - 24), at));
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
