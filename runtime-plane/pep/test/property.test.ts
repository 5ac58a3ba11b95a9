import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from '../src/answer.ts';
import { aPep, aServer, input, wire } from './servers.ts';

const handled = new Set(['notify', 'redact'] as const);

/**
 * What a well-formed allow is, said a second time and in another way: as the only texts that are one, up to white space
 * and the order of names.
 */
function isExactlyAnAllow(text: string): boolean {
  const names = [...text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, name]) =>
    name?.replace('\\u0061', 'a'),
  );
  // No generator below nests an object where a name may come twice with good reason, except obligations.
  const inner = names.filter((name) => name === 'allow' || name === 'result');
  if (new Set(inner).size !== inner.length) return false;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (!isObject(value) || !isOneOf(Object.keys(value), ['result', 'decision_id', 'metrics', 'provenance']))
    return false;
  const { result, decision_id: id } = value;
  if (id !== undefined && (typeof id !== 'string' || !/^[!-~]{1,256}$/.test(id))) return false;
  if (result === true) return true;
  if (!isObject(result) || result['allow'] !== true) return false;
  if (!isOneOf(Object.keys(result), ['allow', 'reason', 'message', 'obligations', 'rules'])) return false;
  const { reason = '', message = '', rules = [], obligations = [] } = result;
  return (
    [reason, message].every(isText) &&
    Array.isArray(rules) &&
    rules.every(isText) &&
    Array.isArray(obligations) &&
    obligations.every(
      (one: unknown) =>
        isObject(one) &&
        ((one['kind'] === 'notify' && isOneOf(Object.keys(one), ['kind'])) ||
          (one['kind'] === 'redact' &&
            isOneOf(Object.keys(one), ['kind', 'classes']) &&
            (one['classes'] === undefined ||
              (Array.isArray(one['classes']) && one['classes'].every(isText))))),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isOneOf(names: readonly string[], known: readonly string[]): boolean {
  return names.every((name) => known.includes(name));
}
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 1000;
}

/** Mostly right, now and then wrong: what is wholly random is never close to an allow. */
function mostly(good: readonly unknown[], bad: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

function mostlyNamed(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: string,
  extra: string,
): fc.Arbitrary<Record<string, unknown>> {
  const known = fc.record(fields, { requiredKeys: [required] });
  const more = known.map((value) => ({ ...value, [extra]: true }));
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: more });
}

const obligations = mostly(
  [[], [{ kind: 'notify' }], [{ kind: 'redact', classes: ['pii'] }, { kind: 'notify' }]],
  [
    [{ kind: 'redact', class: ['pii'] }],
    [{ kind: 'terminate' }],
    [{ kind: 'toString' }],
    ['notify'],
    { kind: 'notify' },
    null,
  ],
);
const rich = mostlyNamed(
  {
    allow: mostly([true], [false, 'true', 1, null, {}]),
    reason: mostly(['x', ''], [null, 1, 'x'.repeat(1001)]),
    rules: mostly([[], ['r']], ['r', [1], null]),
    obligations,
  },
  'allow',
  'alow',
);
const nearly = mostlyNamed(
  {
    result: fc.oneof(
      { weight: 1, arbitrary: mostly([true], [false, null, 'true', 1, [], [true]]) },
      { weight: 4, arbitrary: rich },
    ),
    decision_id: mostly(['d'], ['', 'a b', 7, null]),
  },
  'result',
  'warning',
);

const text = fc.oneof(
  nearly.map((value) => JSON.stringify(value)),
  nearly.map((value) => JSON.stringify(value, null, 2)),
  fc.json(),
  // One character of a good answer replaced, doubled or gone.
  fc
    .tuple(nearly, fc.nat(), fc.constantFrom('', '"', '{', ',', ' ', '\\', 't', '\0', '\uFEFF'), fc.nat(1))
    .map(([value, at, what, gone]) => {
      const good = JSON.stringify(value);
      const from = at % (good.length + 1);
      return good.slice(0, from) + what + good.slice(from + gone);
    }),
  nearly.map((value) => JSON.stringify(value).replace('"result"', '"result":false,"result"')),
  nearly.map((value) => JSON.stringify(value).replace('"allow"', '"allow":false,"\\u0061llow"')),
  fc.string({ unit: 'binary' }),
);

test('[req: pep:strict] whatever the text of an answer, it is an allow exactly when it is a well-formed one', () => {
  let allows = 0;
  fc.assert(
    fc.property(text, (answer) => {
      const { effect } = readAnswer(Buffer.from(answer), { handled, attempts: 1 });
      allows += effect === 'allow' ? 1 : 0;
      expect(effect).toBe(isExactlyAnAllow(answer) ? 'allow' : 'deny');
    }),
    { numRuns: 5000 },
  );
  // A generator that never reaches an allow would prove nothing.
  expect(allows).toBeGreaterThan(500);
});

test('[req: pep:strict] whatever bytes come over the wire, nothing but a well-formed allow allows', async () => {
  const answer = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.constantFrom(200, 200, 204, 301, 500), fc.uint8Array({ maxLength: 100 }))
      .map(([status, bytes]) => wire(status, Buffer.from(bytes))),
    fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
      const good = wire(200, '{"result":{"allow":false}}');
      good[at % good.length] = byte;
      return good;
    }),
    fc.nat().map((at) => {
      const good = wire(200, '{"result":{"allow":true}}');
      return good.subarray(0, at % good.length);
    }),
  );
  let bytes: Buffer = Buffer.alloc(0);
  const { url } = await aServer([(socket) => void socket.end(bytes)]);
  const pep = aPep({ url, retries: { attempts: 1 }, breaker: { failures: 0 }, deadlineMs: 500 });
  await fc.assert(
    fc.asyncProperty(answer, async (next) => {
      bytes = next;
      expect((await pep.decide(input)).effect).toBe('deny');
    }),
    { numRuns: 400 },
  );
});
