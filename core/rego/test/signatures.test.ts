import { withoutEvaluation } from '../src/builtins/names.ts';
import { nodeHost } from '../src/node/index.ts';
import { expect, test } from 'vitest';
import { createBuiltins } from '../src/builtins/index.ts';
import { hasSignature, signatureNames, Signatures } from '../src/builtins/signatures.ts';
import { showType } from '../src/types/show.ts';

test('every line of the table can be read', () => {
  const signatures = new Signatures();
  const names = [...signatureNames()];
  expect(names.length).toBeGreaterThan(200);
  for (const name of names) expect(signatures.get(name)?.name).toBe(name);
  expect(showType(signatures.type('time.format'))).toBe(
    '(any<number, array<number, string>, array<number, string, string>>) => string',
  );
  expect(signatures.get('walk')).toMatchObject({ relation: true, nondeterministic: false });
  expect(signatures.get('minus')).toMatchObject({ infix: '-' });
  expect(signatures.get('re_match')).toMatchObject({ deprecated: true });
  expect(signatures.get('nope')).toBeNull();
});

test('what is built in takes as many arguments as the table says', () => {
  const signatures = new Signatures();
  for (const [name, { arity }] of createBuiltins(withoutEvaluation(nodeHost()))) {
    expect([name, hasSignature(name)]).toEqual([name, true]);
    const type = signatures.get(name)?.type;
    if (type?.variadic === null) expect([name, arity]).toEqual([name, type.args.length]);
  }
});
