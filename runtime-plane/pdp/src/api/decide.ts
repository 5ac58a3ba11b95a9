/** One question to the policy: answered, counted, timed, logged. */
import type { Value } from '@chaperone/rego';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import type { DocumentPlan } from '../query/document.ts';
import { unescapeSegment } from '../query/path.ts';
import type { Version } from '../store/version.ts';
import type { Context } from './context.ts';
import { evaluateDocument } from './evaluate.ts';
import { UndefinedDocument } from '../plugins/logs/event.ts';
import { Timers } from './timers.ts';

export type Question = {
  readonly context: Context;
  readonly request: PdpRequest;
  readonly version: Version;
  readonly plan: DocumentPlan;
  /** As in the URL. */
  readonly path: string;
  readonly input: Value | undefined;
  readonly isStrict: boolean;
  readonly timers: Timers | undefined;
  /** Made by the caller, who tells it whatever the outcome. */
  readonly id?: string | undefined;
  readonly batchId?: string | undefined;
  /** What the log says where undefined is an error to the caller. */
  readonly whenUndefined?: string;
};

export type Decided = {
  /** Undefined when decisions have none. */
  readonly id: string | undefined;
  /** Undefined is Rego's undefined. */
  readonly result: Value | undefined;
};

/** Throws RegoEvalError. */
export async function decide(question: Question): Promise<Decided> {
  const { context, version, plan, input, isStrict, timers } = question;
  const id = question.id ?? context.newDecisionId?.();
  timers?.start('rego_query_eval');
  try {
    const evaluated = evaluateDocument(version, plan, input, { strictBuiltinErrors: isStrict });
    // Waiting for what is there already would cost a turn of the queue.
    const result = evaluated instanceof Promise ? await evaluated : evaluated;
    context.metrics.decision(result === undefined ? 'undefined' : 'defined');
    settle(question, id, result, undefined);
    return { id, result };
  } catch (error) {
    context.metrics.decision('error');
    settle(question, id, undefined, error);
    throw error;
  }
}

function settle(question: Question, id: string | undefined, result: Value | undefined, error: unknown): void {
  const { context, request, version, path, input, timers, batchId, whenUndefined } = question;
  timers?.stop('rego_query_eval');
  timers?.stop('server_handler');
  if (id === undefined || !context.plugins.logs) return;
  context.plugins.log({
    id,
    path: shownPath(path),
    input,
    result,
    version,
    request: request.raw,
    requestId: request.id,
    ...(error === undefined ? {} : { error }),
    ...(error === undefined && result === undefined && whenUndefined !== undefined
      ? { error: new UndefinedDocument(whenUndefined) }
      : {}),
    ...(timers === undefined ? {} : { metrics: timers.all() }),
    ...(batchId === undefined ? {} : { batchId }),
  });
}

/** Kept when the caller wants to see them, or the log does. */
export function decisionTimers({ plugins }: Context, request: PdpRequest): Timers | undefined {
  return Timers.when(plugins.logs || wantsTimers(request));
}

export function wantsTimers({ search }: PdpRequest): boolean {
  return search !== '' && (isParamSet(search, 'metrics') || isParamSet(search, 'instrument'));
}

function shownPath(path: string): string {
  return (unescapeSegment(path) ?? path).replace(/^\/+|\/+$/g, '');
}
