/**
 * Settles what a session left in its layers: each output is sealed, classified, put to the policy, and then released, redacted,
 * held or thrown away. Runs again whenever something changed, and once more when the session is over.
 */
import { chmodSync } from 'node:fs';
import type { LayeredFolder } from '../layer.ts';
import { Compared } from './compare.ts';
import { Holder } from './hold.ts';
import { OutputJudge, type JudgeOptions, type Ready } from './judge-output.ts';
import { releaseAll } from './release.ts';
import type { Places } from './store.ts';
import { type Attributes, type HoldReason, shown, type Ticket } from './ticket.ts';
import { type Change, walkLayer } from './walk.ts';

export type SettlerOptions = JudgeOptions & {
  readonly places: Places;
  readonly session: string;
  readonly layers: readonly LayeredFolder[];
  /** Nanoseconds since the epoch: what was changed later than that, and not by us, somebody else changed. */
  readonly startedNs: bigint;
  /** What became of an output whose release was decided. */
  readonly ended: (decision: string, result: 'done' | 'failed' | 'abandoned') => void;
  readonly tell: (text: string) => void;
  readonly clock: () => number;
  /** Tickets of this session that are there already. */
  readonly held?: readonly Ticket[];
};

/** What is neither final nor quiet for so long may still be on its way: a temporary file that is to be renamed. */
const quietMs = 400;
const batchOutputs = 128;
const batchBytes = 32 << 20;

const slash = Buffer.from('/');

export type Swept = {
  /** Something is still open, or was changed a moment ago: look again. */
  readonly pending: boolean;
  /** What could not be settled and stays in its layer. */
  readonly left: number;
  readonly released: number;
  readonly held: number;
  readonly discarded: number;
};

