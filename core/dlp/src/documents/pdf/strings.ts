/** Texts that stand in dictionaries: titles, remarks, values of fields, scripts, addresses. */
import type { PdfFile } from './objects.ts';
import { isArray, isDict, type PdfDict, type PdfValue, refOf, stringOf } from './value.ts';

const maxNested = 16;

/** Keys whose strings are text that a person wrote or sees. */
const textKeys: ReadonlySet<string> = new Set(
  (
    'Title Author Subject Keywords Creator Contents V DV T TU RC Alt ' +
    'ActualText URI JS F UF Desc Opt Subj E Reason Location ContactInfo'
  ).split(' '),
);

export function stringsOf(dict: PdfDict, file: PdfFile): string[] {
  const lines: string[] = [];
  const walk = (value: PdfValue | undefined, depth: number): void => {
    const bytes = stringOf(value);
    if (bytes) lines.push(textString(bytes));
    else if (isArray(value) && depth < maxNested) for (const one of value) walk(one, depth + 1);
    else if (isDict(value) && depth < maxNested) lines.push(...keyed(value, depth + 1));
  };
  const keyed = (one: PdfDict, depth: number): string[] => {
    const labelled: string[] = [];
    for (const [key, value] of one) {
      const from = lines.length;
      if (textKeys.has(key)) walk(refOf(value) === undefined ? value : file.get(value), depth);
      else if (isDict(value) && depth < maxNested) lines.push(...keyed(value, depth + 1));
      else if (key.startsWith('MSIP_Label_')) walk(value, depth);
      labelled.push(...lines.splice(from));
    }
    return labelled;
  };
  return keyed(dict, 0);
}

/** ISO 32000-1, 7.9.2.2: UTF-16 with a mark, UTF-8 with a mark, otherwise nearly Latin 1. */
function textString(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2));
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes.subarray(3));
  return new TextDecoder('latin1').decode(bytes);
}
