/**
 * Scans a file that is held open. Where others may be writing to it, what is scanned is a sealed copy, which is then what can be
 * handed over. One scanner for each thread.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { classify, defaultLimits, type Label, redact, type Scanner } from '@chaperone/dlp';
import { BoundedNames, fileSource, nodeDlpHost, scannerFor } from '@chaperone/dlp/node';
import { asContent, type Content, type ContentRules } from './content-facts.ts';

/** A larger file is handed over itself, or not at all. */
export const maxCopyBytes = 64 << 20;
const maxKnown = 1_000;

export type ScanOrder = {
  readonly fd: number;
  /** Nobody can write to it meanwhile. */
  readonly leased: boolean;
  /** A sealed copy is wanted of what others may write to. */
  readonly copy: boolean;
  readonly maxMs: number;
};

export type Scanned = {
  /** Without the labels of its path. */
  readonly content: Content;
  /** SHA-256 of what was scanned, lower-case hex; undefined for what was too large to be copied. */
  readonly digest: string | undefined;
  /** Sealed, or -1. */
  readonly copy: number;
};

export type RedactedCopy =
  | { readonly ok: true; readonly copy: number; readonly removed: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly why: string };

export type ScanTools = {
  readonly sealed: (of: number, maxBytes: number, bytes?: Uint8Array) => number | undefined;
  readonly labels: (fd: number) => readonly Label[];
};

export class ContentScanner {
  readonly #tools: ScanTools;
  readonly #rules: ContentRules;
  readonly #names: BoundedNames;
  readonly #host = nodeDlpHost();
  readonly #scanner: Scanner;
  readonly #known = new Map<string, Content>();

  /** @param key of the session: pseudonyms of values depend on it. Throws where the policy's own detectors cannot be used */
  constructor(tools: ScanTools, rules: ContentRules, key: Uint8Array) {
    this.#tools = tools;
    this.#rules = rules;
    this.#names = new BoundedNames(key);
    this.#scanner = scannerFor(rules);
  }

  /** Throws when the file cannot be read. The descriptor stays open. */
  scan({ fd, leased, copy: wantsCopy, maxMs }: ScanOrder): Scanned {
    const labels = this.#tools.labels(fd);
    const copy = leased || !wantsCopy ? -1 : (this.#tools.sealed(fd, maxCopyBytes) ?? -1);
    try {
      const held = copy >= 0 ? copy : fd;
      const isSmall = fstatSync(held).size <= maxCopyBytes;
      const digest = isSmall ? digestOf(held) : undefined;
      const key = digest && `${digest} ${labels.map(({ name }) => name).join()}`;
      const known = key === undefined ? undefined : this.#known.get(key);
      if (known) return { content: known, digest, copy };
      const found = classify(fileSource(held), this.#host, { ...defaultLimits, maxMs }, this.#scanner);
      const content = asContent(found, { path: '', rules: this.#rules, attributes: labels });
      if (key !== undefined && !content.problems.includes('timeout')) this.#keep(key, content);
      return { content, digest, copy };
    } catch (error) {
      if (copy >= 0) closeSync(copy);
      throw error;
    }
  }

  /** A sealed copy of `fd` without these classes. What could not be looked at in full has none. */
  redacted(fd: number, classes: readonly string[] | undefined, maxMs: number): RedactedCopy {
    const { size } = fstatSync(fd);
    if (size > maxCopyBytes) return { ok: false, why: `it is larger than ${maxCopyBytes >> 20} MB` };
    const limits = { ...defaultLimits, maxMs };
    const options = { ...(classes ? { classes } : {}), pseudonym: this.#names.forCopy() };
    const made = redact(fileSource(fd), this.#host, options, limits, this.#scanner);
    if (!made.ok) return made;
    return { ok: true, copy: this.#tools.sealed(fd, maxCopyBytes, made.bytes) ?? -1, removed: made.removed };
  }

  #keep(key: string, content: Content): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < maxKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(key, content);
  }
}

/** SHA-256 of what a descriptor shows now, lower-case hex. */
export function digestOf(fd: number): string {
  const source = fileSource(fd);
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += chunkBytes) hash.update(source.read(at, chunkBytes));
  return hash.digest('hex');
}

const chunkBytes = 1 << 20;
