/** One output: seals it, compares and classifies it, puts it to the policy, and says what is to become of it. */
import { readlinkSync } from 'node:fs';
import { wirePath, type WirePath } from '@chaperone/protocol';
import type { LayeredFolder } from '../layer.ts';
import type { Compared } from './compare.ts';
import type { Holding } from './hold.ts';
import type { Inspection, Inspector, ReleaseAnswer, ReleaseQuestion } from './judge.ts';
import { type KernelFiles, within } from './kernel-files.ts';
import { attributesFrom } from './place.ts';
import type { Output } from './release.ts';
import { type Sealed, seal } from './sealed.ts';
import { writeAll } from './store.ts';
import type { Attributes, ContentFacts, HeldKind, HoldReason } from './ticket.ts';
import { type Change, identityOf } from './walk.ts';

export type JudgeOptions = {
  readonly files: KernelFiles;
  /** Copies of large files, on the file system of the layers. */
  readonly staging: string;
  readonly inspector: Inspector;
  /** Never rejects: who cannot decide answers `hold`. */
  readonly ask: (question: ReleaseQuestion) => Promise<ReleaseAnswer>;
};

export type Ready = {
  readonly change: Change;
  readonly output: Output;
  readonly held: Omit<Holding, 'reason' | 'message'>;
  /** Whoever gets this closes it. */
  readonly sealed?: Sealed;
};

export type Judged =
  | { readonly kind: 'release'; readonly ready: Ready }
  | { readonly kind: 'hold'; readonly ready: Ready; readonly reason: HoldReason; readonly message: string }
  | { readonly kind: 'discard' }
  /** It differs in nothing, or is no output: settled as it is. */
  | { readonly kind: 'nothing'; readonly identity: string }
  | { readonly kind: 'busy' };

/** A layer with its open folders. */
export type OpenLayer = { readonly layer: LayeredFolder; readonly upper: number; readonly lower: number };

const noBytes = { size: 0, read: () => new Uint8Array() };
const noContent: Inspection = { classification: [], labels: [], findings: [] };

export class OutputJudge {
  readonly #options: JudgeOptions;
  readonly #compared: Compared;

  constructor(options: JudgeOptions, compared: Compared) {
    this.#options = options;
    this.#compared = compared;
  }

