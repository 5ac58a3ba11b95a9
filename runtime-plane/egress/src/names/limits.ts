/** How much a session may say by asking for names. */
import type { EgressSettings } from '../settings.ts';
import { bitsPerCharacter, bitsTogether } from './label-load.ts';
import { registeredLabels } from './registered.ts';

const windowMs = 60_000;

type Limits = Pick<
  EgressSettings['names'],
  'per_minute' | 'distinct_per_minute' | 'max_label' | 'max_name' | 'max_entropy'
>;

/** Counts the questions of one session over the last minute. What was refused does not count. */
export class NameLimits {
  readonly #limits: Limits;
  readonly #clock: () => number;
  /** When the last questions came, the oldest at `#next`. */
  readonly #times: number[] = [];
  #next = 0;
  /** Names of the last minute, the longest unasked first; no more than questions in it. */
  readonly #names = new Map<string, { readonly at: number; readonly registered: string }>();
  readonly #below = new Map<string, number>();

  constructor(limits: Limits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @param host lower case. @returns what is wrong with the question, for a person; undefined: it is counted and may go on */
  refusal(host: string): string | undefined {
    const labels = host.split('.');
    return this.#shapeOf(host, labels) ?? this.#count(host, labels);
  }

  #shapeOf(host: string, labels: readonly string[]): string | undefined {
    const { max_label, max_name, max_entropy } = this.#limits;
    if (host.length > max_name) return `is longer than ${max_name} bytes`;
    if (labels.some((label) => label.length > max_label))
      return `has a label of more than ${max_label} bytes`;
    // Addresses turned round; their digits are in the nature of them.
    if (host.endsWith('.in-addr.arpa') || host.endsWith('.ip6.arpa')) return undefined;
    const bits = Math.max(
      ...labels.map((label) => bitsPerCharacter(label)),
      bitsTogether(labels.slice(0, -registeredLabels(labels))),
    );
    return bits >= max_entropy ? 'looks like data and not like a name' : undefined;
  }

  #count(host: string, labels: readonly string[]): string | undefined {
    const { per_minute, distinct_per_minute } = this.#limits;
    const now = this.#clock();
    this.#forget(now);
    const oldest = this.#times[this.#next];
    if (per_minute < 1 || (oldest !== undefined && now - oldest < windowMs))
      return `is one of more than ${per_minute} questions in a minute`;
    const registered = labels.slice(-registeredLabels(labels)).join('.');
    const known = this.#names.delete(host);
    const below = (this.#below.get(registered) ?? 0) + (known ? 0 : 1);
    if (below > distinct_per_minute)
      return `is one of more than ${distinct_per_minute} names below ${registered} in a minute`;
    this.#names.set(host, { at: now, registered });
    this.#below.set(registered, below);
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % per_minute;
    return undefined;
  }

  #forget(now: number): void {
    for (const [host, { at, registered }] of this.#names) {
      if (now - at < windowMs) return;
      this.#names.delete(host);
      const below = (this.#below.get(registered) ?? 0) - 1;
      if (below > 0) this.#below.set(registered, below);
      else this.#below.delete(registered);
    }
  }
}
