import type { Value } from './values.ts';

type Facts = Map<number, Value | undefined>;

/** What happened in one body of a rule during one evaluation, all its attempts together. */
export interface Attempts {
  readonly site: number;
  /** The furthest condition that any attempt reached. */
  far: number;
  /** What that condition read when it was reached for the first time. */
  farFacts: Facts;
  /** The condition that was reached or read something last. */
  now: number;
  readonly nowFacts: Facts[];
  /** The first value that the body gave. */
  gave: { readonly value: Value } | null;
}

/**
 * What traced code reports to. It only remembers, and never looks into a value: an input may have getters that the policy
 * did not ask. Memory is bounded by the size of the program.
 */
export class Tracer {
  /** Over all evaluations: the conditions that each body reached, and the bodies that gave a value. */
  readonly reached = new Map<number, Set<number>>();
  readonly held = new Set<number>();
  private readonly bodies = new Map<number, Attempts>();
  private open: number[] = [];
  private last: number | null = null;

  begin(): void {
    this.bodies.clear();
    this.open = [];
    this.last = null;
  }

  enter(site: number): void {
    this.open.push(site);
    this.last = site;
    if (!this.bodies.has(site))
      this.bodies.set(site, { site, far: -1, farFacts: new Map(), now: 0, nowFacts: [], gave: null });
  }

  leave(site: number): void {
    while (this.open.length > 0 && this.open.pop() !== site);
  }

  reach(site: number, step: number): void {
    const body = this.bodies.get(site);
    if (body === undefined) return;
    const reached = this.reached.get(site);
    if (reached === undefined) this.reached.set(site, new Set([step]));
    else reached.add(step);
    const facts: Facts = new Map();
    body.now = step;
    body.nowFacts[step] = facts;
    if (step <= body.far) return;
    body.far = step;
    body.farFacts = facts;
  }

  note(site: number, step: number, fact: number, value: Value | undefined): void {
    const body = this.bodies.get(site);
    if (body === undefined) return;
    body.now = step;
    body.nowFacts[step]?.set(fact, value);
  }

  gave(site: number, value: Value): void {
    const body = this.bodies.get(site);
    if (body === undefined) return;
    body.gave ??= { value };
    this.held.add(site);
  }

  /** The bodies that were tried. */
  tried(): readonly Attempts[] {
    return [...this.bodies.values()];
  }

  /** The bodies that an error left unfinished, the innermost first; the last one tried when it came between two. */
  unfinished(): readonly number[] {
    if (this.open.length > 0) return this.open.toReversed();
    return this.last === null ? [] : [this.last];
  }
}
