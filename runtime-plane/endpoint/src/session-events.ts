/** What the gate reports unasked: how the agent starts, stops and ends. */
import type { Readable } from 'node:stream';
import { eventBytes, up } from './intercept/wire.ts';

export type End = {
  /** Wait status of the agent; undefined when the gate ended without saying one. */
  status: number | undefined;
  /** errno when the command could not be started. */
  startFailed?: number;
  /** The gate served at all. */
  ready: boolean;
};

/** A gate with a thread in a file system that never answers cannot end, whatever kills it. */
const endMs = 1_000;

/** Reads events to the end of the line, or until shortly after the agent ended. */
export function followEvents(line: Readable, act: { stopped(): void; changed(): void }): Promise<End> {
  return new Promise((resolve) => {
    const end: End = { status: undefined, ready: false };
    let pending = Buffer.alloc(0);
    line.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (; pending.length >= eventBytes; pending = pending.subarray(eventBytes)) {
        const value = Number(pending.readBigUInt64LE(8));
        switch (pending.readUInt32LE(0)) {
          case up.ready:
            end.ready = true;
            break;
          case up.stopped:
            act.stopped();
            break;
          case up.layer:
            act.changed();
            break;
          case up.exited:
            end.status = value;
            setTimeout(() => resolve(end), endMs).unref();
            break;
          case up.execFailed:
            end.startFailed = value;
            break;
        }
      }
    });
    for (const name of ['end', 'close', 'error'] as const) line.on(name, () => resolve(end));
  });
}

/** Exit code or signal of a wait status (wait(2)); a session that ends without one failed. */
export function exitOf(status: number | undefined): { code: number } | { signal: number } {
  if (status === undefined) return { code: 125 };
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}
