/** Events that wait to be sent: the oldest go when there are too many. */

export type BufferLimits = { readonly bytes: number; readonly events: number };

export class EventBuffer {
  private readonly limits: BufferLimits;
  private events: Uint8Array[] = [];
  private first = 0;
  private bytes = 0;
  /** Events that went because of the limits. */
  dropped = 0;

  constructor(limits: BufferLimits) {
    this.limits = limits;
  }

  get length(): number {
    return this.events.length - this.first;
  }

  push(event: Uint8Array): void {
    this.events.push(event);
    this.bytes += event.length;
    this.shrink();
  }

  /** Puts back what could not be sent; it is the oldest. */
  unshift(events: readonly Uint8Array[]): void {
    this.events = [...events, ...this.events.slice(this.first)];
    this.first = 0;
    for (const event of events) this.bytes += event.length;
    this.shrink();
  }

  /** The oldest events that together have at most so many bytes; at least one when there is any. */
  take(maxBytes: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let total = 0;
    while (this.length > 0) {
      const next = this.events[this.first] as Uint8Array;
      // Brackets and commas count, too.
      if (taken.length > 0 && total + next.length + 1 > maxBytes) break;
      total += next.length + 1;
      taken.push(next);
      this.forget();
    }
    return taken;
  }

  private shrink(): void {
    while (this.length > 0 && (this.bytes > this.limits.bytes || this.length > this.limits.events)) {
      this.forget();
      this.dropped += 1;
    }
  }

  private forget(): void {
    this.bytes -= this.events[this.first]?.length ?? 0;
    this.events[this.first] = empty;
    this.first += 1;
    // Moved together now and then, so that taking one does not move all others.
    if (this.first > 1024 && this.first * 2 > this.events.length) {
      this.events = this.events.slice(this.first);
      this.first = 0;
    }
  }
}

const empty = new Uint8Array();
