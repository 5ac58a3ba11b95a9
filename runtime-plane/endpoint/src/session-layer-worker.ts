/** The thread that settles a session's quarantine: reads, classifies and releases, away from the loop that answers the gate. */
import { parentPort, workerData } from 'node:worker_threads';
import { openKernelFiles } from './enforce/quarantine/kernel-files.ts';
import { Settler } from './enforce/quarantine/settle.ts';
import type { ReleaseAnswer } from './enforce/quarantine/judge.ts';
import { inspectorOf } from './session-inspector.ts';
import type { LayerMessage, LayerOrder, LayerPlan } from './session-layer.ts';

/** A sweep costs what the layer holds; so the next waits at least this many times as long as the last one took. */
const restFactor = 10;
const restMs = 250;
const maxRestMs = 10_000;

function start(
  plan: LayerPlan,
  say: (message: LayerMessage) => void,
  hear: (act: (order: LayerOrder) => void) => void,
): void {
  const waiting = new Map<number, (answer: ReleaseAnswer) => void>();
  let last = 0;
  const settler = new Settler({
    files: openKernelFiles(),
    places: plan.places,
    session: plan.session,
    layers: plan.layers,
    staging: plan.staging,
    startedNs: plan.startedNs,
    inspector: inspectorOf(plan.rules, plan.key),
    clock: Date.now,
    tell: (text) => say({ kind: 'tell', text }),
    ended: (decision, result) => say({ kind: 'ended', decision, result }),
    ask: (act) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        say({ kind: 'ask', question: last, act });
      }),
  });
  let wanted = false;
  let final = false;
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    clearTimeout(timer);
    timer = undefined;
    wanted = false;
    const isLast = final;
    const began = performance.now();
    try {
      const swept = await settler.sweep(isLast);
      wanted ||= swept.pending;
      if (isLast) say({ kind: 'done', ...swept });
    } catch (error) {
      const text = `the quarantine could not be settled: ${error instanceof Error ? error.message : String(error)}`;
      say(isLast ? { kind: 'failed', text } : { kind: 'tell', text });
    }
    running = false;
    if (isLast) return;
    if (final) return void run();
    if (wanted) later(Math.min(maxRestMs, Math.max(restMs, (performance.now() - began) * restFactor)));
  };
  const later = (ms: number): void => {
    timer ??= setTimeout(() => void run(), ms);
  };
  hear((order) => {
    switch (order.kind) {
      case 'changed':
        wanted = true;
        if (!running) later(restMs);
        return;
      case 'answer':
        waiting.get(order.question)?.(order.answer);
        waiting.delete(order.question);
        return;
      case 'finish':
        final = true;
        return void run();
      default:
        order satisfies never;
    }
  });
}

const port = parentPort;
if (!port) throw new Error('the quarantine is settled in a thread of its own');
start(
  workerData as LayerPlan,
  (message) => port.postMessage(message),
  (act) => port.on('message', act),
);
