/** Text of an RTF document (Rich Text Format 1.9.1): groups, control words, Unicode and code pages; objects are unpacked. */
import type { Extracted, Extractor } from '../document.ts';
import { sourceOf } from '../source.ts';

/** Destinations whose text nobody reads. */
const silent: ReadonlySet<string> = new Set(
  'fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore xmlnstbl pict shppict nonshppict blipuid fldrslt_ mmathpr panose falt'.split(
    ' ',
  ),
);
const breaks: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  nestcell: '\t',
  nestrow: '\n',
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
};
const codePages: Readonly<Record<string, string>> = {
  '437': 'ibm866',
  '932': 'shift_jis',
  '936': 'gbk',
  '949': 'euc-kr',
  '950': 'big5',
  '874': 'windows-874',
  '10000': 'macintosh',
  '65001': 'utf-8',
};
const maxNesting = 1_000;

type Group = { silent: boolean; object: boolean; skip: number };

export const rtf: Extractor = function* (source, part, depth, budget, unpack) {
  const bytes = source.read(0, source.size);
  const reader = new RtfReader(bytes, (label, data) => budget.host.decode(label, data));
  const { text, objects, isCut } = reader.read(() => budget.late(part) !== undefined);
  yield { kind: 'text', part, text: new TextEncoder().encode(text) };
  for (const [index, object] of objects.entries()) {
    const name = `${part === '' ? '' : `${part}/`}object${index + 1}`;
    const spent = budget.spend(name, object.length, object.length * 2);
    if (spent) {
      yield { kind: 'problem', problem: spent };
      return;
    }
    yield* embedded(object, name, depth, unpack);
  }
  const late = budget.late(part);
  if (late) yield { kind: 'problem', problem: late };
  else if (isCut)
    yield {
      kind: 'problem',
      problem: { code: 'corrupt', part, detail: 'its groups are not closed, or nested too deeply' },
    };
};

/** An OLE object carries its native data behind a header; what is a container inside is found by its own first bytes. */
function* embedded(
  object: Uint8Array,
  name: string,
  depth: number,
  unpack: Parameters<Extractor>[4],
): Generator<Extracted> {
  const starts = [
    [0xd0, 0xcf, 0x11, 0xe0],
    [0x50, 0x4b, 0x03, 0x04],
    [0x25, 0x50, 0x44, 0x46],
  ];
  for (const magic of starts)
    for (
      let at = object.indexOf(magic[0] ?? 0);
      at >= 0 && at < 4096;
      at = object.indexOf(magic[0] ?? 0, at + 1)
    )
      if (magic.every((byte, index) => object[at + index] === byte)) {
        yield* unpack(sourceOf(object.subarray(at)), name, depth + 1);
        return;
      }
  yield* unpack(sourceOf(object), name, depth + 1);
}

class RtfReader {
  readonly #bytes: Uint8Array;
  readonly #decode: (label: string, data: Uint8Array) => string | undefined;
  #at = 0;
  #out: string[] = [];
  #pending: number[] = [];
  #codePage = 'windows-1252';
  #objects: Uint8Array[] = [];
  #hex: number[] = [];
  #high = -1;

  constructor(bytes: Uint8Array, decode: (label: string, data: Uint8Array) => string | undefined) {
    this.#bytes = bytes;
    this.#decode = decode;
  }

