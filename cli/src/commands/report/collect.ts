/** One pass over journals: counts, and bounded lists of what stands out. */
import type { DecisionInput, JournalRecord, SessionStart } from '@chaperone/protocol';
import { objectOf } from '../../notices.ts';
import { Gaps } from './gaps.ts';
import type { Never } from './never.ts';
import { riskOf, scoreOf } from './risk.ts';

export type RiskyAct = {
  readonly action: string;
  readonly object: string;
  readonly why: string;
  readonly outcome: 'denied' | 'went on' | 'allowed' | 'refused';
  readonly points: number;
  count: number;
  /** Id of the first record. */
  readonly first: string;
};

export type DeniedBy = {
  readonly reason: string;
  readonly rules: readonly string[];
  denied: number;
  wouldBeDenied: number;
};

export type RuleUse = { allowed: number; denied: number };

/** When there are more different acts, those with the fewest points are forgotten. */
const maxRisky = 20_000;
const maxKeys = 2_000;

export class Collected {
  readonly never: Never;
  readonly gaps: Gaps;
  readonly sessions = { count: 0, audit: 0, enforce: 0 };
  readonly acts = { allowed: 0, denied: 0, wouldBeDenied: 0, refused: 0 };
  readonly span: { from: string | undefined; to: string | undefined } = { from: undefined, to: undefined };
  readonly actions = new Map<string, number>();
  readonly deniedBy = new Map<string, DeniedBy>();
  readonly rules = new Map<string, RuleUse>();
  /** Denied because no rule covered it; allowed without a rule naming itself. */
  fellToDefault = 0;
  unnamed = 0;
  damaged = 0;
  /** Different acts or rules that were too many to keep apart. */
  forgotten = 0;
  #risky = new Map<string, RiskyAct>();
  #start: SessionStart | undefined;
  #classes = new Map<string, readonly string[]>();

  constructor(never: Never) {
    this.never = never;
    this.gaps = new Gaps(never);
  }

  startSession(): void {
    this.sessions.count += 1;
    this.#start = undefined;
    this.#classes.clear();
  }

  /** @param id of the record */
  add(record: JournalRecord, id: string): void {
    this.span.from =
      this.span.from === undefined || record.time < this.span.from ? record.time : this.span.from;
    this.span.to = this.span.to === undefined || record.time > this.span.to ? record.time : this.span.to;
    switch (record.kind) {
      case 'session_start':
        this.#start = record;
        this.sessions[record.mode] += 1;
        return;
      case 'decision':
        return this.#decision(record, id);
      case 'summary':
        this.acts.allowed += record.count;
        this.#ruled(this.#classes.get(record.class) ?? [], 'allowed', record.count);
        return this.#count(this.actions, record.class.slice(0, record.class.indexOf(' ')), record.count);
      case 'refusal':
        this.acts.refused += 1;
        return this.#note(
          {
            action: 'system call',
            object: record.call ?? '',
            why: 'refused call',
            outcome: 'refused',
            points: 3,
          },
          id,
        );
      case 'outcome':
      case 'session_end':
      case 'checkpoint':
        return;
      default:
        return record satisfies never;
    }
  }

  /** The riskiest first. */
  risky(top: number): RiskyAct[] {
    return [...this.#risky.values()]
      .toSorted((a, b) => scoreOf(b.points, b.count) - scoreOf(a.points, a.count) || b.count - a.count)
      .slice(0, top);
  }

  #decision(record: Extract<JournalRecord, { kind: 'decision' }>, id: string): void {
    const { input, decision, proceeded = false } = record;
    const denied = decision.effect === 'deny';
    this.#count(this.actions, input.action, 1);
    this.#ruled(decision.rules, denied ? 'denied' : 'allowed', 1);
    if (record.class !== undefined) this.#classes.set(record.class, decision.rules);
    if (!denied) this.acts.allowed += 1;
    else {
      const way = proceeded ? 'wouldBeDenied' : 'denied';
      this.acts[way] += 1;
      this.#deniedBy(decision.policy_reason ?? decision.reason, decision.rules)[way] += 1;
      if (this.gaps.add(input, decision)) this.fellToDefault += 1;
    }
    // A session that reads its own denials, and what was granted before any policy was asked.
    if (!denied && decision.reason === 'floor') return;
    const risk = riskOf(input, denied, proceeded, this.#start?.cwd, this.never);
    if (!risk) return;
    const outcome = !denied ? 'allowed' : proceeded ? 'went on' : 'denied';
    this.#note({ action: nameOf(input), object: objectOf(input), outcome, ...risk }, id);
  }

  #note(act: Omit<RiskyAct, 'count' | 'first'>, first: string): void {
    const key = `${act.outcome}\0${act.action}\0${act.object}`;
    const known = this.#risky.get(key);
    if (known) {
      known.count += 1;
      return;
    }
    if (this.#risky.size >= maxRisky) {
      const kept = [...this.#risky.entries()].toSorted(
        ([, a], [, b]) => scoreOf(b.points, b.count) - scoreOf(a.points, a.count),
      );
      this.forgotten += maxRisky / 2;
      this.#risky = new Map(kept.slice(0, maxRisky / 2));
    }
    this.#risky.set(key, { ...act, count: 1, first });
  }

  #deniedBy(reason: string, rules: readonly string[]): DeniedBy {
    const key = `${reason}\0${rules.join('\0')}`;
    const known = this.deniedBy.get(key);
    if (known) return known;
    const made = { reason, rules, denied: 0, wouldBeDenied: 0 };
    if (this.deniedBy.size < maxKeys) this.deniedBy.set(key, made);
    else this.forgotten += 1;
    return made;
  }

  #ruled(rules: readonly string[], way: keyof RuleUse, count: number): void {
    if (rules.length === 0 && way === 'allowed') this.unnamed += count;
    for (const rule of rules) {
      const use = this.rules.get(rule) ?? { allowed: 0, denied: 0 };
      use[way] += count;
      if (this.rules.size < maxKeys || this.rules.has(rule)) this.rules.set(rule, use);
      else this.forgotten += 1;
    }
  }

  #count(into: Map<string, number>, key: string, count: number): void {
    if (into.size < maxKeys || into.has(key)) into.set(key, (into.get(key) ?? 0) + count);
  }
}

function nameOf({ action, operation }: DecisionInput): string {
  return operation === undefined ? action : `${action} (${operation})`;
}