export class Settler {
  readonly #options: SettlerOptions;
  readonly #holder: Holder;
  readonly #compared: Compared;
  readonly #judgement: OutputJudge;
  /** By folder and name: the identity that was settled. */
  readonly #settled = new Map<string, string>();
  #counts = { released: 0, held: 0, discarded: 0 };
  #pending = false;
  #left = 0;
  /** What nobody could settle in the last sweep of a layer, by name. */
  #unsettled = new Map<
    string,
    { readonly relative: Buffer; readonly why: string; readonly removed: boolean }
  >();

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#holder = new Holder(options);
    this.#compared = new Compared(options.files, options.startedNs);
    this.#judgement = new OutputJudge(options, this.#compared);
  }

  /** @param final nobody can change anything any more */
  async sweep(final: boolean): Promise<Swept> {
    this.#pending = false;
    this.#left = 0;
    for (const layer of this.#options.layers) await this.#settle(layer, final);
    return { pending: this.#pending, left: this.#left, ...this.#counts };
  }

  async #settle(layer: LayeredFolder, final: boolean): Promise<void> {
    const { files } = this.#options;
    this.#unsettled = new Map();
    if (final) chmodSync(layer.upper, 0o700); // an agent may have closed it to its own user
    const upper = files.openFolder(layer.upper);
    let lower: number | undefined;
    try {
      lower = files.openFolder(layer.folder);
      const changes = walkLayer(files, upper, lower, (relative, why) =>
        this.#leave({ relative, kind: 'folder' }, why, final),
      );
      changes.push(
        ...this.#compared.vanished(
          layer,
          upper,
          lower,
          new Set(changes.map(({ relative }) => relative.toString('latin1'))),
        ),
      );
      const folders = new Map(
        changes.filter(({ kind }) => kind === 'folder').map((one) => [one.relative.toString('latin1'), one]),
      );
      const inTheWay = new Set(
        changes.filter(({ kind }) => kind !== 'removed').map(({ relative }) => relative.toString('latin1')),
      );
      const blocks = ({ kind, relative }: Change): boolean =>
        kind === 'removed' && inTheWay.has(relative.toString('latin1'));
      // What has to go before its place can be taken; then what is new; and only then what is gone.
      const order = [
        changes.filter(blocks),
        changes.filter(({ kind }) => kind !== 'removed'),
        changes.filter((one) => one.kind === 'removed' && !blocks(one)),
      ];
      for (const part of order) await this.#settleAll(layer, upper, lower, part, folders, final);
      this.#holdUnsettled(layer, upper);
    } finally {
      files.close(upper);
      if (lower !== undefined) files.close(lower);
    }
  }

  async #settleAll(
    layer: LayeredFolder,
    upper: number,
    lower: number,
    changes: readonly Change[],
    folders: ReadonlyMap<string, Change>,
    final: boolean,
  ): Promise<void> {
    let batch: Ready[] = [];
    let bytes = 0;
    const flush = (): void => {
      try {
        if (batch.length > 0) this.#release(layer, upper, batch, folders, final);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        for (const { change } of batch) this.#leave(change, why, final);
      }
      batch = [];
      bytes = 0;
    };
    for (const change of changes) {
      if (this.#settled.get(keyOf(layer, change)) === change.identity) continue;
      if (!final && !this.#isQuiet(change)) continue;
      let ready: Ready | undefined;
      try {
        ready = await this.#judge(layer, upper, lower, change, folders, final);
      } catch (error) {
        this.#leave(change, error instanceof Error ? error.message : String(error), final);
        continue;
      }
      if (!ready) continue;
      batch.push(ready);
      bytes += ready.sealed?.size ?? 0;
      if (batch.length >= batchOutputs || bytes >= batchBytes) flush();
    }
    flush();
  }

  #leave({ relative, kind }: Pick<Change, 'relative' | 'kind'>, why: string, final: boolean): void {
    if (!final) this.#pending = true;
    else
      this.#unsettled.set(`${kind === 'removed' ? '-' : '+'}${relative.toString('latin1')}`, {
        relative,
        why,
        removed: kind === 'removed',
      });
  }

  /** Goes to the person as it is, so that the layer can go and nothing is settled twice. What cannot even be held stays in the layer. */
  #holdUnsettled(layer: LayeredFolder, upper: number): void {
    const kept: Buffer[] = [];
    for (const [, { relative, why, removed }] of [...this.#unsettled].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      if (
        kept.some((folder) => relative.subarray(0, folder.length + 1).equals(Buffer.concat([folder, slash])))
      )
        continue; // with its folder
      try {
        if (removed) this.#holder.holdRemoval(layer, relative, why);
        else {
          this.#holder.holdAsWritten(layer, this.#options.files, upper, relative, why);
          kept.push(relative);
        }
        this.#counts.held += 1;
      } catch (error) {
        this.#left += 1;
        const but = error instanceof Error ? error.message : String(error);
        const name = shown(`${layer.folder}/${relative.toString()}`);
        this.#options.tell(`left in quarantine, because ${why}, and it cannot be held (${but}): ${name}`);
      }
    }
  }

  #isQuiet({ stat }: Change): boolean {
    const age = this.#options.clock() - Number(stat.ctimeNs / 1_000_000n);
    if (age >= quietMs || age < -quietMs) return true;
    this.#pending = true;
    return false;
  }

  /** @returns what is to be released; undefined when there is nothing to release, or not now */
  async #judge(
    layer: LayeredFolder,
    upper: number,
    lower: number,
    change: Change,
    folders: ReadonlyMap<string, Change>,
    final: boolean,
  ): Promise<Ready | undefined> {
    const judged = await this.#judgement.of({ layer, upper, lower }, change, (relative) =>
      this.#newFolder(upper, relative, folders, final),
    );
    switch (judged.kind) {
      case 'release':
        return judged.ready;
      case 'hold':
        this.#hold(layer, judged.ready, judged.reason, judged.message);
        judged.ready.sealed?.close();
        return undefined;
      case 'discard':
        this.#counts.discarded += 1;
        this.#holder.forget(layer, change.relative);
        return this.#done(layer, change);
      case 'nothing':
        this.#settled.set(keyOf(layer, change), judged.identity);
        return undefined;
      case 'busy':
        this.#leave(change, 'it is still written to', final);
        return undefined;
      default:
        return judged satisfies never;
    }
  }

  #done(layer: LayeredFolder, change: Change): undefined {
    this.#settled.set(keyOf(layer, change), change.identity);
  }

  #hold(
    layer: LayeredFolder,
    { change, output, held, sealed }: Ready,
    reason: HoldReason,
    message: string,
  ): void {
    if (held.decision !== undefined) this.#options.ended(held.decision, 'abandoned');
    this.#holder.hold(layer, output, { ...held, reason, message }, sealed);
    this.#counts.held += 1;
    this.#done(layer, change);
  }

  #newFolder(
    upper: number,
    relative: Buffer,
    folders: ReadonlyMap<string, Change>,
    final: boolean,
  ): Attributes | undefined {
    const made = folders.get(relative.toString('latin1'));
    return made && this.#compared.newFolder(upper, made, final);
  }

  #release(
    layer: LayeredFolder,
    upper: number,
    batch: readonly Ready[],
    folders: ReadonlyMap<string, Change>,
    final: boolean,
  ): void {
    const { files, places } = this.#options;
    const placed = releaseAll(
      files,
      places,
      layer.folder,
      batch.map(({ output }) => output),
      (relative) => this.#newFolder(upper, relative, folders, final),
    );
    for (const [index, ready] of batch.entries()) {
      const result = placed[index];
      if (result?.ok) {
        this.#counts.released += 1;
        if (ready.held.decision !== undefined) this.#options.ended(ready.held.decision, 'done');
        this.#compared.placed(layer, ready.change.relative, result.identity);
        this.#holder.forget(layer, ready.change.relative);
        this.#done(layer, ready.change);
      } else {
        const conflict = result?.why === 'conflict';
        this.#hold(
          layer,
          ready,
          conflict ? 'conflict' : 'not_placed',
          result?.message ?? 'It could not be put in its place.',
        );
      }
      ready.sealed?.close();
    }
  }
}

function keyOf({ folder }: LayeredFolder, { relative, kind }: Change): string {
  return `${kind === 'removed' ? '-' : '+'}${folder}\0${relative.toString('latin1')}`;
}
