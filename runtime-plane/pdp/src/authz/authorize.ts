/** Asks the policy whether a request to this server may proceed. */
import { isPlain, type Value } from '@chaperone/rego';
import type { Context } from '../api/context.ts';
import { isYaml, valueOf } from '../api/input.ts';
import { errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { parseSearch, type PdpRequest } from '../http/request.ts';
import { parseOnly } from '../json/parse.ts';
import { parseYaml } from '../json/yaml.ts';
import { evaluatePlan } from '../query/document.ts';
import { unescapeSegment } from '../query/path.ts';

/** The request to go on with, its body read if the policy got to see it. Throws ReplyError. */
export async function authorize(context: Context, request: PdpRequest): Promise<PdpRequest> {
  const path = pathOf(request.path);
  const body = expectsBody(request.method, path) ? await readBody(context, request) : undefined;
  const plan = context.store.current().plan(context.authorizationDecision);
  const value = evaluatePlan(plan, inputOf(request, path, body));
  const refusal = refusalOf(value);
  if (refusal !== null) throw new ReplyError(refusal);
  return body === undefined ? request : { ...request, parsedBody: { value: body } };
}

/** Null when the request is allowed. Nothing but `true` allows. */
function refusalOf(value: Value | undefined): Reply | null {
  if (value === true) return null;
  if (value === undefined)
    return errorReply(500, 'internal_error', 'authorization policy missing or undefined');
  if (isPlain(value)) {
    if (!Object.hasOwn(value, 'allowed'))
      return errorReply(500, 'internal_error', 'document missing or undefined');
    if (value['allowed'] === true) return null;
    const reason = Object.hasOwn(value, 'reason') ? value['reason'] : undefined;
    if (typeof reason === 'string') return errorReply(401, 'unauthorized', reason);
  }
  return errorReply(401, 'unauthorized', 'request rejected by administrative policy');
}

function inputOf(request: PdpRequest, path: readonly string[], body: Value | undefined): Value {
  const { identity, certificates, method, search, raw } = request;
  return {
    path: [...path],
    method,
    params: grouped(parseSearch(search)),
    headers: grouped(headersOf(raw.rawHeaders)),
    ...(body === undefined ? {} : { body }),
    ...(identity === undefined ? {} : { identity }),
    ...(certificates === undefined ? {} : { client_certificates: certificates }),
  };
}

/**
 * The path in the segments that decide what is reached: an escaped slash is part of a name, except where the server
 * itself takes the path as a whole.
 */
function pathOf(path: string): string[] {
  const decoded = unescapeSegment(path) ?? path;
  if (decoded.startsWith('/v1/policies/') || decoded.startsWith('/v1/compile/'))
    return decoded.slice(1).split('/');
  return path
    .slice(1)
    .split('/')
    .map((segment) => unescapeSegment(segment) ?? segment);
}

const bodyPaths = new Set(['v0/data', 'v1/data', 'v1/batch', 'v1/compile', 'v1/query']);

function expectsBody(method: string, path: readonly string[]): boolean {
  if (method !== 'POST') return false;
  return path.length === 1 ? path[0] === '' : bodyPaths.has(path.slice(0, 2).join('/'));
}

/** Undefined when it is empty. Throws ReplyError. */
async function readBody(context: Context, request: PdpRequest): Promise<Value | undefined> {
  const text = await context.bodies.read(request.raw);
  if (text === '') return undefined;
  if (!isYaml(request)) return valueOf(parseOnly(text), text, '');
  const parsed = await parseYaml(text);
  if (!parsed.ok) throw new ReplyError(errorReply(400, 'invalid_parameter', parsed.message));
  return parsed.value;
}

/** Names as Go writes them, without those that it takes away. */
function* headersOf(raw: readonly string[]): Generator<readonly [string, string]> {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    if (name === 'host' || name === 'transfer-encoding') continue;
    yield [name.replaceAll(/(?:^|-)[a-z]/g, (c) => c.toUpperCase()), raw[i + 1] ?? ''];
  }
}

function grouped(pairs: Iterable<readonly [string, string]>): Value {
  const groups = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of pairs) (groups[name] ??= []).push(value);
  return groups;
}
