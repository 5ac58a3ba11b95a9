/** A request from its arrival to its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { indexPage, refuseCompile, showConfig, showMetrics, showStatus } from '../api/about.ts';
import { askData, askV0, readData } from '../api/ask.ts';
import { askBatch } from '../api/batch.ts';
import type { Context } from '../api/context.ts';
import { failureReply } from '../api/failures.ts';
import { health, policyHealth } from '../api/health.ts';
import { deletePolicy, getPolicy, listPolicies, putPolicy } from '../api/policies.ts';
import { getQuery, postQuery } from '../api/query.ts';
import { deleteData, patchData, putData } from '../api/write.ts';
import { authorize } from '../authz/authorize.ts';
import { refusedHost } from '../authz/host.ts';
import { type Authentication, identify } from '../authz/identity.ts';
import { admit, takeDecision, takeOutcome } from '../decisions/api.ts';
import { errorReply, type Reply } from './reply.ts';
import { type PdpRequest, readTarget } from './request.ts';
import { type Route, routeOf, type RouteName } from './route.ts';
import { send } from './send.ts';

type Handler = (context: Context, request: PdpRequest, rest: string) => Reply | Promise<Reply>;

const handlers: Readonly<Record<RouteName, Handler>> = {
  index: indexPage,
  default: (context, request) => askV0(context, request, context.defaultDecision),
  'data:read': readData,
  'data:ask': askData,
  'data:put': putData,
  'data:patch': patchData,
  'data:delete': deleteData,
  v0: askV0,
  batch: askBatch,
  'policies:list': listPolicies,
  'policies:get': getPolicy,
  'policies:put': putPolicy,
  'policies:delete': deletePolicy,
  'query:get': getQuery,
  'query:post': postQuery,
  compile: refuseCompile,
  config: showConfig,
  status: showStatus,
  health,
  'health:policy': policyHealth,
  metrics: showMetrics,
  outcomes: takeOutcome,
};

export type Access = {
  readonly authentication: Authentication;
  readonly authorization: 'off' | 'basic';
  /** Policies and data change by files alone. */
  readonly readOnly: boolean;
};

const writes: ReadonlySet<RouteName | null> = new Set([
  'data:put',
  'data:patch',
  'data:delete',
  'policies:put',
  'policies:delete',
]);

/**
 * Null when the route may be taken. Browsers say with every write where its page is from, other clients do not: no page that a
 * person happens to look at writes policies, unless a policy lets it.
 */
function refusedWrite(access: Access, { name }: Route, { raw }: PdpRequest): Reply | null {
  if (!writes.has(name)) return null;
  if (access.readOnly)
    return errorReply(403, 'unauthorized', 'this server takes policies and data from files only');
  if (access.authorization === 'basic' || raw.headers.origin === undefined) return null;
  return errorReply(403, 'unauthorized', 'pages in a browser may not write; see --authorization');
}

/** @param onFault is told what no handler was prepared for */
export function dispatcher(
  context: Context,
  access: Access,
  onFault: (error: unknown) => void,
): (raw: IncomingMessage, response: ServerResponse) => void {
  let requests = 0;
  return (raw, response) => {
    const begun = performance.now();
    requests += 1;
    void answer(context, access, raw, requests, onFault)
      .then(({ reply, label, canCompress }) => {
        send(raw, response, reply, canCompress);
        const seconds = (performance.now() - begun) / 1000;
        context.metrics.request(label, raw.method ?? '', reply.status, seconds);
      })
      .catch((error: unknown) => {
        // Nothing can be said to this client any more; the others go on.
        onFault(error);
        response.destroy();
      });
  };
}

/** As Go's server says it of what it cannot parse. */
const badTarget: Reply = {
  status: 400,
  type: 'text/plain; charset=utf-8',
  body: '400 Bad Request',
  headers: ['Connection', 'close'],
};

type Answer = { readonly reply: Reply; readonly label: string; readonly canCompress: boolean };

/** Never rejects. */
async function answer(
  context: Context,
  access: Access,
  raw: IncomingMessage,
  id: number,
  onFault: (error: unknown) => void,
): Promise<Answer> {
  const method = raw.method ?? 'GET';
  const target = readTarget(raw.url ?? '/');
  if (target === null)
    return {
      reply: badTarget,
      label: 'catchall',
      canCompress: false,
    };
  const { path, search } = target;
  const route = routeOf(method, path, search);
  const canCompress = compresses(method, path);
  try {
    const refused = access.authorization === 'basic' ? null : refusedHost(raw);
    if (refused !== null) return { reply: refused, label: route.label, canCompress };
    let request: PdpRequest = { id, raw, method, path, search };
    if (access.authentication !== 'off') request = { ...request, ...identify(raw, access.authentication) };
    if (context.decisions !== undefined) request = await admit(context, context.decisions, route, request);
    if (access.authorization === 'basic') request = await authorize(context, request);
    const reply = refusedWrite(access, route, request) ?? (await handle(context, route, request));
    return { reply, label: route.label, canCompress };
  } catch (error) {
    const reply = failureReply(error);
    if (reply.status === 500) onFault(error);
    return { reply, label: route.label, canCompress };
  }
}

function handle(context: Context, route: Route, request: PdpRequest): Reply | Promise<Reply> {
  const decision = takeDecision(context, route, request);
  if (decision !== undefined) return decision;
  return route.name === null ? route.reply : handlers[route.name](context, request, route.rest);
}

function compresses(method: string, path: string): boolean {
  if (method !== 'POST' && method !== 'GET') return false;
  if (path.startsWith('/v1/data') || path.startsWith('/v0/data') || path.startsWith('/v1/batch/data'))
    return true;
  return method === 'POST' && path.startsWith('/v1/compile');
}
