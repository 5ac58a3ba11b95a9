/**
 * How content is unpacked into texts. An extractor is a generator: it yields what it finds as it goes, so that whoever asks may
 * stop early, and it never yields more than the limits permit. What it cannot read is a problem that it yields, not an exception.
 */
import type { Label, Problem } from './finding.ts';

/** Content by position. `read` gives fewer bytes only at the end. */
export type Source = {
  readonly size: number;
  readonly read: (at: number, length: number) => Uint8Array;
};

export type Limits = {
  /** Of the file itself. */
  readonly maxBytes: number;
  /** Of one unpacked entry, and of all together. */
  readonly maxEntryBytes: number;
  readonly maxTotalBytes: number;
  /** Unpacked to packed, once more than 1 MB was unpacked. */
  readonly maxRatio: number;
  readonly maxEntries: number;
  /** Archives within archives. */
  readonly maxDepth: number;
  readonly maxMs: number;
  readonly maxFindings: number;
};

/** What pure code needs of its surroundings. */
export type DlpHost = {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Raw DEFLATE (RFC 1951), zlib (RFC 1950), gzip (RFC 1952, all members), Zstandard (RFC 8878). `used`: bytes of `data` that were consumed. */
  readonly inflate: (
    format: 'raw' | 'zlib' | 'gzip' | 'zstd',
    data: Uint8Array,
    maxBytes: number,
  ) => Inflated;
  readonly deflateRaw: (data: Uint8Array) => Uint8Array;
  /** CRC-32 of ISO 3309, as zip and gzip use it. */
  readonly crc32: (data: Uint8Array) => number;
  /** Decodes a legacy encoding by its WHATWG label; undefined when it is not known. */
  readonly decode: (label: string, data: Uint8Array) => string | undefined;
  /** One character per byte, where the host can do that faster than one by one. */
  readonly binaryText: (bytes: Uint8Array) => string;
  /** HMAC-SHA-256, all 32 bytes; absent: exact data match is a problem that is reported. */
  readonly keyedHash?: (key: Uint8Array, value: Uint8Array) => Uint8Array;
};

export type Inflated =
  | { readonly ok: true; readonly data: Uint8Array; readonly used: number }
  /** `data`: what came out before the damage; what came out before the limit may be missing. */
  | { readonly ok: false; readonly why: 'too_large' | 'corrupt'; readonly data: Uint8Array };

/** One thing that an extractor has to say. */
export type Extracted =
  | {
      readonly kind: 'text';
      /** Path within the document: `word/document.xml`, `a.zip/b.txt`; empty for a plain file. */
      readonly part: string;
      /** UTF-8; ASCII-compatible bytes in an encoding that nobody could name stay as they are. Cells are parted by tabs, rows by line feeds. */
      readonly text: Uint8Array;
      /**
       * A part may come in pieces, one right after the other: its text is theirs joined, and offsets count from the first.
       * Where the text lies in the file; undefined when nobody could put something else in its place.
       */
      readonly origin?: Origin;
      /** Another look at what other texts of the document hold, too: a value that they show is not counted again. */
      readonly isView?: boolean;
    }
  | { readonly kind: 'label'; readonly label: Label }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** The media type of the file itself, first. */
  | { readonly kind: 'type'; readonly type: string };

/** Where text comes from, so that a redaction can change it there. */
export type Origin =
  /** The bytes of the part itself, decoded; `at`: offset in the decoded text of the part's whole. */
  | { readonly kind: 'plain'; readonly encoding: string; readonly at: number }
  /** Pieces of text and their places, in order of `start`. Text between pieces is not in the file: separators. */
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] };

/** Text from `start` to `end` is written at `from` to `to` of the content of `part`. */
export type Piece = {
  readonly start: number;
  readonly end: number;
  readonly part: string;
  readonly from: number;
  readonly to: number;
  /**
   * `text`: character data or an attribute's value, byte for byte. `escaped`: one character, written as a reference. `cell`:
   * `from` to `to` is a whole cell that holds a number. `formula`: character data of a formula. `address`: an attribute that
   * holds a URI. `fixed`: something else refers to it, so it cannot be changed.
   */
  readonly kind: 'text' | 'escaped' | 'cell' | 'formula' | 'address' | 'fixed';
};

/** Spent by all extractors of one file together. */
export type Budget = {
  /** Whether texts shall come with their `origin`. */
  readonly origins: boolean;
  readonly limits: Limits;
  readonly host: DlpHost;
  /** Counts `bytes` that were unpacked from `packed`; the problem when that is too much. */
  readonly spend: (part: string, bytes: number, packed: number) => Problem | undefined;
  /** Counts an entry of an archive. */
  readonly entry: (part: string) => Problem | undefined;
  /** The problem when the time is up. */
  readonly late: (part: string) => Problem | undefined;
  /** Bytes that may still be unpacked into one entry. */
  readonly left: () => number;
};

/** Unpacks one format. `depth`: how many archives this lies within; `unpack` is for what lies within this one. */
export type Extractor = (
  source: Source,
  part: string,
  depth: number,
  budget: Budget,
  unpack: (source: Source, part: string, depth: number) => Generator<Extracted>,
) => Generator<Extracted>;
