/** What is in the object of a held call, looked at when a policy reads it, and what becomes of it when the act goes on. */
import type { Content } from './content-facts.ts';

/**
 * `waiting`: it is being looked at elsewhere, and the call is asked about once more when that is done. `failed`: nobody could
 * look, for a reason that is not the file's.
 */
export type ContentState =
  | { readonly kind: 'unasked' | 'known' | 'waiting' }
  | { readonly kind: 'failed'; readonly why: string };

export type ContentLookup = {
  readonly state: ContentState;
  /** @returns undefined for what has no content. Throws ContentUnread unless `state` is `known` then. */
  facts(): Content | undefined;
  /**
   * The caller is to get a copy without these classes.
   *
   * @returns how many values of each class are not in it. Throws ContentUnread, also where there can be no such copy.
   */
  redact(classes: readonly string[] | undefined): Readonly<Record<string, number>>;
  /** The caller is to get what was looked at and nothing else. Throws ContentUnread where that cannot be. */
  secure(): void;
};

/** The message completes "… could not be …" for a person. */
export class ContentUnread extends Error {
  override readonly name = 'ContentUnread';
}
