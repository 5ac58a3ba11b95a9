/** Text that a system brings along: what the detectors should be silent about. */
import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

export type CorpusFile = { readonly path: string; readonly text: Uint8Array };

/** Larger ones are databases and archives, not what people write. */
const maxBytes = 8 << 20;

/** Text files below `folders`, links not followed; gzip is unpacked. In the order of their names, so that runs compare. */
export function* textFiles(folders: readonly string[]): Generator<CorpusFile> {
  for (const folder of folders)
    for (const file of filesBelow(folder)) {
      const text = textOf(file);
      if (text !== undefined && text.length > 0) yield { path: file, text };
    }
}

function* filesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(at);
    else if (entry.isFile()) yield at;
  }
}

/** @returns UTF-8 without NUL, as tools tell text from binaries; undefined for anything else */
function textOf(file: string): Uint8Array | undefined {
  if (lstatSync(file).size > maxBytes) return undefined;
  let bytes: Uint8Array = readFileSync(file);
  if (file.endsWith('.gz'))
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: maxBytes });
    } catch {
      return undefined;
    }
  if (bytes.subarray(0, 8192).includes(0) || !isUtf8(bytes)) return undefined;
  return bytes;
}
