/** Reading documents: `/v1/data`, `/v0/data` and `POST /`. */
import type { Value } from '@chaperone/rego';
import { errorReply, type Reply } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import { showReference } from '../query/path.ts';
import type { Context } from './context.ts';
import { Envelope, valueReply } from './envelope.ts';
import { decide, decisionTimers, wantsTimers } from './decide.ts';
import { explainMode, explanationOf } from './explanation.ts';
import { readBareInput, readInput, readInputParam } from './input.ts';
import { provenanceOf } from './provenance.ts';
import type { Timers } from './timers.ts';

export async function askData(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = decisionTimers(context, request);
  timers?.start('server_handler');
  timers?.start('rego_input_parse');
  const input = await readInput(context, request);
  timers?.stop('rego_input_parse');
  return answer(context, request, path, input, input === undefined, timers);
}

export async function readData(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = decisionTimers(context, request);
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
  const isStrict = isParamSet(search, 'strict-builtin-errors');
  const { id, result } = await decide({ context, request, version, plan, path, input, isStrict, timers });
  const pretty = isParamSet(search, 'pretty');
  const envelope = new Envelope(pretty);
  if (id !== undefined) envelope.add('decision_id', id);
  if (isParamSet(search, 'provenance')) envelope.addOrdered('provenance', provenanceOf(context, version));
  const mode = explainMode(search);
  if (mode !== 'off' && (result !== undefined || mode === 'full'))
    envelope.addOrdered('explanation', explanationOf(mode, plan, input, pretty));
  if (timers !== undefined && wantsTimers(request)) envelope.add('metrics', timers.all());
  if (result !== undefined) envelope.add('result', result);
  if (warns) envelope.add('warning', missingInput);
  return envelope.reply();
}

/** The body is the input and the answer the bare value. */
export async function askV0(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = decisionTimers(context, request);
  timers?.start('server_handler');
  const input = await readBareInput(context, request);
  const version = context.store.current();
  const plan = version.plan(path);
  const what = plan.isVirtual ? 'document undefined' : 'document missing';
  const whenUndefined = `${what}: ${showReference(plan.keys)}`;
  const isStrict = false;
  const { result } = await decide({
    context,
    request,
    version,
    plan,
    path,
    input,
    isStrict,
    timers,
    whenUndefined,
  });
  if (result !== undefined) return valueReply(result, isParamSet(request.search, 'pretty'));
  return errorReply(404, 'undefined_document', whenUndefined);
}
