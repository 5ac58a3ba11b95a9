/** The input document of a question, from its body or its URL. */
import { isArray, isPlain, marshal, type Value } from '@chaperone/rego';
import { errorReply, ReplyError } from '../http/reply.ts';
import { paramValues, type PdpRequest } from '../http/request.ts';
import { parseFirst, parseOnly, type Parsed } from '../json/parse.ts';
import { placeOf, type JsonProblem } from '../json/scan.ts';
import { parseYaml } from '../json/yaml.ts';
import type { Context } from './context.ts';

const malformed = 'body contains malformed input document: ';

/** `{"input": …}`; undefined when there is none. Throws ReplyError. */
export async function readInput(context: Context, request: PdpRequest): Promise<Value | undefined> {
  const body = await readBodyValue(context, request, malformed);
  if (body === undefined || body === null) return undefined;
  if (!isPlain(body))
    throw invalid(`${malformed}json: cannot unmarshal ${kindOf(body)} into Go value of type types.alias`);
  const input = Object.hasOwn(body, 'input') ? body['input'] : undefined;
  return input === null ? undefined : input;
}

/** The body is the input; an empty one is null. Throws ReplyError. */
export async function readBareInput(context: Context, request: PdpRequest): Promise<Value> {
  return (await readBodyValue(context, request, `unexpected parse error for input: ${malformed}`)) ?? null;
}

/** The last `?input=`; undefined when there is none. Throws ReplyError. */
export function readInputParam({ search }: PdpRequest): Value | undefined {
  const text = paramValues(search, 'input').at(-1);
  if (text === undefined) return undefined;
  return valueOf(parseOnly(text), text, 'parameter contains malformed input document: ');
}

/** JSON or YAML; undefined when the body is empty. Throws ReplyError. */
async function readBodyValue(
  context: Context,
  request: PdpRequest,
  prefix: string,
): Promise<Value | undefined> {
  if (request.parsedBody !== undefined) return request.parsedBody.value;
  const text = await context.bodies.read(request.raw);
  if (isYaml(request)) {
    const parsed = await parseYaml(text);
    if (!parsed.ok) throw invalid(`${prefix}${parsed.message}`);
    return text === '' ? undefined : parsed.value;
  }
  const parsed = parseFirst(text);
  if (!parsed.ok && parsed.problem.message === 'EOF') return undefined;
  return valueOf(parsed, text, prefix);
}

/** A body that must be JSON. Throws ReplyError. */
export async function readJson(context: Context, request: PdpRequest, prefix = ''): Promise<Value> {
  if (request.parsedBody !== undefined) return request.parsedBody.value;
  const text = await context.bodies.read(request.raw);
  return valueOf(parseFirst(text), text, prefix);
}

export function isYaml({ raw }: PdpRequest): boolean {
  return (raw.headers['content-type'] ?? '').includes('yaml');
}

/** Throws ReplyError, with the place of what is wrong. */
export function valueOf(parsed: Parsed, text: string, prefix: string): Value {
  if (parsed.ok) return parsed.value;
  throw invalidAt(prefix, parsed.problem, text);
}

function invalidAt(prefix: string, { message, offset }: JsonProblem, text: string): ReplyError {
  const location = placeOf(text, offset);
  return new ReplyError(errorReply(400, 'invalid_parameter', `${prefix}${message}`, { location }));
}

function invalid(message: string): ReplyError {
  return new ReplyError(errorReply(400, 'invalid_parameter', message));
}

/** What Go calls a JSON value in its messages. */
export function kindOf(value: Value): string {
  if (isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'number';
  return isPlain(value) ? 'object' : typeof value === 'object' ? marshal(value) : typeof value;
}
