/** What is put to the policy about one output, and what it may answer. */
import type { ContentFinding, ResourceFacts, WirePath } from '@chaperone/protocol';
import type { Bytes } from './sealed.ts';
import type { ContentFacts, HoldReason } from './ticket.ts';

export type LabelChange = NonNullable<ResourceFacts['label_change']>;

export type ReleaseQuestion = {
  readonly action: 'write_file' | 'delete_file';
  readonly path: WirePath;
  readonly kind: string;
  readonly size: number;
  readonly content?: Inspection;
  /** Of the file that it would replace. */
  readonly previous?: ContentFacts;
  readonly labelChange?: LabelChange;
};

export type ReleaseAnswer = {
  /** Id of the record. */
  readonly decision?: string;
  readonly message: string;
} & (
  | { readonly outcome: 'release' | 'discard' }
  | { readonly outcome: 'redact'; readonly classes?: readonly string[] }
  | { readonly outcome: 'hold'; readonly reason: HoldReason }
);

export type Inspection = ContentFacts & { readonly findings: readonly ContentFinding[] };

/** The classification; it belongs to a step of its own, so it is handed in. */
export type Inspector = {
  readonly inspect: (content: Bytes, path: WirePath, xattrs: ReadonlyMap<string, Buffer>) => Inspection;
  readonly labelChange: (before: readonly string[], after: readonly string[]) => LabelChange;
  readonly redact: (
    content: Bytes,
    classes: readonly string[] | undefined,
  ) => { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: string };
};
