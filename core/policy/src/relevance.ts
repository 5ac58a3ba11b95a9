import type { Decision } from '@chaperone/protocol';
import type { BodyTrace, Json, Use } from '@chaperone/rego';

/**
 * Orders what an evaluation tried by how much it says about the decision. Each list below is taken in turn; a body that is in
 * none of them stays in source order after them, those that matched before those that failed.
 */
export function mostRelevantFirst(
  decision: Decision,
  entrypoint: string,
  bodies: readonly BodyTrace[],
): readonly BodyTrace[] {
  const rules = new Rules(bodies);
  const answering = rules.of(entrypoint).filter(isMatch);
  const stated = answering.filter((body) => !isFallback(body));
  const errors = bodies.filter(({ outcome }) => outcome === 'error');
  const shown =
    decision.effect === 'allow'
      ? [answering, rules.support(answering)]
      : [
          rules.held(decision, entrypoint, answering),
          rules.support(stated),
          rules.missing([entrypoint, ...groupsOf(answering)]),
          answering,
        ];
  const [matched, others] = split(bodies, isMatch);
  return [...new Set([errors, ...shown, matched, closestFirst(others)].flat())];
}

/** The bodies by the document or function that they define. */
class Rules {
  private readonly groups: ReadonlyMap<string, readonly BodyTrace[]>;
  private readonly rated = new Map<BodyTrace, number>();

  constructor(bodies: readonly BodyTrace[]) {
    this.groups = Map.groupBy(bodies, ({ group }) => group);
  }

  of(group: string): readonly BodyTrace[] {
    return this.groups.get(group) ?? [];
  }

  /** What matched because of the given bodies, from the answer down to its grounds. */
  support(from: readonly BodyTrace[]): readonly BodyTrace[] {
    const seen = new Set(from);
    for (const body of seen)
      for (const { group } of body.uses) for (const next of this.of(group)) if (isMatch(next)) seen.add(next);
    return [...seen];
  }

  /**
   * Members of sets that speak against the act: a denial that was stated, or a condition that asks that there be none, refers
   * to their set, or the decision repeats them.
   */
  held(decision: Decision, entrypoint: string, answering: readonly BodyTrace[]): readonly BodyTrace[] {
    const said = [decision.message, decision.policy_reason ?? '', ...decision.rules];
    const against = new Set([
      ...groupsOf(answering.filter((body) => !isFallback(body))),
      ...answering.flatMap(({ uses }) => unwanted(uses)),
      ...this.missing([entrypoint, ...groupsOf(answering)]).flatMap(({ failed }) => unwanted(failed?.uses)),
    ]);
    const members = [...this.groups.values()].flat().filter((body) => body.kind === 'set' && isMatch(body));
    return members.filter(
      ({ group, value }) => against.has(group) || textsOf(value).some((text) => repeats(said, text)),
    );
  }

  /**
   * The bodies whose failure left the given documents without a value: the closest first, each followed by what its failed
   * condition rests on; before it, when the condition is nothing but that.
   */
  missing(groups: readonly string[], seen = new Set<string>()): readonly BodyTrace[] {
    const open = groups.filter((group) => !seen.has(group) && this.lacks(group));
    for (const group of open) seen.add(group);
    const [refusing, others] = split(
      open.flatMap((group) => this.of(group)),
      (body) => body.value === false && !isFallback(body),
    );
    const failed = others.filter(isMissing);
    const causes = closestFirst(failed, (body) => this.closeness(body)).flatMap((body) => {
      const uses = body.failed?.uses ?? [];
      const grounds = [...this.missing(positive(uses), seen), ...this.present(uses)];
      return isForwarder(body) ? [...grounds, body] : [body, ...grounds];
    });
    return [...refusing, ...causes];
  }

  /** Matched where the condition wanted nothing. */
  private present(uses: readonly Use[]): readonly BodyTrace[] {
    return uses.flatMap(({ group, negated }) => (negated ? this.of(group).filter(isMatch) : []));
  }

  /** Something is missing where what matched is a fallback or gave false. A set without members is complete. */
  private lacks(group: string): boolean {
    return this.of(group).every(
      (body) => body.kind !== 'set' && (!isMatch(body) || isFallback(body) || body.value === false),
    );
  }

  /** Conditions passed, together with those of the closest rule that the failed condition rests on. */
  private closeness(body: BodyTrace): number {
    const known = this.rated.get(body);
    if (known !== undefined) return known;
    const below = positive(body.failed?.uses ?? [])
      .filter((group) => this.lacks(group))
      .flatMap((group) => this.of(group))
      .filter(isMissing);
    const rate = below.reduce((best, next) => Math.max(best, this.closeness(next)), 0) + body.passed;
    this.rated.set(body, rate);
    return rate;
  }
}

function isMatch({ outcome }: BodyTrace): boolean {
  return outcome === 'matched';
}

/** Failed, and would not have refused the act itself. */
function isMissing({ outcome, fixed }: BodyTrace): boolean {
  if (outcome !== 'failed' || fixed === false) return false;
  return typeof fixed !== 'object' || fixed === null || !('allow' in fixed) || fixed.allow !== false;
}

/** Holds whatever was asked: a default, or the last `else`. */
function isFallback({ isDefault, conditions }: BodyTrace): boolean {
  return isDefault || conditions === 0;
}

/** A body that only passes on another rule: the condition that failed is the first, and names that rule alone. */
function isForwarder({ passed, failed }: BodyTrace): boolean {
  return passed === 0 && failed?.uses.length === 1 && /^[\w.]+$/.test(failed.text);
}

function positive(uses: readonly Use[]): readonly string[] {
  return uses.flatMap(({ group, negated }) => (negated ? [] : [group]));
}

function unwanted(uses: readonly Use[] = []): readonly string[] {
  return uses.flatMap(({ group, negated }) => (negated ? [group] : []));
}

function groupsOf(bodies: readonly BodyTrace[]): readonly string[] {
  return bodies.flatMap(({ uses }) => uses.map(({ group }) => group));
}

/** Stable: what came equally far stays in source order. */
function closestFirst(
  bodies: readonly BodyTrace[],
  closeness = (body: BodyTrace): number => body.passed,
): readonly BodyTrace[] {
  const rated = bodies.map((body) => ({ body, rate: closeness(body) }));
  return rated.toSorted((a, b) => b.rate - a.rate).map(({ body }) => body);
}

function split<T>(items: readonly T[], first: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}

/** Texts of a member of a set, also of one that is an object such as `{"message": …}`. */
function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item: Json) => (typeof item === 'string' ? [item] : []));
}

/** A text of one or two characters occurs in too much to say anything. */
function repeats(said: readonly string[], text: string): boolean {
  return text.length > 2 && said.some((line) => line.includes(text.replace(/…$/, '')));
}
