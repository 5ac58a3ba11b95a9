/**
 * Decisions over HTTP: what a third-party enforcement point asks passes through the same steps as what the gate asks. The raw answer of
 * the Open Policy Agent stays for every other document.
 */
import { parseDecisionInput } from '@chaperone/protocol';
import { isPlain, type Value } from '@chaperone/rego';
import { inputsOf } from '../api/batch.ts';
import type { Context } from '../api/context.ts';
import { wantsTimers } from '../api/decide.ts';
import { Envelope, valueReply } from '../api/envelope.ts';
import { explainMode, explanationOf } from '../api/explanation.ts';
import { readBareInput, readInput, readInputParam, readJson } from '../api/input.ts';
import { provenanceOf } from '../api/provenance.ts';
import { Timers } from '../api/timers.ts';
import { emptyReply, errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import type { Route, RouteName } from '../http/route.ts';
import type { PdpOptions } from '../pdp.ts';
import { parseStoragePath } from '../query/path.ts';
import { readPepKeys } from '../signatures/keys.ts';
import { SignatureCheck } from '../signatures/verify.ts';
import type { Store } from '../store/store.ts';
import type { Version } from '../store/version.ts';
import { answerOf } from './answer.ts';
import { DecisionDesk } from './desk.ts';
import { answeringRules, type AnsweringRule, type Asker, isLocalRequest } from './options.ts';
import { readOutcome } from './outcome.ts';

export type Decisions = {
  readonly desk: DecisionDesk;
  /** Undefined when questions need no signature. */
  readonly signatures: SignatureCheck | undefined;
};

/** Each question of a batch is one act, with one record. */
const maxBatch = 1000;

/** Throws PdpError. */
export function openDecisions(options: PdpOptions, store: Store): Decisions | undefined {
  const { decisions, version, onNotice } = options;
  if (decisions === undefined) return undefined;
  const { pepKeys, signatureWindowMs } = decisions;
  return {
    desk: new DecisionDesk(decisions, { store, paths: options, version }, onNotice),
    signatures:
      pepKeys === undefined ? undefined : new SignatureCheck(readPepKeys(pepKeys), signatureWindowMs),
  };
}

/** Checks the signature, where there has to be one. Throws ReplyError. */
export async function admit(
  context: Context,
  { signatures, desk }: Decisions,
  route: Route,
  request: PdpRequest,
): Promise<PdpRequest> {
  if (signatures === undefined || route.name === null) return request;
  if (route.name !== 'outcomes' && (ruleOf(context, route) === undefined || !desk.isOn())) return request;
  const { method, path, search, raw } = request;
  const content = await context.bodies.bytes(raw);
  const verified = signatures.verify({ method, path, search, headers: raw.headers, content });
  if (verified.ok) return { ...request, pep: verified.pep };
  throw new ReplyError(errorReply(401, 'unauthorized', verified.reason));
}

type Taken = (
  context: Context,
  decisions: Decisions,
  rule: AnsweringRule,
  request: PdpRequest,
) => Promise<Reply>;

const taken: Partial<Readonly<Record<RouteName, Taken>>> = {
  'data:ask': async (context, decisions, rule, request) =>
    answerOne(context, decisions, rule, request, await readInput(context, request)),
  'data:read': (context, decisions, rule, request) =>
    answerOne(context, decisions, rule, request, readInputParam(request)),
  v0: answerBare,
  default: answerBare,
  batch: answerBatch,
};

/** Undefined when the request is no question for a decision. Throws ReplyError. */
export function takeDecision(
  context: Context,
  route: Route,
  request: PdpRequest,
): Promise<Reply> | undefined {
  const { decisions } = context;
  if (decisions === undefined || route.name === null) return undefined;
  const handler = taken[route.name];
  const rule = handler && ruleOf(context, route);
  if (handler === undefined || rule === undefined || !decisions.desk.isOn()) return undefined;
  return handler(context, decisions, rule, request);
}

function ruleOf({ defaultDecision }: Context, route: Route): AnsweringRule | undefined {
  if (route.name === null || taken[route.name] === undefined) return undefined;
  const path = route.name === 'default' ? defaultDecision : route.rest;
  const direct = answeringRules.find((rule) => rule === path);
  // However it is written: escaped, or with empty segments. An escaped slash is part of a name.
  if (direct !== undefined || !/%|\/\/|^\/|\/$/.test(path)) return direct;
  const keys = parseStoragePath(path);
  return keys === null || keys.some((key) => key.includes('/'))
    ? undefined
    : answeringRules.find((rule) => rule === keys.join('/'));
}

async function answerOne(
  context: Context,
  decisions: Decisions,
  rule: AnsweringRule,
  request: PdpRequest,
  input: Value | undefined,
): Promise<Reply> {
  const { search } = request;
  const timers = Timers.when(wantsTimers(request));
  timers?.start('server_handler');
  const asker = askerOf(request);
  timers?.start('rego_query_eval');
  const { id, answer, asked, version } = await ask(context, decisions, rule, request, asker, input);
  timers?.stop('rego_query_eval');
  timers?.stop('server_handler');
  const envelope = new Envelope(isParamSet(search, 'pretty'));
  if (id !== undefined) envelope.add('decision_id', id);
  if (isParamSet(search, 'provenance')) envelope.addOrdered('provenance', provenanceOf(context, version));
  const mode = explainMode(search);
  if (mode !== 'off' && decisions.desk.options.engine === undefined)
    envelope.addOrdered(
      'explanation',
      explanationOf(mode, version.plan(rule), asked, isParamSet(search, 'pretty')),
    );
  if (timers !== undefined) envelope.add('metrics', timers.all());
  return envelope.add('result', answer).reply();
}

async function answerBare(
  context: Context,
  decisions: Decisions,
  rule: AnsweringRule,
  request: PdpRequest,
): Promise<Reply> {
  const asker = askerOf(request);
  const input = await readBareInput(context, request);
  const { id, answer } = await ask(context, decisions, rule, request, asker, input);
  const reply = valueReply(answer, isParamSet(request.search, 'pretty'));
  return id === undefined ? reply : { ...reply, headers: ['Chaperone-Decision-Id', id] };
}

async function answerBatch(
  context: Context,
  decisions: Decisions,
  rule: AnsweringRule,
  request: PdpRequest,
): Promise<Reply> {
  const asker = askerOf(request);
  const inputs = Object.entries(
    inputsOf(await readJson(context, request, 'body contains malformed input document: ')),
  );
  if (inputs.length > maxBatch) throw bad(`a batch has at most ${maxBatch} decisions`);
  const all = await Promise.all(
    inputs.map(async ([name, input]): Promise<[string, boolean, { readonly [key: string]: Value }]> => {
      try {
        const { id, answer } = await ask(context, decisions, rule, request, asker, input);
        return [name, true, { ...(id === undefined ? {} : { decision_id: id }), result: answer }];
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        return [name, false, { code: 'invalid_parameter', message: error.message }];
      }
    }),
  );
  const failed = all.filter(([, ok]) => !ok).length;
  const status = failed === 0 ? 200 : failed === all.length ? 400 : 207;
  const responses = Object.fromEntries(
    all.map(([name, ok, body]) => [
      name,
      status === 207 ? { ...body, http_status_code: ok ? '200' : '400' } : body,
    ]),
  );
  return new Envelope(isParamSet(request.search, 'pretty')).add('responses', responses).reply(status);
}

class BadInput extends ReplyError {
  constructor(message: string) {
    super(errorReply(400, 'invalid_parameter', message));
    this.message = message;
  }
}

type Answered = {
  readonly id: string | undefined;
  readonly answer: Value;
  /** The input with what the server knew besides, as it is recorded. */
  readonly asked: Value;
  readonly version: Version;
};

/** Throws BadInput. */
async function ask(
  context: Context,
  { desk }: Decisions,
  rule: AnsweringRule,
  request: PdpRequest,
  asker: Asker,
  value: Value | undefined,
): Promise<Answered> {
  const parsed = parseDecisionInput(value);
  if (!parsed.ok) {
    const { field, message } = parsed.problem;
    throw new BadInput(
      value === undefined ? 'a decision needs an input' : `input is malformed: ${field} ${message}`,
    );
  }
  const version = context.store.current();
  const outcome = await desk.ask(parsed.input, rule, asker);
  context.metrics.decision('defined');
  const { id } = outcome;
  const answer = answerOf(outcome, rule, asker, desk.options.mode);
  if (id !== undefined && context.plugins.logs)
    context.plugins.log({
      id,
      path: rule,
      input: value,
      result: answer,
      version,
      request: request.raw,
      requestId: request.id,
    });
  return { id, answer, asked: outcome.input as unknown as Value, version };
}

const headerName = 'chaperone-obligations';
const nothing: ReadonlySet<string> = new Set();

/** Throws ReplyError. */
function askerOf(request: PdpRequest): Asker {
  const text = request.raw.headers[headerName];
  const asker = { pep: request.pep, isLocal: isLocalRequest(request) };
  if (text === undefined) return { ...asker, declared: nothing };
  const kinds = (Array.isArray(text) ? text.join(',') : text)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (kinds.length > 32 || !kinds.every((one) => /^[a-z_]{1,40}$/.test(one)))
    throw bad('Chaperone-Obligations must be a list of obligations, such as: redact, notify');
  return { ...asker, declared: new Set(kinds) };
}

/** `POST /v1/outcomes`. Throws ReplyError. */
export async function takeOutcome(context: Context, request: PdpRequest): Promise<Reply> {
  const { decisions } = context;
  if (decisions === undefined)
    return errorReply(404, 'resource_not_found', 'this server records no decisions; see --journal');
  if (request.raw.headers.origin !== undefined)
    return errorReply(403, 'unauthorized', 'pages in a browser may not say how an act ended');
  const body = await readJson(context, request);
  const outcome = isPlain(body) ? readOutcome(body) : 'the body must be an object';
  if (typeof outcome === 'string') throw bad(outcome);
  const { decision_id: id, ...how } = outcome;
  const ended = decisions.desk.end(id, request.pep, how);
  switch (ended) {
    case 'ended':
      return emptyReply(204);
    case 'unknown':
      return errorReply(404, 'resource_not_found', 'there is no such decision that let an act go on');
    case 'ended_before':
      return errorReply(409, 'resource_conflict', 'how this ended was said before');
    case 'not_recorded':
      return errorReply(500, 'internal_error', 'the outcome could not be recorded');
    default:
      return ended satisfies never;
  }
}

function bad(message: string): ReplyError {
  return new ReplyError(errorReply(400, 'invalid_parameter', message));
}
