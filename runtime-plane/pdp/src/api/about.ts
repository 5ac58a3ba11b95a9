/** What the server says about itself: index page, `/v1/config`, `/v1/status`, `/metrics`, `/v1/compile`. */
import { errorReply, type Reply } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import type { Context } from './context.ts';
import { Envelope } from './envelope.ts';

export function indexPage({ version }: Context): Reply {
  const body = `<html>
<head><title>chaperone pdp</title></head>
<body>
<pre>
chaperone pdp: a policy decision point that speaks the REST API of the Open Policy Agent
</pre>
Version: ${version}<br>
</body>
</html>
`;
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

export function showConfig({ config }: Context, { search }: PdpRequest): Reply {
  return new Envelope(isParamSet(search, 'pretty')).add('result', config).reply();
}

export function showStatus({ plugins }: Context, { search }: PdpRequest): Reply {
  const status = plugins.shownStatus();
  if (status === null) return errorReply(500, 'internal_error', 'status plugin not enabled');
  return new Envelope(isParamSet(search, 'pretty')).add('result', status).reply();
}

export async function showMetrics({ metrics, store, plugins, openConnections }: Context): Promise<Reply> {
  const { generation, modules } = store.current();
  const connections = await openConnections();
  const body = metrics.show({ generation, policies: modules.size, connections }, plugins.metrics());
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
}

export function refuseCompile(): Reply {
  return errorReply(
    501,
    'invalid_operation',
    'partial evaluation is not available: ask /v1/data or /v1/query with the whole input',
  );
}
