/** Texts of a PDF: pages, forms, annotations, fields, metadata, embedded files, scripts. */
import type { DlpHost, Extracted, Extractor } from '../../document.ts';
import { sourceOf } from '../../source.ts';
import { find } from '../bytes.ts';
import { encodingOf } from '../encoding.ts';
import { xmpLabels } from '../xmp.ts';
import { contentText } from './content.ts';
import { latinReader } from './fonts.ts';
import { PdfFile } from './objects.ts';
import { PageReader } from './page.ts';
import { stringsOf } from './strings.ts';
import { isArray, isDict, nameOf, type PdfDict } from './value.ts';

/** Gathered before they are handed on. */
const maxStrings = 2_000;

export const pdf: Extractor = function* (source, part, depth, budget, unpack) {
  const bytes = source.read(0, source.size);
  const file = new PdfFile(bytes, part, budget);
  if (file.isEncrypted) {
    yield problem('encrypted', part, 'the PDF is encrypted');
    return;
  }
  let shown = 0;
  let pages = 0;
  let strings: string[] = [];
  const isLate = (): boolean => budget.late(part) !== undefined;
  const reader = new PageReader(file, budget.host, isLate);
  for (const object of file.objects) {
    if (!isDict(object.value)) continue;
    const dict = object.value;
    const type = nameOf(file.get(dict.get('Type')));
    const subtype = nameOf(file.get(dict.get('Subtype')));
    const text =
      type === 'Page' ? reader.page(dict) : subtype === 'Form' && object.raw ? reader.form(object) : '';
    shown += text.length;
    if (type === 'Page') pages += 1;
    if (text.length > 0)
      yield {
        kind: 'text',
        part: inner(part, type === 'Page' ? `page ${pages}` : 'form'),
        text: encode(text),
      };
    strings.push(...stringsOf(dict, file));
    if (strings.length > maxStrings) {
      yield { kind: 'text', part: inner(part, 'fields'), text: encode(strings.join('\n')) };
      strings = [];
    }
    if (type === 'Metadata' || subtype === 'XML') yield* metadata(file.content(object), part);
    if (type === 'EmbeddedFile' && object.raw) {
      const content = file.content(object);
      if (content) yield* unpack(sourceOf(content), inner(part, 'attachment'), depth + 1);
    }
    if (dict.has('XFA')) yield* xfa(file, dict, part);
    if (subtype === 'Image') file.hasImages = true;
    const late = budget.late(part);
    if (late) {
      yield { kind: 'problem', problem: late };
      return;
    }
  }
  for (const stream of file.unread())
    yield { kind: 'text', part: inner(part, 'stream'), text: visible(stream, budget.host, isLate) };
  if (strings.length > 0)
    yield { kind: 'text', part: inner(part, 'fields'), text: encode(strings.join('\n')) };
  for (const one of file.problems) yield { kind: 'problem', problem: one };
  yield* around(bytes, part);
  if (file.objects.length === 0) yield problem('corrupt', part, 'no object could be read');
  if (reader.unknown > 0)
    yield problem('unreadable', part, 'a font does not say which characters its glyphs are');
  if (shown === 0 && file.hasImages) yield problem('unsupported', part, 'its pages are images without text');
};

/** Readers pass over what stands in front of the header and behind the last end, so anything may be there. */
function* around(bytes: Uint8Array, part: string): Generator<Extracted> {
  const end = lastEnd(bytes);
  const outside = [bytes.subarray(0, Math.max(0, find(bytes, '%PDF-', 0)))];
  if (end >= 0) outside.push(bytes.subarray(end + 5));
  for (const [at, some] of outside.entries()) {
    if (some.every((byte) => byte <= 0x20)) continue;
    const name = inner(part, at === 0 ? '(before the header)' : '(behind the end)');
    yield { kind: 'text', part: name, text: some };
    if (encodingOf(some.subarray(0, 4096)) === undefined)
      yield {
        kind: 'problem',
        problem: { code: 'mismatch', part: name, detail: 'is no text and no part of the PDF' },
      };
  }
}

function lastEnd(bytes: Uint8Array): number {
  let at = bytes.lastIndexOf(0x25);
  while (at > 0 && (bytes[at - 1] !== 0x25 || find(bytes.subarray(at, at + 4), '%EOF', 0) !== 0))
    at = bytes.lastIndexOf(0x25, at - 1);
  return at - 1;
}

/** Of a stream that no page shows: what it would show, or its bytes. */
function visible(content: Uint8Array, host: DlpHost, late: () => boolean): Uint8Array {
  const plain = latinReader(host);
  const shown = contentText(content, { font: () => plain, unknown: () => {}, late });
  return shown.length > 0 ? encode(shown) : content;
}

function* metadata(content: Uint8Array | undefined, part: string): Generator<Extracted> {
  if (!content) return;
  yield { kind: 'text', part: inner(part, 'metadata'), text: content };
  for (const label of xmpLabels(content)) yield { kind: 'label', label };
}

function* xfa(file: PdfFile, dict: PdfDict, part: string): Generator<Extracted> {
  const value = dict.get('XFA');
  const target = file.get(value);
  for (const one of isArray(target) ? target : [value]) {
    const content = one === undefined ? undefined : file.stream(one);
    if (content) yield { kind: 'text', part: inner(part, 'form.xml'), text: content };
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const inner = (part: string, name: string): string => (part === '' ? name : `${part}/${name}`);

function problem(
  code: 'encrypted' | 'corrupt' | 'unreadable' | 'unsupported',
  part: string,
  detail: string,
): Extracted {
  return { kind: 'problem', problem: { code, part, detail } };
}
