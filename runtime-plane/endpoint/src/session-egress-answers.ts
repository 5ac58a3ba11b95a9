/** What the egress process is answered, and what an answer may depend on. */
import type { Answer } from '@chaperone/egress';
import type { ResourceFacts } from '@chaperone/protocol';
import { ContentUnread, type ContentLookup, type ContentState } from './context/content-lookup.ts';
import type { Outcome } from './flow.ts';

/** Facts that only a request has. */
const insides: ReadonlySet<string> = new Set(['', 'destination', 'resource', 'credential', 'operation']);
const inside =
  /^(?:resource\.|credential\.|destination\.(?:method|path|query|content_type|bytes|bytes_before|bucket|first_seen)(?:\.|$))/;

/** @param reads fields of the input that a policy looked at; undefined: nobody knows */
export function looksInside(reads: ReadonlySet<string> | undefined): boolean {
  return reads === undefined || [...reads].some((field) => insides.has(field) || inside.test(field));
}

export const unrecorded: Answer = {
  allow: false,
  decision: undefined,
  reason: 'journal_failed',
  message: 'The decision could not be recorded, so the act must not happen.',
  rules: [],
  obligations: [],
};

export function answerOf({ proceeds, decision, id, waits }: Outcome): Answer {
  return {
    allow: proceeds,
    decision: id,
    reason: decision.policy_reason ?? decision.reason,
    message: decision.message,
    rules: decision.rules,
    obligations: decision.effect === 'allow' ? decision.obligations : [],
    ...(waits ? { needsBody: true } : {}),
  };
}

/** The body of a request: looked into by the process that has it, when a policy wants to know. */
export class BodyLookup implements ContentLookup {
  state: ContentState = { kind: 'unasked' };
  readonly #resource: ResourceFacts | undefined;

  constructor(resource: ResourceFacts | undefined) {
    this.#resource = resource;
  }

  facts(): ReturnType<ContentLookup['facts']> {
    this.state = { kind: this.#resource ? 'known' : 'waiting' };
    const { classification = [], labels = [], findings = [] } = this.#resource ?? {};
    return { type: '', classification, labels, findings, problems: [], complete: true };
  }

  redact(): never {
    throw new ContentUnread('only what has a body can be redacted');
  }

  secure(): void {}
}
