/**
 * A detector: how candidates are found, what they must look like, what proves them, and how sure that makes us. Detectors
 * look at *binary text*: a string with one character per byte (U+0000 to U+00FF) of UTF-8 content, so that offsets are byte
 * offsets and nothing has to be decoded. A letter outside of ASCII is two or more characters from \x80 to \xff.
 */
import type { Band } from './finding.ts';

/** How sure a match is: `alone`, and with a supporting word within 300 characters or in the header of its column. */
export type Confidence = {
  /** 0: not reported without support. */
  readonly alone: Band | 0;
  readonly supported: Band;
};

/** Where candidates are. The engine finds all of them in one pass over the bytes. */
export type Find =
  /** At each of these words, ASCII, lower case, at least 3 characters; compared without regard to case. */
  | {
      readonly on: 'words';
      readonly words: readonly string[];
      /**
       * `here`: the pattern must match right at the word (a token's fixed prefix, or a name before its value). Otherwise it is
       * searched from `before` characters ahead of the word to `after` characters behind its start.
       */
      readonly at: 'here' | { readonly before: number; readonly after: number };
    }
  /**
   * At each run of digits that single spaces, dots, dashes, slashes may part: this many digits in all. `before` letters,
   * digits or separators ahead of the first digit may belong to the match, `after` behind the last.
   */
  | {
      readonly on: 'digits';
      readonly min: number;
      readonly max: number;
      readonly before?: number;
      readonly after?: number;
      /** A letter must stand right ahead of the first digit; other places are not looked at. */
      readonly ahead?: 'letter';
      /**
       * Without a supporting word it is looked at only as people write it: with separators in the run, or behind `+` or a
       * parenthesis. `check` must say `alone: 0` of the rest.
       */
      readonly isParted?: boolean;
    }
  /** At each `@`. The pattern is searched from 80 characters before to 260 behind. */
  | { readonly on: 'at' };

/** What a check says of a candidate: false drops it, true keeps it, a confidence replaces the detector's own. */
export type Checked = boolean | (Confidence & { readonly why?: string });

export type Detector = {
  /** `iban`, `nl.bsn`, `github.token`: unique. */
  readonly id: string;
  /** Dotted, most general first: `pii.iban`, `credential.github`, `financial.card`, `health.nhs`. */
  readonly class: string;
  /** For people: `IBAN`, `Dutch citizen service number (BSN)`. */
  readonly name: string;
  /** Upper-case word for redaction: `IBAN` gives `[IBAN:7f3a]`. */
  readonly token: string;
  readonly find: Find;
  /** Without flags g and y. The group `value`, or else the whole match, is the finding. Bounded: no open-ended repeats. */
  readonly pattern: RegExp;
  /**
   * Whether a match may begin in [from, to) of a text that ends at `end`: a necessary condition, for a pattern that takes long to refuse
   * what is often met.
   */
  readonly mayBegin?: (bytes: Uint8Array, from: number, to: number, end: number) => boolean;
  /**
   * Of what must match right at a word, where `check` keeps little of what matches: a pattern that matches at the word, too,
   * wherever `pattern` does and `check` keeps it. Only then they are asked.
   */
  readonly gate?: RegExp;
  /** Checksum, entropy, placeholder. `value` is the finding as it stands. */
  readonly check?: (value: string, match: RegExpExecArray) => Checked;
  readonly confidence: Confidence;
  /** Words that support it, lower case, UTF-8 as binary text where they are not ASCII. */
  readonly context?: readonly string[];
  /** Words near by that speak against it, besides the ones for all detectors (test, example, ...). */
  readonly against?: readonly string[];
  /**
   * The whole of a value that stands alone (a cell, a field): what it must look like, when that differs from `pattern`.
   * `identify` uses it with `check`, and without context.
   */
  readonly alone?: RegExp;
  /** Is not what `identify` would say of a value that stands alone. */
  readonly neverAlone?: boolean;
  /** `check` proves a value by a check digit or the like, so that few texts pass by chance. */
  readonly isProven?: boolean;
  /** One sentence: the document that defines the format. */
  readonly source: string;
};

/** A detector that has to see the text as a whole: tables, source code, names among other words. */
export type TextDetector = {
  readonly id: string;
  readonly class: string;
  readonly name: string;
  readonly token: string;
  /** Called once for each part. */
  readonly open: () => TextScan;
  readonly source: string;
};

/**
 * Sees a part piece by piece from its beginning, until it returns false or the part ends. Bounded in time by the length of what is
 * new in the piece. Offsets of what it finds are those of the part.
 */
export type TextScan = (piece: TextPiece, found: (match: TextMatch) => void) => boolean;

/** A piece of a part. Pieces overlap: the first holds at least the first 64 KB of the part, or all. */
export type TextPiece = {
  /** Valid until the scan returns. */
  readonly bytes: Uint8Array;
  /** The same as binary text, made when it is first asked for. */
  readonly text: () => string;
  /** Offset of the piece in the part. */
  readonly base: number;
  /** Offset in the part up to which matches may begin now; the next piece holds 4 KB ahead of it, and this one 36 KB behind it. */
  readonly to: number;
  readonly isLast: boolean;
};

export type TextMatch = {
  /** Offsets in the part. */
  readonly start: number;
  readonly end: number;
  readonly confidence: Band;
  readonly why: string;
  /** What comes behind the detector's class, where it tells kinds apart: `python` gives `source_code.python`. */
  readonly kind?: string;
  /** Whether a redaction may replace the span; false for what describes the text as a whole. */
  readonly isValue: boolean;
};
