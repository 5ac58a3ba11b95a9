import { expect, test } from 'vitest';
import {
  classify,
  defaultLimits,
  exactIndexOf,
  fingerprintsOf,
  parseCustom,
  Scanner,
  sourceOf,
} from '../../src/index.ts';
import type { Classification } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';

const host = nodeDlpHost();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function classified(data: unknown, text: string, now: () => number = () => 0): Classification {
  const custom = { definitions: parseCustom(data), host: { ...host, now } };
  const scanner = new Scanner({ detectors: [], custom });
  return classify(sourceOf(bytes(text)), host, defaultLimits, scanner);
}

const staff = {
  id: 'acme.staff',
  class: 'custom.staff',
  name: 'Staff number',
  pattern: String.raw`(?:Ä|E)-\d{6}\b`,
  anchors: ['Personal', 'größe'],
  within: 40,
};

test('a pattern of a customer is found near one of its words, and nowhere else', () => {
  const text = `PERSONALnummer E-123456${' '.repeat(200)}E-654321${' '.repeat(200)}Größe Ä-111222`;
  const { findings } = classified({ patterns: [staff] }, text);
  expect(findings.map(({ start, end }) => Buffer.from(bytes(text)).toString('utf8', start, end))).toEqual([
    'E-123456',
    'Ä-111222',
  ]);
});

test('a pattern that takes too long finds nothing more, and that is reported', () => {
  let clock = 0;
  const slow = (): number => (clock += 200);
  const text = `personal E-123456 ${'x '.repeat(900)}`.repeat(4);
  const { findings, problems, complete } = classified({ patterns: [staff] }, text, slow);
  expect(findings.length).toBeLessThan(4);
  expect(problems).toMatchObject([{ code: 'timeout' }]);
  expect(problems[0]?.detail).toContain('acme.staff');
  expect(complete).toBe(false);
});

test.each([
  ['a+', 'without end'],
  ['a{2,}', 'without end'],
  ['(?:a{1,3}b){1,4}', 'repeat within a repeat'],
  ['(?:a|ab){1,9}', 'alternatives'],
  ['a{0,900}', 'more than 500'],
  ['a{0,400}b{0,400}c', 'too many'],
  [String.raw`(a)\1`, 'refers back'],
  ['(?i:key|token) [0-9]{4}', 'flag within a group'],
  ['[ä]', 'outside of ASCII'],
  ['(', 'not a regular expression'],
])('the pattern %s is refused', (pattern, message) => {
  expect(() => parseCustom({ patterns: [{ ...staff, pattern }] })).toThrow(message);
});

test('definitions are refused with the place and the reason', () => {
  expect(() => parseCustom([])).toThrow('dlp must be an object');
  expect(() => parseCustom({ regexes: [] })).toThrow('unknown field "regexes"');
  expect(() => parseCustom({ patterns: [{ ...staff, anchors: [] }] })).toThrow(
    'dlp.patterns[0].anchors needs',
  );
  expect(() => parseCustom({ patterns: [staff, staff] })).toThrow('used twice');
  expect(() => parseCustom({ patterns: [{ ...staff, confidence: 90 }] })).toThrow('must be 85, 75 or 65');
  expect(() => parseCustom({ exact: [{ ...staff, pattern: undefined }] })).toThrow('dlp.exact[0]');
});

test('words of a list count by weight, each once, as words of their own', () => {
  const data = {
    dictionaries: [
      { id: 'moles', class: 'custom.project', words: { 'Blue Mole': 2, burrow: 1, Grün: 1 }, threshold: 3 },
    ],
  };
  expect(classified(data, 'blue mole, BLUE MOLE, burrows').classes).toEqual([]);
  const { classes, findings } = classified(data, 'blue mole, BLUE MOLE, burrow');
  expect(classes).toEqual([{ class: 'custom.project', count: 3, distinct: 2, confidence: 75 }]);
  expect(findings.map(({ start }) => start)).toEqual([0, 11, 22]);
  expect(classified(data, 'GRÜN blue mole').classes).toHaveLength(1);
});

test('exact data is found where two columns of one row stand together', () => {
  const key = bytes('a key of the customer');
  const hash = (secret: Uint8Array, value: Uint8Array): Uint8Array =>
    host.keyedHash?.(secret, value) ?? value;
  const rows = [
    ['Jörg van Dam', '+31 6 1234 5678', 'C-99'],
    ['Ann Lee', '070-555 1234', 'C-77'],
  ];
  const data = {
    exact: [
      {
        id: 'crm',
        class: 'custom.client',
        key: btoa(String.fromCharCode(...key)),
        ...exactIndexOf(rows, key, hash),
      },
    ],
  };
  expect(classified(data, 'Call jörg VAN dam, number C-99').classes).toMatchObject([
    { class: 'custom.client', count: 2 },
  ]);
  expect(classified(data, 'Call Jörg van Dam, number C-77').classes).toEqual([]);
  expect(classified(data, `Ann Lee${' .'.repeat(200)} C-77`).classes).toEqual([]);
});

test('an excerpt of a document is known again, what it shares with others is not', () => {
  const sentence = (n: number): string => `The ${n * 7919} moles of burrow ${n * 104_729} met at ${n * 31}. `;
  const many = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, n) => sentence(from + n)).join('');
  const licence = many(900, 960);
  const [print = ''] = fingerprintsOf([bytes(licence + many(0, 100))], [bytes(licence)]);
  const data = { fingerprints: [{ id: 'plan', class: 'custom.plan', name: 'Plan', prints: print }] };
  const { findings, classes } = classified(
    data,
    `${many(500, 520)}${many(40, 60).toUpperCase()}${many(520, 540)}`,
  );
  expect(classes).toMatchObject([{ class: 'custom.plan', count: 1 }]);
  expect(findings[0]?.why[0]).toContain('Plan');
  expect(classified(data, licence + many(500, 600)).classes).toEqual([]);
});
