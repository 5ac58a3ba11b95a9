/** Credentials in bodies that no rule looks into: found before they are out. */
import { expect, test } from 'vitest';
import { GuardedBody } from '../../src/request/guarded-body.ts';
import { aWorld, allow, knownAs } from '../request/desk-fixture.ts';

const secret = 'sk-live-4f9a8b7c6d5e4f3a2b1c';

test.each([
  ['alone', secret],
  ['in JSON', JSON.stringify({ key: secret, more: 'x'.repeat(50) })],
  ['in a form', `a=1&key=${secret}&b=2`],
  ['in its last bytes', `${'padding '.repeat(1_000)}${secret}`],
])(
  '[req: egress:credentials] a known secret %s does not leave in a body that is not looked into',
  async (_where, body) => {
    const world = aWorld({ known: [knownAs('payroll', secret)] });
    const { refusal, body: out } = await world.send({}, body);
    expect(refusal).toMatchObject({ status: 403, reason: 'credential_provenance' });
    expect(out.toString()).not.toContain(secret);
    expect(world.refused).toMatchObject([{ reason: 'credential_provenance' }]);
    expect(JSON.stringify(world.refused)).not.toContain(secret);
  },
);

test('[req: egress:credentials] other bodies come out as they went in, also with a limit', async () => {
  const body = `${'word-'.repeat(10_000)} and ${'x'.repeat(40_000)} end-of-it`;
  const known = [knownAs('payroll', secret)];
  expect((await aWorld({ known }).send({}, body)).body.toString()).toBe(body);
  const limited = aWorld({
    known,
    policy: () => ({ ...allow, obligations: [{ kind: 'limit', max_bytes: 100 }] }),
  });
  expect((await limited.send({ length: undefined }, body)).refusal).toMatchObject({ status: 413 });
});

/** @returns what came out so far, and the error it ended with */
function guarded(): { body: GuardedBody; out: () => string; error: () => string | undefined } {
  const parts: Buffer[] = [];
  let failed: string | undefined;
  const body = new GuardedBody({
    look: (text) =>
      text.includes(secret) ? { status: 403, reason: 'found', message: '', decision: undefined } : undefined,
    passes: () => undefined,
  });
  body.on('data', (part: Buffer) => parts.push(part));
  body.on('error', (error: Error) => (failed = error.name));
  return { body, out: () => Buffer.concat(parts).toString('latin1'), error: () => failed };
}

const turn = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('[req: egress:credentials] nothing of a secret is out when its last piece comes', async () => {
  for (let at = 1; at < secret.length; at += 1) {
    const { body, out, error } = guarded();
    body.write(`before ${secret.slice(0, at)}`);
    await turn(0);
    body.write(`${secret.slice(at)} after`);
    await turn();
    expect(error()).toBe('RefusedBody');
    expect(out()).toBe('before ');
  }
});

test('[req: egress:credentials] who waits for an answer to what was said is not kept waiting', async () => {
  const { body, out } = guarded();
  body.write('a question that ends in a-long-word');
  await turn();
  expect(out()).toBe('a question that ends in ');
  await turn(400);
  expect(out()).toBe('a question that ends in a-long-word');
  body.end('-and-more');
  await turn();
  expect(out()).toBe('a question that ends in a-long-word-and-more');
});
