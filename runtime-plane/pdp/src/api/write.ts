/** Writing base documents: `/v1/data` PUT, PATCH and DELETE. */
import { isArray, isPlain, type Value } from '@chaperone/rego';
import { emptyReply, errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import { parseStoragePath } from '../query/path.ts';
import type { Write } from '../store/documents.ts';
import type { Context } from './context.ts';
import { Envelope } from './envelope.ts';
import { kindOf, readJson } from './input.ts';
import { Timers } from './timers.ts';

export async function putData(context: Context, request: PdpRequest, rest: string): Promise<Reply> {
  const timers = begin(request);
  const value = await readJson(context, request);
  timers?.stop('rego_input_parse');
  const path = parseStoragePath(rest);
  if (path === null) throw badParameter(`bad path: ${rest}`);
  const onlyNew = request.raw.headers['if-none-match'] === '*';
  if (!context.store.putData(path, value, onlyNew)) return emptyReply(304);
  return written(timers);
}

export async function patchData(context: Context, request: PdpRequest, rest: string): Promise<Reply> {
  const timers = begin(request);
  const operations = await readJson(context, request);
  timers?.stop('rego_input_parse');
  context.store.patchData(writesOf(operations, rest));
  return written(timers);
}

export function deleteData(context: Context, request: PdpRequest, rest: string): Reply {
  const timers = begin(request);
  const path = parseStoragePath(rest);
  if (path === null) throw badParameter(`bad path: ${rest}`);
  context.store.deleteData(path);
  return written(timers);
}

function writesOf(operations: Value, root: string): Write[] {
  if (operations === null) return [];
  if (!isArray(operations))
    throw badParameter(`json: cannot unmarshal ${kindOf(operations)} into Go value of type []types.PatchV1`);
  return operations.map((operation) => writeOf(operation, root));
}

function writeOf(operation: Value, root: string): Write {
  if (!isPlain(operation))
    throw badParameter(`json: cannot unmarshal ${kindOf(operation)} into Go value of type types.PatchV1`);
  const op = textOf(operation, 'op');
  if (op !== 'add' && op !== 'remove' && op !== 'replace') throw badParameter(`bad patch operation: ${op}`);
  const given = textOf(operation, 'path');
  const path = parseStoragePath(`${root}/${given}`)?.map(unescapePointer);
  if (path === undefined) throw badParameter(`bad patch path: ${given}`);
  return op === 'remove' ? { op, path } : { op, path, value: operation['value'] ?? null };
}

function textOf(operation: { readonly [key: string]: Value }, name: string): string {
  const value = (Object.hasOwn(operation, name) ? operation[name] : undefined) ?? '';
  if (typeof value === 'string') return value;
  throw badParameter(
    `json: cannot unmarshal ${kindOf(value)} into Go struct field PatchV1.${name} of type string`,
  );
}

/** RFC 6901. */
function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function begin({ search }: PdpRequest): Timers | undefined {
  const timers = Timers.when(isParamSet(search, 'metrics'));
  timers?.start('server_handler');
  timers?.start('rego_input_parse');
  return timers;
}

function written(timers: Timers | undefined): Reply {
  if (timers === undefined) return emptyReply(204);
  timers.stop('server_handler');
  return new Envelope(false).add('metrics', timers.all()).reply();
}

function badParameter(message: string): ReplyError {
  return new ReplyError(errorReply(400, 'invalid_parameter', message));
}
