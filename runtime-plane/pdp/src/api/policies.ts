/** `/v1/policies`. */
import { errorReply, escapeHtml, goJson, jsonReply, type Reply } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import { unescapeSegment } from '../query/path.ts';
import { ModulesRefused } from '../store/errors.ts';
import type { StoredModule } from '../store/version.ts';
import type { Context } from './context.ts';
import { Envelope } from './envelope.ts';
import { refusedReply } from './failures.ts';
import { Timers } from './timers.ts';

export function listPolicies({ store }: Context, request: PdpRequest): Reply {
  return ordered({ result: [...store.current().modules.values()].map(shown) }, request);
}

export function getPolicy({ store }: Context, request: PdpRequest, rest: string): Reply {
  return ordered({ result: shown(store.policy(idOf(rest))) }, request);
}

export async function putPolicy(context: Context, request: PdpRequest, rest: string): Promise<Reply> {
  const id = idOf(rest);
  const timers = timersOf(request);
  timers?.start('server_read_bytes');
  const raw = await context.bodies.read(request.raw);
  timers?.stop('server_read_bytes');
  if (isEmptyModule(raw))
    return errorReply(400, 'invalid_parameter', `${id}:0: rego_parse_error: empty module`);
  timers?.start('rego_module_compile');
  context.store.putPolicy(id, raw);
  timers?.stop('rego_module_compile');
  return done(request, timers);
}

export function deletePolicy({ store }: Context, request: PdpRequest, rest: string): Reply {
  const timers = timersOf(request);
  timers?.start('rego_module_compile');
  try {
    store.deletePolicy(idOf(rest));
  } catch (error) {
    if (error instanceof ModulesRefused) return refusedReply(error, 'invalid_operation');
    throw error;
  }
  timers?.stop('rego_module_compile');
  return done(request, timers);
}

/** Nothing but blank lines and comments. */
function isEmptyModule(raw: string): boolean {
  return raw.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
}

/** Ids are made of decoded text, slashes and dots included: they are names, never paths of files. */
function idOf(rest: string): string {
  return unescapeSegment(rest) ?? rest;
}

function shown({ id, raw }: StoredModule): { readonly id: string; readonly raw: string } {
  return { id, raw };
}

function timersOf({ search }: PdpRequest): Timers | undefined {
  return Timers.when(isParamSet(search, 'metrics'));
}

function done({ search }: PdpRequest, timers: Timers | undefined): Reply {
  const envelope = new Envelope(isParamSet(search, 'pretty'));
  return (timers === undefined ? envelope : envelope.add('metrics', timers.all())).reply();
}

function ordered(value: unknown, { search }: PdpRequest): Reply {
  return jsonReply(isParamSet(search, 'pretty') ? goJson(value) : escapeHtml(JSON.stringify(value)));
}
