/** What a policy's data needs so that a customer's own documents and tables are found again. No text and no value is in it. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultLimits, exactIndexOf, extract, fingerprintsOf } from '@chaperone/dlp';
import { fileSource, nodeDlpHost } from '@chaperone/dlp/node';
import { csvRows } from './context/csv.ts';

export type CustomData = {
  readonly chaperone: {
    readonly dlp: {
      readonly custom: { readonly fingerprints: readonly object[] } | { readonly exact: readonly object[] };
    };
  };
};

/** The message says which file and why. */
export class CustomDataError extends Error {
  override readonly name = 'CustomDataError';
}

/**
 * Excerpts of these documents are found again. Passages that more than two of them share do not count.
 *
 * @param className dotted, such as `custom.document`
 * Throws CustomDataError for a file that cannot be read in full, or holds too little text.
 */
export function fingerprintData(files: readonly string[], className: string): CustomData {
  const prints = fingerprintsOf(files.map(textOf));
  const fingerprints = prints.map((one, at) => {
    const file = files[at] ?? '';
    if (one === '') throw new CustomDataError(`${file}: too short, or the same as others`);
    return { ...named(file, at, files.length, className), prints: one };
  });
  return { chaperone: { dlp: { custom: { fingerprints } } } };
}

/**
 * Values of these tables are found again where another value of their row stands near by. The first line of a table names its columns.
 *
 * Throws CustomDataError for a file that is no table.
 */
export function exactData(files: readonly string[], className: string): CustomData {
  const { keyedHash } = nodeDlpHost();
  if (!keyedHash) throw new TypeError('the host lends a keyed hash');
  const exact = files.map((file, at) => {
    const rows = csvRows(readText(file)).slice(1);
    if (!rows.some((cells) => cells.filter((one) => one.trim() !== '').length > 1))
      throw new CustomDataError(
        `${file}: needs a line with names of columns, and rows of at least two values below it`,
      );
    const key = randomBytes(32);
    return {
      ...named(file, at, files.length, className),
      key: key.toString('base64'),
      ...exactIndexOf(rows, key, keyedHash),
    };
  });
  return { chaperone: { dlp: { custom: { exact } } } };
}

function named(file: string, at: number, of: number, className: string): object {
  const base = path
    .basename(file)
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-');
  return { id: of === 1 ? base : `${base}-${at + 1}`, class: className };
}

function textOf(file: string): Uint8Array {
  const fd = opened(file);
  try {
    const texts: Uint8Array[] = [];
    for (const item of extract(fileSource(fd), nodeDlpHost(), defaultLimits)) {
      if (item.kind === 'problem') throw new CustomDataError(`${file}: ${item.problem.detail}`);
      if (item.kind === 'text') texts.push(item.text);
    }
    return Buffer.concat(texts);
  } finally {
    closeSync(fd);
  }
}

function readText(file: string): string {
  const fd = opened(file);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CustomDataError(`${file}: cannot be opened (${why})`, { cause: error });
  }
}
