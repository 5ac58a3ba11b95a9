/** What a session that ended abruptly left in its layers: all of it is put on hold, because nobody is there to decide. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { noRules } from './context/content-facts.ts';
import { type LayeredFolder, removeLayer } from './enforce/layer.ts';
import { openKernelFiles } from './enforce/quarantine/kernel-files.ts';
import { Settler, type Swept } from './enforce/quarantine/settle.ts';
import { listTickets, type Places } from './enforce/quarantine/store.ts';
import { inspectorOf } from './session-inspector.ts';
import { shown } from './enforce/quarantine/ticket.ts';
import type { Left } from './session-quarantine.ts';

export async function settleLeft(
  places: Places,
  session: string,
  { layers, started_ns: started }: Left,
  tell: (text: string) => void,
): Promise<void> {
  const place = path.join(places.layers, session);
  const staging = path.join(place, 'staging');
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  let isOver = true;
  let held = 0;
  for (const layer of layers) {
    if (!existsSync(layer.upper)) continue; // settled before
    if (existsSync(layer.folder)) {
      const settled = await settleLayer(places, session, layer, staging, BigInt(started), tell);
      held += settled.held;
      if (settled.left === 0) {
        removeLayer(path.dirname(layer.upper));
        continue;
      }
    } else
      tell(
        `the folder ${shown(layer.folder)} is gone; what session ${session} changed in it stays in ${layer.upper}`,
      );
    isOver = false;
  }
  if (held > 0)
    tell(`session ${session} ended abruptly; ${held} of its outputs are held: chaperone quarantine list`);
  if (isOver) removeLayer(place);
}

function settleLayer(
  places: Places,
  session: string,
  layer: LayeredFolder,
  staging: string,
  startedNs: bigint,
  tell: (text: string) => void,
): Promise<Swept> {
  const settler = new Settler({
    files: openKernelFiles(),
    places,
    session,
    layers: [layer],
    staging,
    startedNs,
    held: listTickets(places).tickets.filter((one) => one.session === session),
    inspector: inspectorOf(noRules, randomBytes(32)),
    clock: Date.now,
    tell,
    ended() {},
    ask: () =>
      Promise.resolve({
        outcome: 'hold',
        reason: 'interrupted',
        message: 'The session ended before this was settled.',
      }),
  });
  return settler.sweep(true);
}
