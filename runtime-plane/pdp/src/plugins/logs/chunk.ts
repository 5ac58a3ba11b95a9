/** Events as gzipped JSON arrays, each of at most so many bytes. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isPlain, marshal, parseJson } from '@chaperone/rego';
import type { EventBuffer } from './buffer.ts';
import { bareEvent } from './event.ts';

const compress = promisify(gzip);

export type Chunk = {
  readonly body: Uint8Array;
  readonly events: readonly Uint8Array[];
};

export class Chunker {
  private readonly limit: number;
  /** Bytes before compression that are likely to fit. */
  private guess: number;
  /** Events that are larger than a chunk may be, even without input and result. */
  tooLarge = 0;

  /** @param limitBytes of a chunk after compression */
  constructor(limitBytes: number) {
    this.limit = limitBytes;
    this.guess = limitBytes * 4;
  }

  /** The next chunk; null when the buffer is empty. */
  async next(buffer: EventBuffer): Promise<Chunk | null> {
    for (;;) {
      const events = buffer.take(this.guess);
      if (events.length === 0) return null;
      const body = await compress(arrayOf(events));
      if (body.length <= this.limit) {
        if (body.length < this.limit / 2) this.guess = Math.min(this.guess * 2, this.limit * 64);
        return { body, events };
      }
      const [event] = events;
      if (events.length === 1 && event !== undefined) {
        const bare = bareOf(event);
        if (bare.length < event.length) buffer.unshift([bare]);
        else this.tooLarge += 1;
        continue;
      }
      buffer.unshift(events);
      const size = events.reduce((sum, { length }) => sum + length, 0);
      this.guess = Math.max(Math.floor(size / 2), 1);
    }
  }
}

/** A caller who sends too much must not keep the decision out of the log. */
function bareOf(event: Uint8Array): Uint8Array {
  const value = parseJson(Buffer.from(event).toString('utf8'));
  return isPlain(value) ? Buffer.from(marshal(bareEvent(value)), 'utf8') : event;
}

function arrayOf(events: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const event of events) parts.push(parts.length === 0 ? open : comma, event);
  return Buffer.concat([...parts, close]);
}

const [open, comma, close] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
