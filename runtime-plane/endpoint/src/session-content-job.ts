/** What the threads that look into files are asked, and what they answer: plain data; descriptors are the process's. */
import type { ContentRules } from './context/content-facts.ts';
import type { RedactedCopy, Scanned } from './context/content-scan.ts';

export type ContentJob = {
  /** Of the held call, in decimal; anything that is unique elsewhere. */
  readonly call: string;
  /** Which look at this call's object it is: one that comes late is not taken for another. */
  readonly number: number;
  readonly fd: number;
} & ContentTask;

export type ContentTask =
  | { readonly task: 'scan'; readonly leased: boolean; readonly copy: boolean }
  | { readonly task: 'redact'; readonly classes?: readonly string[] }
  /** What the file holds now. */
  | { readonly task: 'digest' };

export type ContentAnswer =
  | { readonly task: 'scan'; readonly scanned: Scanned }
  | { readonly task: 'redact'; readonly redacted: RedactedCopy }
  | { readonly task: 'digest'; readonly digest: string }
  /** Nobody could look: completes "… could not be …". */
  | { readonly task: 'failed'; readonly why: string };

export type ContentResult = {
  readonly call: string;
  readonly number: number;
  readonly answer: ContentAnswer;
};

export type ContentSetup = {
  readonly rules: ContentRules;
  readonly key: Uint8Array;
  readonly maxMs: number;
};
