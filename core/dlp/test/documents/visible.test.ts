/** What is left of bytes that are no text: all that says something, with what stands around it. */
import { expect, test } from 'vitest';
import { documentsKernel } from '../../src/documents/kernel.ts';
import { visible } from '../../src/documents/visible.ts';
import { classify, sourceOf } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';
import { dice } from './samples.ts';
import { latin } from './texts.ts';

const leastRun = 12;
const step = 65_536;

function noise(length: number, roll: (below: number) => number): Uint8Array {
  return Uint8Array.from({ length }, () => roll(256));
}

/** Noise that begins as a picture does, with `text` at `at`, control characters around it. */
function hidden(text: Uint8Array, at: number, length: number): Uint8Array {
  const bytes = noise(length, dice(at));
  bytes.set(latin('\x89PNG\r\n\x1a\n'));
  bytes.fill(1, at - 1, at + text.length + 1);
  bytes.set(text, at);
  return bytes;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test('most of noise is left out, all of a text stays', () => {
  const bytes = noise(1 << 18, dice(1));
  expect(visible(sourceOf(bytes), 0, bytes.length).length).toBeLessThan(bytes.length / 20);
  const text = utf8('Grüße, and nothing else. '.repeat(20_000));
  expect(visible(sourceOf(text), 0, text.length)).toEqual(text);
  expect(visible(sourceOf(new Uint8Array(1 << 18)), 0, 1 << 18).length).toBe(0);
  const short = noise(1000, dice(2));
  expect(visible(sourceOf(short), 0, 1000)).toEqual(short);
});

test.each([
  ['an IBAN', utf8('DE89370400440532013000'), 'pii.iban'],
  ['one in full-width digits', utf8('DE８９３７０４００４４０５３２０１３０００'), 'pii.iban'],
  ['a card number', utf8('4111 1111 1111 1111'), 'financial.card'],
  ['a short address', utf8('mail ann@xy.de'), 'pii.email'],
])('%s between bytes that are no text is found wherever it lies', (_, text, name) => {
  const host = nodeDlpHost();
  const without = classify(sourceOf(hidden(utf8('\0'), 9, 3 * step)), host).classes.map((one) => one.class);
  expect(without).not.toContain(name);
  for (const at of [9, 5_000, step - 1, step - 7, step, step + 3, 2 * step - text.length, 3 * step - 80]) {
    const found = classify(sourceOf(hidden(text, at, 3 * step)), host);
    expect(
      found.classes.some((one) => one.class.startsWith(name)),
      `at ${at}: ${JSON.stringify(found.classes)}`,
    ).toBe(true);
  }
});

test('what stands up to 300 bytes away from a value stays with it', () => {
  const bytes = hidden(utf8('DE89370400440532013000'), 40_000, step);
  const text = visible(sourceOf(bytes), 0, step);
  const at = latinOf(text).indexOf('DE8937');
  expect(text.subarray(at - 300, at + 322)).toEqual(bytes.subarray(40_000 - 300, 40_000 + 322));
});

test('runs are what a slow look finds', () => {
  const roll = dice(20_261_122);
  for (let round = 0; round < 4_000; round += 1) {
    const bytes = noise(1 + roll(300), roll);
    const density = roll(4);
    for (let at = 0; at < bytes.length; at += 1)
      if (roll(4) < density) bytes[at] = 0x20 + roll(0x5f) + (roll(40) === 0 ? 0xa0 : 0);
    const { places, count } = documentsKernel().runs(bytes, bytes.length, leastRun);
    expect([...places.subarray(0, count)]).toEqual(slowRuns(bytes));
  }
});

function slowRuns(bytes: Uint8Array): number[] {
  const isText = new Uint8Array(bytes.length);
  const isMore = (at: number): boolean => at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80;
  for (const [at, byte] of bytes.entries()) {
    if ((byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13) isText[at] = 1;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : 2;
    if (byte < 0xc2 || byte > 0xf4) continue;
    if ([1, 2, 3].slice(0, length - 1).every((more) => isMore(at + more))) isText.fill(1, at, at + length);
  }
  const found: number[] = [];
  for (let from = isText.indexOf(1); from >= 0;) {
    const next = isText.indexOf(0, from);
    const to = next < 0 ? bytes.length : next;
    if (
      to === bytes.length ||
      bytes.subarray(from, to).filter((byte) => (byte & 0xc0) !== 0x80).length >= leastRun
    )
      found.push(from, to);
    from = isText.indexOf(1, to);
  }
  return found;
}

const latinOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
