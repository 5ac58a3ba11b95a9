/** What the threads that look into bodies are asked, and what they answer: plain data. */
import type { ContentFacts } from '@chaperone/dlp/facts';
import type { KnownCredential } from '../wire.ts';

/** What a request says of its body. */
export type BodyForm = {
  /** Of the header, with its parameters. */
  readonly type: string;
  /** Content codings in the order in which they were applied, lower case. */
  readonly codings: readonly string[];
};

export type BodyTask =
  | { readonly task: 'look' }
  | { readonly task: 'redact'; readonly classes?: readonly string[] };

export type BodyJob = { readonly body: Uint8Array; readonly form: BodyForm } & BodyTask;

export type BodyAnswer =
  | {
      readonly task: 'look';
      readonly facts: ContentFacts;
      /** Ids of credentials in it that are known. */
      readonly credentials: readonly string[];
    }
  | {
      readonly task: 'redact';
      /** In the form that the request says; the very same where nothing had to go. */
      readonly body: Uint8Array;
      readonly removed: Readonly<Record<string, number>>;
    }
  /** Completes "it cannot be redacted: …". */
  | { readonly task: 'refused'; readonly why: string }
  /** Nobody could look: completes "… could not be looked at: …". */
  | { readonly task: 'failed'; readonly why: string };

/** What each thread is given once. */
export type BodySetup = {
  /** Of the session. */
  readonly key: Uint8Array;
  /** By fingerprint only. */
  readonly credentials: readonly Pick<KnownCredential, 'id' | 'kind' | 'fingerprint'>[];
  readonly off: readonly string[];
  readonly custom?: unknown;
  readonly labelNames: Readonly<Record<string, string>>;
  /** Of a single scan. */
  readonly maxMs: number;
};