  /** @param folderOf attributes of a new folder of the layer. Rejects when the entry cannot be looked at. */
  async of(
    at: OpenLayer,
    change: Change,
    folderOf: (relative: Buffer) => Attributes | undefined,
  ): Promise<Judged> {
    const { upper, lower } = at;
    const settled: Judged = { kind: 'nothing', identity: change.identity };
    switch (change.kind) {
      case 'file':
        return this.#file(at, change);
      case 'symlink': {
        const target = readlinkSync(within(upper, change.relative), 'buffer');
        if (this.#compared.isSameLink(lower, change.relative, target)) return settled;
        const attributes = attributesFrom(new Map(), change.stat);
        const said = {
          size: target.length,
          read: (from: number, length: number) => target.subarray(from, from + length),
        };
        const content = this.#options.inspector.inspect(said, pathOf(at, change), new Map());
        return this.#decide(at, change, { kind: 'symlink', target, attributes }, content, undefined);
      }
      case 'removed':
        return this.#decide(at, change, { kind: 'removed' }, noContent, undefined);
      case 'folder':
        await this.#compared.folder(upper, lower, change, folderOf, async () => {
          const { outcome } = await this.#ask(at, change, noContent, undefined);
          return outcome === 'release';
        });
        return settled;
      case 'special':
        await this.#ask(at, change, noContent, undefined);
        return settled;
      default:
        return change.kind satisfies never;
    }
  }

  async #file(at: OpenLayer, found: Change): Promise<Judged> {
    const { files, staging, inspector } = this.#options;
    const sealed = seal(files, at.upper, found.relative, found.identity, staging);
    if (typeof sealed === 'string') return { kind: 'busy' };
    const change = { ...found, identity: identityOf(sealed.stat) };
    let isKept = false;
    try {
      const path = pathOf(at, change);
      const attributes = attributesFrom(sealed.xattrs, sealed.stat);
      const before = this.#compared.file(at.lower, change.relative, sealed, attributes, inspector, path);
      if (before === 'same') return { kind: 'nothing', identity: change.identity };
      const content = inspector.inspect(sealed, path, sealed.xattrs);
      const output = { kind: 'file', attributes, write: (fd: number) => sealed.copyTo(fd) } as const;
      const judged = await this.#decide(at, change, output, content, before, sealed);
      isKept = 'ready' in judged;
      return judged;
    } finally {
      if (!isKept) sealed.close();
    }
  }

  #ask(
    at: OpenLayer,
    change: Change,
    content: Inspection,
    previous: ContentFacts | undefined,
  ): Promise<ReleaseAnswer> {
    const { ask, inspector } = this.#options;
    const labelChange = inspector.labelChange(previous?.labels ?? [], content.labels);
    return ask({
      action: change.kind === 'removed' ? 'delete_file' : 'write_file',
      path: pathOf(at, change),
      kind: nameOfKind(change),
      size: Number(change.stat.size),
      ...(change.kind === 'file' || change.kind === 'symlink' ? { content, labelChange } : {}),
      ...(previous ? { previous } : {}),
    });
  }

  async #decide(
    at: OpenLayer,
    change: Change,
    what: OutputBody,
    content: Inspection,
    previous: ContentFacts | undefined,
    sealed?: Sealed,
  ): Promise<Judged> {
    const { base, conflict } = this.#compared.base(at.layer, at.lower, change);
    // What somebody else put there since is none of what the agent removed.
    if (conflict && change.kind === 'removed' && change.opaque)
      return { kind: 'nothing', identity: change.identity };
    const answer = await this.#ask(at, change, content, previous);
    if (answer.outcome === 'discard') return { kind: 'discard' };
    const { classification, labels, findings } = content;
    const held = {
      kind: heldKind(change),
      content: { classification, labels },
      findings,
      ...(previous ? { previous } : {}),
      ...(answer.decision === undefined ? {} : { decision: answer.decision }),
    };
    const output: Output = { relative: change.relative, base, ...what };
    const ready: Ready = { change, output, held, ...(sealed ? { sealed } : {}) };
    const hold = (reason: HoldReason, message: string): Judged => ({ kind: 'hold', ready, reason, message });
    if (answer.outcome === 'hold') return hold(answer.reason, answer.message);
    if (conflict)
      return hold('conflict', 'The real file was changed while the agent worked on its own copy.');
    if (answer.outcome !== 'redact') return { kind: 'release', ready };
    if (!sealed || output.kind !== 'file')
      return content.classification.length === 0
        ? { kind: 'release', ready }
        : hold('not_redactable', 'It was to be redacted, and a name cannot be.');
    const beside = this.#options.inspector.inspect(noBytes, pathOf(at, change), sealed.xattrs);
    if (beside.classification.length > 0)
      return hold('not_redactable', 'It was to be redacted, and its extended attributes cannot be.');
    const redacted = this.#options.inspector.redact(sealed, answer.classes);
    if (!redacted.ok) return hold('not_redactable', `It was to be redacted, and cannot be: ${redacted.why}.`);
    const copy = redacted.bytes;
    return { kind: 'release', ready: { ...ready, output: { ...output, write: (fd) => writeAll(fd, copy) } } };
  }
}

type OutputBody = Output extends infer One
  ? One extends unknown
    ? Omit<One, 'relative' | 'base' | 'ticket'>
    : never
  : never;

function pathOf({ layer }: OpenLayer, { relative }: Change): WirePath {
  return wirePath(Buffer.concat([Buffer.from(`${layer.folder}/`), relative]));
}

function heldKind({ kind }: Change): HeldKind {
  return kind === 'file' || kind === 'symlink' ? kind : 'removed';
}

function nameOfKind({ kind, stat }: Change): string {
  if (kind !== 'special' && kind !== 'removed') return kind === 'folder' ? 'directory' : kind;
  if (stat.isDirectory()) return 'directory';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  if (stat.isCharacterDevice()) return 'character_device';
  if (stat.isBlockDevice()) return 'block_device';
  return stat.isSymbolicLink() ? 'symlink' : 'file';
}
