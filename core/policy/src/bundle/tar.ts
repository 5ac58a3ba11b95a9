/**
 * Reads tar as POSIX (ustar, pax) and GNU write it. Only regular files and folders may be in it: a bundle has no use for
 * anything else, and whoever unpacks one elsewhere must not be surprised by what we passed over.
 * Source: POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
import { BundleError } from './errors.ts';
import type { BundleLimits } from './limits.ts';
import { type BundleFile, bundleName } from './names.ts';

const blockBytes = 512;

/** The files in the archive's order. Throws BundleError. */
export function readTar(archive: Uint8Array, limits: BundleLimits): BundleFile[] {
  const files = new Map<string, BundleFile>();
  let next: Extra = {};
  let common: Extra = {};
  for (let at = 0; at < archive.length;) {
    const header = archive.subarray(at, at + blockBytes);
    if (header.length < blockBytes) throw damaged('it ends inside a header');
    if (header.every((byte) => byte === 0)) break;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const isExtra = 'xgL'.includes(type);
    const size = (isExtra ? undefined : (next.size ?? common.size)) ?? number(header.subarray(124, 136));
    const from = at + blockBytes;
    if (size > limits.fileBytes)
      throw new BundleError(
        'too_large',
        `a file in the bundle has ${size} bytes; at most ${limits.fileBytes} are read`,
      );
    const bytes = archive.subarray(from, from + size);
    if (bytes.length < size) throw damaged('it ends inside a file');
    at = from + Math.ceil(size / blockBytes) * blockBytes;
    if (type === 'x') next = { ...next, ...paxOf(bytes) };
    else if (type === 'g') common = { ...common, ...paxOf(bytes) };
    else if (type === 'L') next = { ...next, name: text(bytes) };
    else {
      const written = next.name ?? common.name ?? nameOf(header);
      next = {};
      if (type === '5') continue;
      if (type !== '0' && type !== '\0' && type !== '7')
        throw new BundleError(
          'unsafe_entry',
          `${JSON.stringify(written.slice(0, 200))} is ${kinds[type] ?? 'of an unknown kind'}; a bundle holds files only`,
        );
      const name = bundleName(written, limits);
      if (files.has(name))
        throw new BundleError('unsafe_entry', `${JSON.stringify(name)} is in the bundle twice`);
      if (files.size >= limits.files)
        throw new BundleError('too_large', `the bundle holds more than ${limits.files} files`);
      files.set(name, { name, bytes });
    }
  }
  return [...files.values()];
}

const kinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  K: 'a link with a long name',
  S: 'a sparse file',
};

type Extra = { readonly name?: string; readonly size?: number };

function damaged(how: string): BundleError {
  return new BundleError('bad_archive', `the tar archive of the bundle is damaged: ${how}`);
}

/** The header's bytes add up to what it says, its own field counted as blanks. */
function checkSum(header: Uint8Array): void {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockBytes; i += 1) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  if (sum !== number(header.subarray(148, 156))) throw damaged('a header has the wrong check sum');
}

function nameOf(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  // Old GNU headers keep times where POSIX has the prefix; those write long names as entries of their own.
  const isPosix = text(header.subarray(257, 263)) === 'ustar' && header[263] === 0x30;
  const prefix = isPosix ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Text up to the first NUL. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  try {
    return decoder.decode(end < 0 ? field : field.subarray(0, end));
  } catch (error) {
    throw new BundleError('unsafe_entry', 'a name in the bundle is not UTF-8', { cause: error });
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Octal text, or GNU's binary form for what does not fit. */
function number(field: Uint8Array): number {
  const [first = 0] = field;
  if (first === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (Number.isSafeInteger(value)) return value;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field))?.[1];
  if (digits === undefined || !Number.isSafeInteger(Number.parseInt(digits, 8)))
    throw damaged('a header holds no valid number');
  return Number.parseInt(digits, 8);
}

/** Records `LENGTH KEY=VALUE\n`. Those about owners and times mean nothing here; those that change contents are refused. */
function paxOf(bytes: Uint8Array): Extra {
  let extra: Extra = {};
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(text(bytes.subarray(at, blank)));
    const end = at + length;
    if (!Number.isSafeInteger(length) || end > bytes.length || end <= blank || bytes[end - 1] !== 0x0a)
      throw damaged('a pax record has the wrong length');
    const record = text(bytes.subarray(blank + 1, end - 1));
    const split = record.indexOf('=');
    const [key, value] = [record.slice(0, split), record.slice(split + 1)];
    if (split < 1) throw damaged('a pax record has no key');
    if (key === 'path') extra = { ...extra, name: value };
    else if (key === 'size') {
      if (!/^\d{1,15}$/.test(value)) throw damaged('a pax record holds no valid size');
      extra = { ...extra, size: Number(value) };
    } else if (key === 'linkpath' || key.startsWith('GNU.sparse'))
      throw new BundleError(
        'unsafe_entry',
        'the bundle holds a link or a sparse file; it may hold files only',
      );
    at = end;
  }
  return extra;
}

/** A ustar archive; the same files give the same bytes. Names that need it get a pax record. */
export function writeTar(files: readonly BundleFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (name: Uint8Array, type: string, bytes: Uint8Array): void => {
    parts.push(headerOf(name.subarray(0, 100), type, bytes.length), bytes);
    parts.push(new Uint8Array((blockBytes - (bytes.length % blockBytes)) % blockBytes));
  };
  for (const { name, bytes } of files) {
    // With the slash that OPA writes.
    const written = encoder.encode(`/${name}`);
    if (written.length > 100) add(encoder.encode('/pax'), 'x', paxRecord('path', `/${name}`));
    add(written, '0', bytes);
  }
  parts.push(new Uint8Array(2 * blockBytes));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const encoder = new TextEncoder();

function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function headerOf(name: Uint8Array, type: string, size: number): Uint8Array {
  const header = new Uint8Array(blockBytes);
  const put = (at: number, value: string): void => header.set(encoder.encode(value), at);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.set(name, 0);
  put(100, octal(0o600, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  put(148, '        ');
  put(156, type);
  put(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}
