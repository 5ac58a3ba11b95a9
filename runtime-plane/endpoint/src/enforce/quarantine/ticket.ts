/** One held output, as it is stored. Names and values of findings are not in it: what a ticket says may be shown to anyone. */
import { type ContentFinding, pathBytes, wirePath, type WirePath } from '@chaperone/protocol';

export type HoldReason =
  /** The policy wants a person to look. */
  | 'policy'
  /** A sensitivity label would be removed or lowered, and the policy does not speak about that. */
  | 'label'
  /** It could not be read in full, so nobody knows what is in it. */
  | 'unreadable'
  /** It was to be redacted and cannot be. */
  | 'not_redactable'
  /** The real file changed while the agent worked on its own copy. */
  | 'conflict'
  /** The policy could not decide, or its decision not be recorded. */
  | 'undecided'
  /** It was allowed and could not be put in its place. */
  | 'not_placed'
  /** The session ended before it was settled. */
  | 'interrupted'
  /** It could not be looked at: too deep for the kernel's paths, or closed to its own user. */
  | 'unsettled';

/** `as_written`: kept whole as it was in the layer, a folder with all that is in it; only a person can do something with it. */
export type HeldKind = 'file' | 'symlink' | 'removed' | 'as_written';

export type ContentFacts = { readonly classification: readonly string[]; readonly labels: readonly string[] };

export type Attributes = {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly mtime_ms: number;
  /** Extended attributes, base64. */
  readonly xattrs: Readonly<Record<string, string>>;
};

export type Ticket = {
  readonly v: 1;
  readonly id: string;
  readonly session: string;
  /** ISO 8601, UTC. */
  readonly held_at: string;
  /** The quarantined folder. */
  readonly folder: string;
  /** Within it. */
  readonly relative: WirePath;
  readonly kind: HeldKind;
  readonly reason: HoldReason;
  readonly message: string;
  /** Id of the record of the decision. */
  readonly decision?: string;
  readonly content: ContentFacts;
  readonly findings?: readonly ContentFinding[];
  /** Of the file that it would replace. */
  readonly previous?: ContentFacts;
  /** What it would replace, as it was then; absent where there was nothing. */
  readonly base?: string;
  readonly size: number;
  /** Hex, of a file's content. */
  readonly sha256?: string;
  /** Of a symbolic link, base64. */
  readonly target?: string;
  readonly attributes?: Attributes;
};

/** The whole path, as it is shown and as policies see it. */
export function pathOf({ folder, relative }: Pick<Ticket, 'folder' | 'relative'>): WirePath {
  return wirePath(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(pathBytes(relative))]));
}

const shownCharacters = 200;

/** A path in a message: of a long one its beginning and its end. */
export function shown(name: string): string {
  if (name.length <= shownCharacters) return name;
  const half = shownCharacters / 2;
  return `${name.slice(0, half)}…${name.slice(-half)} (${name.length} characters)`;
}

const kinds: ReadonlySet<unknown> = new Set<HeldKind>(['file', 'symlink', 'removed', 'as_written']);

/** @returns undefined for what is no ticket */
export function parseTicket(text: string): Ticket | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, id, session, held_at, folder, relative, kind, reason, message, content, size } = value as Record<
    string,
    unknown
  >;
  const texts = [id, session, held_at, folder, reason, message];
  if (v !== 1 || !texts.every((one) => typeof one === 'string') || !kinds.has(kind)) return undefined;
  if (typeof relative !== 'object' || relative === null || !('path' in relative)) return undefined;
  if (typeof content !== 'object' || content === null || typeof size !== 'number') return undefined;
  return value as Ticket;
}
