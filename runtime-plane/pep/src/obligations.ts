/** Carries out what a decision asks for besides the act. */
import type { DecisionInput, Obligation, ObligationKind } from '@chaperone/protocol';
import type { PepDecision } from './decision.ts';

export type Duty = {
  /** What was asked, as it was sent. */
  readonly input: DecisionInput;
  readonly decision: PepDecision;
  /** Aborted when the handler has taken too long. */
  readonly signal: AbortSignal;
};

/** Throws, or rejects, when the obligation cannot be carried out; the act is then denied. */
export type Handle<O extends Obligation> = (obligation: O, duty: Duty) => void | Promise<void>;

/** A function is `before`: carried out before the act. `after` sees the act done, before its result is handed over. */
export type Handler<O extends Obligation> =
  | Handle<O>
  | { readonly before?: Handle<O>; readonly after?: Handle<O> };

export type Handlers = {
  readonly [kind in ObligationKind]?: Handler<Extract<Obligation, { kind: kind }>>;
};

export function kindsOf(...all: readonly Handlers[]): ReadonlySet<ObligationKind> {
  const kinds = new Set<ObligationKind>();
  for (const handlers of all)
    for (const [kind, handler] of Object.entries(handlers))
      if (handler !== undefined) kinds.add(kind as ObligationKind);
  return kinds;
}

/**
 * In the order of the decision. Never throws.
 *
 * @param limitMs for each handler
 * @returns the kind whose handler is missing, threw or took too long; undefined when all is done
 */
export async function carryOut(
  when: 'before' | 'after',
  handlers: Handlers,
  duty: Omit<Duty, 'signal'>,
  limitMs: number,
): Promise<ObligationKind | undefined> {
  for (const obligation of duty.decision.obligations) {
    const handler = handlers[obligation.kind] as Handler<Obligation> | undefined;
    if (handler === undefined) return obligation.kind;
    const handle = typeof handler === 'function' ? onlyBefore(handler, when) : handler[when];
    if (handle !== undefined && !(await isDone(handle, obligation, duty, limitMs))) return obligation.kind;
  }
  return undefined;
}

function onlyBefore(handle: Handle<Obligation>, when: 'before' | 'after'): Handle<Obligation> | undefined {
  return when === 'before' ? handle : undefined;
}

async function isDone(
  handle: Handle<Obligation>,
  obligation: Obligation,
  duty: Omit<Duty, 'signal'>,
  limitMs: number,
): Promise<boolean> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      limit.abort();
      resolve(false);
    }, limitMs);
  });
  try {
    const done = Promise.resolve(handle(obligation, { ...duty, signal: limit.signal })).then(() => true);
    return await Promise.race([done, tooLong]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
