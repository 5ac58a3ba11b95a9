import { expect, test } from 'vitest';
import { cut, cutClean, drip, endless, hang, noRetry, own, raw, reset } from './behaviours.ts';
import { allow, answers, aPep, aServer, type Behaviour, input, wire } from './servers.ts';

test.each<[string, string, Behaviour]>([
  ['that hangs', 'pdp_timeout', hang],
  ['that drips', 'pdp_timeout', drip],
  ['that resets', 'pdp_unreachable', reset],
  ['that resets in the body', 'pdp_unreachable', cut],
  ['that ends in the body', 'pdp_unreachable', cutClean],
  ['that never ends', 'pdp_invalid', endless],
  ['with status 500', 'pdp_error', answers(allow, 500)],
  ['with status 502', 'pdp_unreachable', answers(allow, 502)],
  ['with status 503', 'pdp_overloaded', answers(allow, 503)],
  ['with status 429', 'pdp_overloaded', answers(allow, 429)],
  ['with status 404', 'pdp_refused', answers(allow, 404)],
  ['with status 401', 'pdp_refused', answers(allow, 401)],
  ['with a redirect', 'pdp_refused', answers(allow, 307, ['Location: http://127.0.0.1:1/'])],
  ['with status 201', 'pdp_invalid', answers(allow, 201)],
  ['that claims gzip', 'pdp_invalid', answers(allow, 200, ['Content-Encoding: gzip'])],
  ['with HTML', 'pdp_invalid', (socket) => void socket.write(html)],
  ['with bad JSON', 'pdp_invalid', raw('{"result": {"allow": true}')],
  ['with two answers', 'pdp_invalid', raw('{"result":{"allow":false,"\\u0061llow":true}}')],
  ['with bytes that are no text', 'pdp_invalid', (socket) => void socket.write(notUtf8)],
  ['with a list', 'pdp_invalid', raw('[true]')],
  ['with an unknown field', 'pdp_invalid', raw('{"result":{"allow":true,"obligation":[]}}')],
  ['with an unknown outer field', 'pdp_invalid', raw('{"result":true,"warning":{}}')],
  ['with __proto__', 'pdp_invalid', raw('{"__proto__":{"result":true}}')],
  ['with null', 'pdp_invalid', raw('{"result":null}')],
  ['with "true"', 'pdp_invalid', raw('{"result":{"allow":"true"}}')],
  ['with a long decision id', 'pdp_invalid', raw(`{"decision_id":"${'x'.repeat(300)}","result":true}`)],
  ['with an obligation nobody handles', 'unknown_obligation', answers(redact())],
  ...[
    { effect: 'deny' },
    { allow: false },
    { allow: 1 },
    { allow: 'true' },
    { effect: null },
    { reason: 'default_deny' },
    { reason: 'pep_fail_open' },
    { reason: undefined },
    { would_deny: true },
    { would_deny: false },
    { mode: 'off' },
    { revision: undefined },
    { obligations: undefined },
    { obligations: [{ kind: 'redact', x: 1 }] },
    { carried_out: [{ kind: 'nothing' }] },
    { rules: [1] },
    { message: 7 },
    { decision_id: 'd-2' },
    { decision_id: 7 },
    { more: true },
  ].map((changes): [string, string, Behaviour] => {
    const name = `of ours with ${JSON.stringify(changes)} ${Object.keys(changes).join()}`;
    return [name, 'pdp_invalid', answers(own(changes))];
  }),
  [
    'of ours with a duty nobody has',
    'unknown_obligation',
    answers(own({ obligations: [{ kind: 'redact' }] })),
  ],
  ['that is no HTTP', 'pdp_unreachable', (socket) => void socket.end('SSH-2.0-OpenSSH\r\n')],
])('[req: pep:strict] an answer %s is a deny: %s', async (_what, reason, behaviour) => {
  const { url } = await aServer([behaviour]);
  const pep = aPep({ url, ...noRetry, deadlineMs: 400, maxResponseBytes: 100_000 });
  const begun = performance.now();
  expect(await pep.decide(input)).toMatchObject({ effect: 'deny', reason, obligations: [] });
  expect(performance.now() - begun).toBeLessThan(1200);
});

const notUtf8 = wire(200, Buffer.from('{"result":{"allow":true,"message":"\xff"}}', 'latin1'));
const html = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n{"result":true}';
function redact(): unknown {
  return { result: { allow: true, obligations: [{ kind: 'redact' }] } };
}