  read(late: () => boolean): { text: string; objects: Uint8Array[]; isCut: boolean } {
    const bytes = this.#bytes;
    const groups: Group[] = [];
    let group: Group = { silent: false, object: false, skip: 1 };
    let steps = 0;
    let isDeep = false;
    while (this.#at < bytes.length) {
      steps += 1;
      if ((steps & 0xffff) === 0 && late()) break;
      const code = bytes[this.#at] ?? 0;
      this.#at += 1;
      if (code === 0x7b) {
        this.#flush();
        isDeep ||= groups.length >= maxNesting;
        if (!isDeep) groups.push({ ...group });
      } else if (code === 0x7d) {
        this.#flush();
        if (group.object && groups.at(-1)?.object === false) this.#endObject();
        group = groups.pop() ?? group;
      } else if (code === 0x5c) this.#control(group);
      else if (code !== 10 && code !== 13) this.#character(code, group);
    }
    this.#flush();
    this.#endObject();
    return { text: this.#out.join(''), objects: this.#objects, isCut: isDeep || groups.length > 0 };
  }

  #character(code: number, group: Group): void {
    if (group.object) this.#hexDigit(code);
    else if (!group.silent) this.#pending.push(code);
  }

  #hexDigit(code: number): void {
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    if (Number.isNaN(digit)) return;
    if (this.#high < 0) this.#high = digit;
    else {
      this.#hex.push(this.#high * 16 + digit);
      this.#high = -1;
    }
  }

  #endObject(): void {
    if (this.#hex.length > 0) this.#objects.push(Uint8Array.from(this.#hex));
    this.#hex = [];
    this.#high = -1;
  }

  #control(group: Group): void {
    const bytes = this.#bytes;
    const code = bytes[this.#at] ?? 0;
    const isLetter = (one: number): boolean => (one | 0x20) >= 0x61 && (one | 0x20) <= 0x7a;
    if (!isLetter(code)) {
      this.#at += 1;
      if (code === 0x27) {
        const hex = Number.parseInt(String.fromCharCode(bytes[this.#at] ?? 0, bytes[this.#at + 1] ?? 0), 16);
        this.#at += 2;
        if (!group.silent && !group.object && !Number.isNaN(hex)) this.#pending.push(hex);
      } else if (code === 0x2a) this.#ignorable(group);
      else if (code === 0x7e) this.#character(0x20, group);
      else if (code === 0x5f) this.#character(0x2d, group);
      else if (code === 0x5c || code === 0x7b || code === 0x7d) this.#character(code, group);
      else if (code === 10 || code === 13) this.#write('\n', group);
      return;
    }
    const start = this.#at;
    while (this.#at < bytes.length && this.#at - start < 40 && isLetter(bytes[this.#at] ?? 0)) this.#at += 1;
    const word = String.fromCharCode(...bytes.subarray(start, this.#at));
    const from = this.#at;
    if (bytes[this.#at] === 0x2d) this.#at += 1;
    while (this.#at - from < 11 && (bytes[this.#at] ?? 0) >= 0x30 && (bytes[this.#at] ?? 0) <= 0x39)
      this.#at += 1;
    const figure = Number.parseInt(String.fromCharCode(...bytes.subarray(from, this.#at)), 10);
    if (bytes[this.#at] === 0x20) this.#at += 1;
    this.#word(word, figure, group);
  }

  /** `\*`: unknown destinations may be skipped; what is in them is still the author's, so only known ones are. */
  #ignorable(_group: Group): void {}

  #word(word: string, figure: number, group: Group): void {
    if (word === 'bin' && figure > 0) {
      const raw = this.#bytes.subarray(this.#at, this.#at + figure);
      if (group.object) this.#hex.push(...raw.subarray(0, 1 << 16));
      this.#at += raw.length;
    } else if (word === 'u' && !Number.isNaN(figure)) {
      this.#flush();
      if (!group.silent && !group.object)
        this.#out.push(String.fromCharCode(figure < 0 ? figure + 65_536 : figure));
      this.#skipFallback(group.skip);
    } else if (word === 'uc' && figure >= 0 && figure < 16) group.skip = figure;
    else if (word === 'ansicpg' && figure > 0)
      this.#codePage =
        codePages[String(figure)] ??
        (figure >= 1250 && figure <= 1258 ? `windows-${figure}` : 'windows-1252');
    else if (word === 'mac') this.#codePage = 'macintosh';
    else if (word === 'objdata') {
      this.#flush();
      group.object = true;
    } else if (silent.has(word)) group.silent = true;
    else {
      const text = Object.hasOwn(breaks, word) ? breaks[word] : undefined;
      if (text !== undefined) this.#write(text, group);
    }
  }

  #write(text: string, group: Group): void {
    this.#flush();
    if (!group.silent && !group.object) this.#out.push(text);
  }

  /** The characters that stand for a Unicode one where that is not known. */
  #skipFallback(count: number): void {
    const bytes = this.#bytes;
    for (let left = count; left > 0 && this.#at < bytes.length; left -= 1) {
      const code = bytes[this.#at] ?? 0;
      if (code === 0x7b || code === 0x7d) return;
      if (code !== 0x5c) this.#at += 1;
      else if (bytes[this.#at + 1] === 0x27) this.#at += 4;
      else return;
    }
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Uint8Array.from(this.#pending);
    this.#pending = [];
    this.#out.push(this.#decode(this.#codePage, bytes) ?? new TextDecoder('latin1').decode(bytes));
  }
}
