import { OPAClient } from '@open-policy-agent/opa';
import { expect, test } from 'vitest';
import { aFolder, aPdp } from './servers.ts';

test("[req: pdp:client] OPA's TypeScript client asks, asks in batches and asks for the default decision", async () => {
  const folder = aFolder({
    'app.rego':
      'package app\n\ndefault allow := false\n\nallow if input.user == "alice"\n\nsaid := input\n\ntwice := 1\ntwice := input.other\n',
    'main.rego': 'package system\n\nmain := {"by": "default", "user": input.user}\n',
  });
  const { url } = await aPdp({ policies: [folder], decisionIds: true });
  const client = new OPAClient(url);
  expect(await client.evaluate('app/allow', { user: 'alice' })).toBe(true);
  expect(await client.evaluate('app/allow', { user: 'bob' })).toBe(false);
  expect(await client.evaluate('app/said', { deep: { list: [1, 'two', null] } })).toEqual({
    deep: { list: [1, 'two', null] },
  });
  expect(await client.evaluateDefault({ user: 'carol' })).toEqual({ by: 'default', user: 'carol' });
  expect(await client.evaluateBatch('app/allow', { a: { user: 'alice' }, b: { user: 'bob' } })).toEqual({
    a: true,
    b: false,
  });
  const mixed = await client.evaluateBatch('app/twice', { good: { other: 1 }, bad: { other: 2 } });
  expect(mixed['good']).toBe(1);
  expect(mixed['bad']).toMatchObject({ httpStatusCode: '500', code: 'internal_error' });
  await expect(client.evaluate('app/twice', { other: 2 })).rejects.toThrow();
});
