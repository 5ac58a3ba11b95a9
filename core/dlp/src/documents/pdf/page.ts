/** The text that pages and forms show, with the fonts that they name. */
import type { DlpHost } from '../../document.ts';
import { contentText } from './content.ts';
import { type FontReader, fontReader } from './fonts.ts';
import type { PdfFile } from './objects.ts';
import { isArray, isDict, type PdfDict, refOf } from './value.ts';

const maxParents = 64;

export class PageReader {
  /** Texts with codes that no character is known for. */
  unknown = 0;
  readonly #file: PdfFile;
  readonly #host: DlpHost;
  readonly #fonts = new Map<PdfDict, FontReader>();
  readonly #late: () => boolean;

  constructor(file: PdfFile, host: DlpHost, late: () => boolean) {
    this.#file = file;
    this.#host = host;
    this.#late = late;
  }

  /** The streams of a page are one: an operator may begin in one and end in the next. */
  page(dict: PdfDict): string {
    const contents = dict.get('Contents');
    const target = this.#file.get(contents);
    const parts = isArray(target) ? target : [contents];
    const streams = parts.flatMap((one) => {
      const content = refOf(one) === undefined ? undefined : this.#file.stream(one);
      return content ? [content] : [];
    });
    const joined = new Uint8Array(streams.reduce((sum, one) => sum + one.length + 1, 0));
    let at = 0;
    for (const one of streams) {
      joined.set(one, at);
      at += one.length;
      joined[at] = 10;
      at += 1;
    }
    return this.#text(joined, this.#inherited(dict));
  }

  form(object: PdfFile['objects'][number]): string {
    const content = this.#file.content(object);
    if (!content || !isDict(object.value)) return '';
    return this.#text(content, this.#file.dict(object.value.get('Resources')));
  }

  #text(content: Uint8Array, resources: PdfDict | undefined): string {
    const named = resources && this.#file.dict(resources.get('Font'));
    return contentText(content, {
      font: (name) => this.#font(this.#file.dict(named?.get(name))),
      unknown: () => {
        this.unknown += 1;
      },
      late: this.#late,
    });
  }

  #font(dict: PdfDict | undefined): FontReader {
    if (!dict) return fontReader(undefined, this.#file, this.#host);
    const known = this.#fonts.get(dict) ?? fontReader(dict, this.#file, this.#host);
    this.#fonts.set(dict, known);
    return known;
  }

  #inherited(page: PdfDict): PdfDict | undefined {
    let node: PdfDict | undefined = page;
    for (let step = 0; node && step < maxParents; step += 1) {
      const found = this.#file.dict(node.get('Resources'));
      if (found) return found;
      node = this.#file.dict(node.get('Parent'));
    }
    return undefined;
  }
}
