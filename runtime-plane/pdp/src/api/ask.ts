/** Reading documents: `/v1/data`, `/v0/data` and `POST /`. */
import type { Value } from '@chaperone/rego';
import { errorReply, type Reply } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import { showReference } from '../query/path.ts';
import type { DocumentPlan } from '../query/document.ts';
import type { Version } from '../store/version.ts';
import type { Context } from './context.ts';
import { Envelope, valueReply } from './envelope.ts';
import { evaluateDocument } from './evaluate.ts';
import { explainMode, explanationOf } from './explanation.ts';
import { readBareInput, readInput, readInputParam } from './input.ts';
import { provenanceOf } from './provenance.ts';
import { Timers } from './timers.ts';

export async function askData(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = timersOf(request);
  timers?.start('server_handler');
  timers?.start('rego_input_parse');
  const input = await readInput(context, request);
  timers?.stop('rego_input_parse');
  return answer(context, request, path, input, input === undefined, timers);
}

export async function readData(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = timersOf(request);
  timers?.start('server_handler');
  timers?.start('rego_input_parse');
  const input = readInputParam(request);
  timers?.stop('rego_input_parse');
  return answer(context, request, path, input, false, timers);
}

const missingInput = { code: 'api_usage_warning', message: "'input' key missing from the request" };

async function answer(
  context: Context,
  request: PdpRequest,
  path: string,
  input: Value | undefined,
  warns: boolean,
  timers: Timers | undefined,
): Promise<Reply> {
  const { search } = request;
  const version = context.store.current();
  const isKnown = version.knownPlan(path) !== undefined;
  timers?.count('server_query_cache_hit', isKnown ? 1 : 0);
  if (!isKnown) timers?.start('rego_query_compile');
  const plan = version.plan(path);
  if (!isKnown) timers?.stop('rego_query_compile');
  timers?.start('rego_query_eval');
  const strictBuiltinErrors = isParamSet(search, 'strict-builtin-errors');
  const result = await decide(context, version, plan, input, strictBuiltinErrors);
  timers?.stop('rego_query_eval');
  timers?.stop('server_handler');
  const pretty = isParamSet(search, 'pretty');
  const envelope = new Envelope(pretty);
  if (context.newDecisionId !== undefined) envelope.add('decision_id', context.newDecisionId());
  if (isParamSet(search, 'provenance')) envelope.addOrdered('provenance', provenanceOf(context));
  const mode = explainMode(search);
  if (mode !== 'off' && (result !== undefined || mode === 'full'))
    envelope.addOrdered('explanation', explanationOf(mode, plan, input, pretty));
  if (timers !== undefined) envelope.add('metrics', timers.all());
  if (result !== undefined) envelope.add('result', result);
  if (warns) envelope.add('warning', missingInput);
  return envelope.reply();
}

/** The value of a document, counted. Throws RegoEvalError. */
export async function decide(
  context: Context,
  version: Version,
  plan: DocumentPlan,
  input: Value | undefined,
  strictBuiltinErrors: boolean,
): Promise<Value | undefined> {
  try {
    const evaluated = evaluateDocument(version, plan, input, { strictBuiltinErrors });
    // Waiting for what is there already would cost a turn of the queue.
    const value = evaluated instanceof Promise ? await evaluated : evaluated;
    context.metrics.decision(value === undefined ? 'undefined' : 'defined');
    return value;
  } catch (error) {
    context.metrics.decision('error');
    throw error;
  }
}

/** The body is the input and the answer the bare value. */
export async function askV0(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const input = await readBareInput(context, request);
  const version = context.store.current();
  const plan = version.plan(path);
  const value = await decide(context, version, plan, input, false);
  if (value !== undefined) return valueReply(value, isParamSet(request.search, 'pretty'));
  const what = plan.isVirtual ? 'document undefined' : 'document missing';
  return errorReply(404, 'undefined_document', `${what}: ${showReference(plan.keys)}`);
}

export function timersOf({ search }: PdpRequest): Timers | undefined {
  return Timers.when(search !== '' && (isParamSet(search, 'metrics') || isParamSet(search, 'instrument')));
}
