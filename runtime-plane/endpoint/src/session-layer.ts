/** The quarantine of a session as its main thread sees it: where its layers are, when to look, and how it ends. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ContentRules } from './context/content-facts.ts';
import type { Floor } from './enforce/floor.ts';
import {
  demandLayer,
  type LayeredFolder,
  makeLayers,
  quarantinedFolders,
  removeLayer,
} from './enforce/layer.ts';
import type { ReleaseAnswer, ReleaseQuestion } from './enforce/quarantine/judge.ts';
import type { Swept } from './enforce/quarantine/settle.ts';
import { type Places, writeAll, writeSynced } from './enforce/quarantine/store.ts';
import { findPlaces, openPlaces, recoverQuarantine } from './session-quarantine.ts';
import { cachedCode, whereItIs } from './session-setup.ts';

export type LayerPlan = {
  readonly session: string;
  readonly places: Places;
  readonly layers: readonly LayeredFolder[];
  readonly staging: string;
  readonly startedNs: bigint;
  readonly rules: ContentRules;
  /** Of the session: pseudonyms of what is redacted depend on it. */
  readonly key: Uint8Array;
};

export type LayerMessage =
  | { readonly kind: 'ask'; readonly question: number; readonly act: ReleaseQuestion }
  | { readonly kind: 'ended'; readonly decision: string; readonly result: 'done' | 'failed' | 'abandoned' }
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | ({ readonly kind: 'done' } & Swept);

export type LayerOrder =
  | { readonly kind: 'changed' }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: ReleaseAnswer }
  | { readonly kind: 'finish' };

export type SessionLayer = {
  readonly layers: readonly LayeredFolder[];
  readonly changed: () => void;
  readonly answered: (question: number, answer: ReleaseAnswer) => void;
  /** @param ears where questions go; set before anything can change */
  readonly attend: (ears: LayerEars) => void;
  /** Once nothing runs in the session any more: settles what is left. */
  readonly finish: () => Promise<void>;
  /** Nobody decides any more: what is not settled stays in the layer, and the next start holds it. */
  readonly fail: (why: string) => void;
  /** The session never began. */
  readonly abandon: () => void;
};

type LayerEars = {
  readonly ask: (question: number, act: ReleaseQuestion) => void;
  readonly ended: (decision: string, result: 'done' | 'failed' | 'abandoned') => void;
  readonly tell: (text: string) => void;
};

const noLayer: SessionLayer = {
  layers: [],
  changed() {},
  answered() {},
  attend() {},
  finish: () => Promise.resolve(),
  fail() {},
  abandon() {},
};

/** Makes the layers that the floor demands. Rejects with SessionError `bad_floor` or `no_layer`. */
export async function openLayer(
  floor: Floor,
  {
    stateDir,
    session,
    gate,
    rules,
    key,
  }: Pick<LayerPlan, 'session' | 'rules' | 'key'> & { stateDir: string; gate: string },
  tell: (text: string) => void,
): Promise<SessionLayer> {
  const known = findPlaces(whereItIs(stateDir));
  if (known) await recoverQuarantine(known, tell);
  if (floor.quarantine.length === 0) return noLayer;
  const places = openPlaces(whereItIs(stateDir));
  const folders = quarantinedFolders(floor, places.layers);
  demandLayer(gate, places.layers);
  const place = path.join(places.layers, session);
  const staging = path.join(place, 'staging');
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  const layers = makeLayers(folders, place);
  const startedNs = BigInt(Date.now()) * 1_000_000n;
  writeSynced(path.join(place, 'session.json'), (fd) =>
    writeAll(
      fd,
      Buffer.from(JSON.stringify({ session, owner: places.owner, started_ns: String(startedNs), layers })),
    ),
  );
  return run({ session, places, layers, staging, startedNs, rules, key }, () => removeLayer(place));
}

function run(plan: LayerPlan, remove: () => void): SessionLayer {
  const worker = new Worker(new URL('./session-layer-worker.ts', import.meta.url), {
    workerData: plan,
    trackUnmanagedFds: false, // the kernel opens what it holds, not Node
    ...cachedCode(),
  });
  worker.unref();
  const done = Promise.withResolvers<Swept>();
  done.promise.catch(() => {}); // whoever awaits the end hears it
  let ears: LayerEars | undefined;
  const order = (what: LayerOrder): void => worker.postMessage(what);
  worker.on('message', (message: LayerMessage) => {
    switch (message.kind) {
      case 'ask':
        return ears?.ask(message.question, message.act);
      case 'ended':
        return ears?.ended(message.decision, message.result);
      case 'tell':
        return ears?.tell(message.text);
      case 'failed':
        return done.reject(new Error(message.text));
      case 'done':
        return done.resolve(message);
      default:
        return message satisfies never;
    }
  });
  worker.once('error', (error: Error) => done.reject(error));
  return {
    layers: plan.layers,
    changed: () => order({ kind: 'changed' }),
    answered: (question, answer) => order({ kind: 'answer', question, answer }),
    attend(to) {
      ears = to;
    },
    async finish() {
      worker.ref();
      order({ kind: 'finish' });
      try {
        const { left, held } = await done.promise;
        if (left === 0) remove();
        else
          ears?.tell(
            `${left} outputs could not be settled; \`chaperone quarantine list\` shows them once the session is over`,
          );
        if (held > 0)
          ears?.tell(
            `${held === 1 ? '1 output is' : `${held} outputs are`} held for review: chaperone quarantine list`,
          );
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        ears?.tell(`${why}; nothing is lost: \`chaperone quarantine list\` shows what the session left`);
      } finally {
        await worker.terminate();
      }
    },
    fail: (why) => done.reject(new Error(why)),
    abandon() {
      void worker.terminate();
      remove();
    },
  };
}
