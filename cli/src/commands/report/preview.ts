/** The second pass: what each suggested rule would match among everything that was recorded. */
import type { Decision, DecisionInput, JournalRecord } from '@chaperone/protocol';
import { objectOf } from '../../notices.ts';
import { fellToDefault } from './gaps.ts';
import type { Never } from './never.ts';
import type { Candidate, Suggestion } from './suggest.ts';

export type TryRule = (rego: string) => ((input: DecisionInput) => Decision) | undefined;

const maxSamples = 20;
const maxObjects = 10_000;

export class Previews {
  readonly #never: Never;
  readonly #tryRule: TryRule;
  readonly #chosen: readonly Candidate[];
  #candidates: Candidate[];

  /** @param tryRule asks the policy on disk as it would be with a rule, where there is one */
  constructor(candidates: readonly Candidate[], never: Never, tryRule: TryRule) {
    this.#tryRule = tryRule;
    this.#chosen = candidates;
    this.#candidates = candidates.flatMap((one) => (one.instead ? [one, one.instead] : [one]));
    this.#never = never;
  }

  add(record: JournalRecord): void {
    if (record.kind !== 'decision') return;
    const { input, decision } = record;
    for (const candidate of this.#candidates) {
      if (candidate.gap.action !== input.action || !candidate.matches(input)) continue;
      if (this.#never.kindOf(input) !== undefined) {
        // It was written so that this cannot be; if it is, the rule is wrong and not shown.
        this.#candidates = this.#candidates.filter((one) => one !== candidate);
        continue;
      }
      const { preview } = candidate;
      preview.acts += 1;
      if (decision.effect === 'allow') preview.allowed += 1;
      else if (fellToDefault(decision)) {
        preview.fell += 1;
        if (preview.samples.length < maxSamples) preview.samples.push(input);
      } else preview.deniedByRule += 1;
      const object = objectOf(input);
      if (preview.objects.size < maxObjects) preview.objects.add(object);
      else if (!preview.objects.has(object)) preview.more = true;
    }
  }

  /**
   * A rule that matches what another one decides would contradict it, and the policy would then deny with an error: the
   * narrower one takes its place, or none.
   */
  done(): Suggestion[] {
    const isClean = (one: Candidate): boolean =>
      this.#candidates.includes(one) &&
      one.preview.fell > 0 &&
      one.preview.deniedByRule === 0 &&
      one.preview.allowed === 0 &&
      this.#works(one);
    return this.#chosen.flatMap((one) =>
      isClean(one) ? [one] : one.instead && isClean(one.instead) ? [one.instead] : [],
    );
  }

  /** What is to be pasted must also do what it says beside the rules that are there. */
  #works({ rego, preview }: Candidate): boolean {
    const ask = this.#tryRule(rego);
    preview.tried = ask && preview.samples.every((input) => ask(input).effect === 'allow');
    return preview.tried !== false;
  }
}
