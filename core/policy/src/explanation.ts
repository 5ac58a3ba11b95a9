import type { Decision } from '@chaperone/protocol';
import type { BodyTrace, Json, ReadFact } from '@chaperone/rego';
import { mostRelevantFirst } from './relevance.ts';

/** How a decision came about. */
export type Explanation = {
  /** As `decide` gives it. */
  readonly decision: Decision;
  /**
   * The rule bodies that were tried, each once, the most relevant first: an error; what was held against the act; the rule
   * that answered; for a denial by default the allowing rules that came closest. At most 500.
   */
  readonly rules: readonly RuleTrace[];
};

export type RuleTrace = {
  /** Such as `data.chaperone.access.reasons`. */
  readonly rule: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly outcome: 'matched' | 'failed' | 'error';
  /** The first condition on which the furthest attempt failed. For an error, `text` is its message. */
  readonly failed?: FailedCondition;
  /** Of a rule that matched: what it gave; the first, when it gave several. Cut when it is long. */
  readonly value?: Json;
};

export type FailedCondition = {
  readonly line: number;
  /** As written, on one line, cut at 200 characters. */
  readonly text: string;
  /** The references and variables that the condition read, at most 8; undefined when absent. Values are cut. */
  readonly facts: readonly ReadFact[];
};

const maxTraces = 500;
const maxTextLength = 200;

/** @param entrypoint name of the rule that answers, such as `data.chaperone.access.decision` */
export function explanationOf(
  decision: Decision,
  entrypoint: string,
  bodies: readonly BodyTrace[],
): Explanation {
  return {
    decision,
    rules: mostRelevantFirst(decision, entrypoint, bodies).slice(0, maxTraces).map(traceOf),
  };
}

function traceOf({ rule, file, line, outcome, failed, value }: BodyTrace): RuleTrace {
  return {
    rule,
    file,
    line,
    outcome,
    ...(failed
      ? {
          failed: { line: failed.line, text: failed.text.slice(0, maxTextLength), facts: failed.facts },
        }
      : {}),
    ...(value === undefined ? {} : { value }),
  };
}
