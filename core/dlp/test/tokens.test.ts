import { describe, expect, test } from 'vitest';
import type { Detector } from '../src/detector.ts';
import { base62Checksum, crc32 } from '../src/detectors/tokens/checksums.ts';
import { tokenDetectors } from '../src/detectors/tokens/index.ts';
import { tokenShapes } from '../src/detectors/tokens/shapes/index.ts';
import { charactersOf, parseTemplate } from '../src/detectors/tokens/template.ts';
import { referenceScan } from '../src/scan/reference.ts';
import { randomFrom } from './random.ts';
import { exampleOf } from './token-examples.ts';

const byId = new Map(tokenDetectors.map((detector) => [detector.id, detector]));
function detectorOf(id: string): Detector {
  const detector = byId.get(id);
  if (!detector) throw new Error(`no detector ${id}`);
  return detector;
}
const found = (id: string, text: string): string[] =>
  referenceScan(text, [detectorOf(id)]).map(({ start, end }) => text.slice(start, end));

test('at least 250 services, each detector with its own id and words that can be searched for', () => {
  expect(new Set(tokenDetectors.map((detector) => detector.class)).size).toBeGreaterThan(250);
  expect(byId.size).toBe(tokenDetectors.length);
  for (const { id, find, token, source } of tokenDetectors) {
    if (find.on !== 'words') throw new Error(`${id} is not found by words`);
    for (const word of find.words) {
      expect(word.length, `${id}: ${word}`).toBeGreaterThanOrEqual(3);
      expect(word).toBe(word.toLowerCase());
    }
    expect(token).toMatch(/^[A-Z0-9_]+$/);
    expect(source.length).toBeGreaterThan(20);
  }
});

describe.each(tokenShapes)('$id', ({ id, shapes, isWeak }) => {
  const random = randomFrom(id.length * 7919 + shapes.length);

  test('is found in each of its forms, whatever stands around it', () => {
    for (const shape of shapes) {
      const value = exampleOf(shape, random);
      for (const text of [
        value,
        `x = '${value}';`,
        `{"a":"b\\n${value}\\n"}`,
        `<v>${value}</v>`,
        `[${value}]`,
      ])
        expect(found(id, text), text).toContainEqual(value);
    }
  });

  test('says how sure it is', () => {
    const [hit] = shapes.flatMap((shape) =>
      referenceScan(`- ${exampleOf(shape, random)} -`, [detectorOf(id)]),
    );
    if (!isWeak) expect(hit?.confidence).toBeGreaterThanOrEqual(75);
    else expect(hit?.confidence).toBe(65);
  });

  test('is not found when masked', () => {
    for (const shape of shapes) {
      const masked = shape.parts
        .map((part) => (part.kind === 'text' ? part.text : 'x'.repeat(part.min)))
        .join('');
      if (shape.parts.some((part) => part.kind === 'set' && part.min >= 16))
        expect(found(id, masked)).toEqual([]);
    }
  });

  test('is not found with a character too few or too many', () => {
    const [only] = shapes;
    const last = only?.parts.at(-1);
    if (!only || shapes.length > 1 || last?.kind !== 'set' || last.min !== last.max) return;
    const value = exampleOf(only, random);
    expect(found(id, value.slice(0, -1))).toEqual([]);
    expect(found(id, `${value}${charactersOf(last.set)[0]}`)).toEqual([]);
    expect(found(id, `${charactersOf('alnum')}${value}`).length).toBeLessThanOrEqual(
      /^\w/.test(value) ? 0 : 1,
    );
  });
});

test('CRC-32 and its six digits of base 62 are the standard ones', () => {
  expect(crc32('123456789')).toBe(0xcb_f4_39_26);
  expect(base62Checksum('')).toBe('000000');
  expect(base62Checksum('123456789')).toBe('3jZRME');
});

test('a right checksum is named; a wrong one makes a GitHub or npm token less sure, and does not lose it', () => {
  const random = exampleOf(parseTemplate('{alnum:30}'), randomFrom(5));
  for (const [id, prefix] of [
    ['github.personal_token', 'ghp_'],
    ['npm.access_token', 'npm_'],
  ] as const) {
    const right = prefix + random + base62Checksum(random);
    const [sure] = referenceScan(right, [detectorOf(id)]);
    expect(sure?.confidence).toBe(85);
    expect(sure?.why.join()).toContain('checksum is right');
    const [unsure] = referenceScan(prefix + random + base62Checksum(`${random}.`), [detectorOf(id)]);
    expect(unsure?.confidence).toBe(75);
  }
});

test('a made-up token of an example is in the low band', () => {
  const text = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('');
  expect(referenceScan(text, [detectorOf('aws.access_key_id')])[0]?.confidence).toBe(65);
});

test('a template names its sets', () => {
  expect(() => parseTemplate('x{nosuch:3}')).toThrow('no such set');
  expect(parseTemplate('ab{hex:4}cde{digit:1-2}')).toMatchObject({
    anchor: { text: 'cde', before: 6 },
    maxLength: 11,
    description: '"ab", 4 hexadecimal digits, "cde", 1 to 2 digits',
  });
});
