/** What was found, and how sure that is. The bands are Microsoft Purview's, so that its policies carry over. */

/** 85 high, 75 medium, 65 low. */
export type Band = 85 | 75 | 65;

export type Finding = {
  /** Id of the detector, such as `iban` or `nl.bsn`. */
  readonly detector: string;
  /** Dotted class that policies read, such as `pii.iban`. */
  readonly class: string;
  /** Byte offsets in the text of the part. */
  readonly start: number;
  readonly end: number;
  readonly confidence: Band;
  /** Why, and why so sure: short sentences without the value. */
  readonly why: readonly string[];
  /** Name of the part of a document, such as `word/document.xml`; empty for a plain file. */
  readonly part: string;
  /** Upper-case word that a redaction puts in its place. */
  readonly token?: string;
  /** False for what describes a text as a whole: no redaction may put something in its place. */
  readonly isValue?: boolean;
};

/** A sensitivity label that the document itself carries, or a rule gives to its path. */
export type Label = {
  /** Name that policies read, in lower case; the id where no name is known. */
  readonly name: string;
  readonly id?: string;
  readonly tenant?: string;
  readonly source: 'label_info' | 'custom_properties' | 'xmp' | 'xattr' | 'path';
};

/** Why content could not be read in full. Never silent: a policy can act on each. */
export type ProblemCode =
  | 'encrypted'
  | 'corrupt'
  | 'unsupported'
  | 'too_large'
  | 'too_large_unpacked'
  | 'suspicious_ratio'
  | 'too_many_entries'
  | 'too_deep'
  | 'timeout'
  | 'mismatch'
  | 'unreadable';

export type Problem = { readonly code: ProblemCode; readonly part: string; readonly detail: string };

/** All findings of one class together. */
export type ClassCount = {
  readonly class: string;
  readonly count: number;
  /** Different values. */
  readonly distinct: number;
  /** Of the surest finding. */
  readonly confidence: Band;
};

export type Classification = {
  /** Media type by content, such as `text/csv`. */
  readonly type: string;
  readonly classes: readonly ClassCount[];
  readonly labels: readonly Label[];
  /** The first ones, at most `limits.maxFindings`; the counts above are of all. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** False when some content was not seen: see `problems`. */
  readonly complete: boolean;
  /** Bytes of text that were looked at. */
  readonly scannedBytes: number;
};
