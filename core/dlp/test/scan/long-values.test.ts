import { expect, test } from 'vitest';
import { classify, defaultLimits, sourceOf } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';
import { madeBase64, madeKey } from '../made-secrets.ts';

const host = nodeDlpHost();
/** A window of the scanner, about which values are moved here. */
const windowBytes = 96 << 10;

/** Bytes of `secret` in [from, to) of `text` that no finding covers. */
function uncovered(text: string, secret: string): number {
  const at = text.indexOf(secret);
  const spans = classify(sourceOf(Buffer.from(text, 'latin1')), host, {
    ...defaultLimits,
    maxFindings: Infinity,
  }).findings.filter(({ token }) => token !== undefined);
  let open = 0;
  for (let byte = at; byte < at + secret.length; byte++)
    if (!spans.some(({ start, end }) => start <= byte && byte < end)) open += 1;
  return open;
}

const wrapped = (length: number): string => madeBase64(length).replaceAll(/.{64}/g, '$&\n').trim();
const dashes = '-'.repeat(5);
const pem = (length: number): string =>
  `${dashes}BEGIN RSA PRIVATE ${'KEY'}${dashes}\n${wrapped(length)}\n${dashes}END RSA PRIVATE ${'KEY'}${dashes}`;

const kinds: readonly (readonly [name: string, of: (length: number) => { text: string; secret: string }])[] =
  [
    [
      'a PEM key',
      (length) => {
        const secret = pem(length);
        return { text: secret, secret };
      },
    ],
    [
      'a secret of Kubernetes',
      (length) => {
        const secret = Buffer.from(pem(Math.floor((length * 3) / 4) - 100)).toString('base64');
        return { text: `apiVersion: v1\nkind: Secret\ndata:\n  tls.key: ${secret}\n`, secret };
      },
    ],
    [
      'a JSON web token',
      (length) => {
        const secret = `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')}.eyJ${madeKey(length)}.${madeKey(342)}`;
        return { text: `token: ${secret}\n`, secret };
      },
    ],
  ];

for (const [name, of] of kinds)
  for (const length of [1_000, 4_000, 8_000, 12_000, 16_000, 24_000])
    test(`${name} of ${length} bytes is covered as a whole, wherever it lies`, () => {
      const { text, secret } = of(length);
      for (const before of [
        0,
        windowBytes - length - 200,
        windowBytes - length / 2,
        windowBytes - 4_096,
        windowBytes - 20,
      ])
        expect(
          uncovered(`${' \n'.repeat(before / 2)}${text}\n${'some words\n'.repeat(4_000)}`, secret),
          `at ${before}`,
        ).toBe(0);
    });

test('a value that is longer than its pattern allows is covered up to its end', () => {
  const secret = madeKey(30_000);
  expect(uncovered(`client_secret=${secret}\n`, secret)).toBe(0);
});

test('of a secret of Kubernetes all values are covered, in any order of its fields', () => {
  const values = `  a: ${madeBase64(24_000)}\n  b: ${madeBase64(400, 9)}\n`;
  for (const text of [
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ntype: Opaque\ndata:\n${values}`,
    `apiVersion: v1\ndata:\n${values}kind: Secret\nmetadata:\n  name: x\n`,
  ])
    expect(uncovered(text, values.trim())).toBe(0);
});
