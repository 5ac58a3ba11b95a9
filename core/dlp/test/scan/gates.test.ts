import { expect, test } from 'vitest';
import type { Detector } from '../../src/detector.ts';
import { detectors as shipped } from '../../src/detectors/index.ts';
import { Net } from '../../src/scan/filter/net.ts';
import { outlineOf } from '../../src/scan/filter/outline.ts';
import type { Kernel } from '../../src/scan/kernel.ts';
import { kernelOf } from '../../src/scan/kernel.ts';
import { pivotOf } from '../../src/scan/pivot.ts';
import type { Plan } from '../../src/scan/plan.ts';
import { planOf } from '../../src/scan/plan.ts';
import { lookBehind } from '../../src/scan/reach.ts';
import { Scanner } from '../../src/scan/scanner.ts';

const byWords = shipped.filter(({ find }) => find.on !== 'digits');

type Asked = { readonly detector: number; readonly from: number; readonly to: number };

/** Who is asked at the words of a text, in a window of its own. */
function askedIn(kernel: Kernel, plan: Plan, text: string): Asked[] {
  for (let at = 0; at < text.length; at++) kernel.window[at] = text.charCodeAt(at);
  plan.asking.searched.fill(0);
  const hits = kernel.findWords(0, text.length, 0);
  const all: Asked[] = [];
  for (let hit = 0; hit < hits;) {
    const { count, next } = kernel.ask(hit, hits, 0, text.length);
    for (let at = 0; at < count * 4; at += 4) {
      const [detector = 0, from = 0, to = 0] = kernel.asked.subarray(at, at + 4);
      all.push({ detector, from: from - kernel.windowAt, to: to - kernel.windowAt });
    }
    expect(next).toBeGreaterThan(hit);
    hit = next;
  }
  return all;
}

function setUp(detectors: readonly Detector[]): { plan: Plan; kernel: Kernel } {
  const plan = planOf(detectors);
  return { plan, kernel: kernelOf(plan.automaton, 4_096, plan.digits.least, plan.asking) };
}

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % below;
  };
}

test('no gate of a shipped pattern is closed where the pattern matches', () => {
  const { plan, kernel } = setUp(byWords);
  const random = randomOf(7);
  const glue = [' ', '=', '"', ': ', '\n', '-', '.', '_', 'key', 'token', '\xc3\xa9', '@', '/', ' is ', 'Ab'];
  let matches = 0;
  let finders = 0;
  let asked = 0;
  for (const [index, { find, pattern, gate }] of byWords.entries()) {
    if (index % 9 !== 0 || gate) continue;
    const words = find.on === 'words' ? find.words : ['a@b.org', '@'];
    let text = '';
    while (text.length < 400) {
      text += words[random(words.length)] ?? '';
      text += glue[random(glue.length)] ?? '';
      for (let left = random(44); left > 0; left--) text += '0123456789abcdefABCDEF'[random(22)] ?? '';
      text += glue[random(glue.length)] ?? '';
    }
    const who = askedIn(kernel, plan, text).filter(({ detector }) => detector === index);
    asked += who.length;
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
    const area = plan.areas[index];
    const lower = text.toLowerCase();
    const places = (find.on === 'words' ? find.words : ['@']).flatMap((word) => placesOf(lower, word));
    finders += places.length;
    for (const place of places) {
      const [from, to] = area ? [Math.max(0, place - area.before), place + area.after] : [place, place + 1];
      // What is searched sees this much ahead of where it begins.
      for (let at = from; at < to; at++) {
        sticky.lastIndex = at;
        const end = area ? to + area.tail : text.length;
        const piece = text.slice(Math.max(0, from - lookBehind), end);
        sticky.lastIndex = at - Math.max(0, from - lookBehind);
        if (!sticky.test(piece)) continue;
        matches += 1;
        const isAsked = who.some(({ from: first, to: last }) => first <= at && at < last);
        expect(isAsked, `${pattern.source} at ${at} of ${text}`).toBe(true);
      }
    }
  }
  expect(matches).toBeGreaterThan(500);
  expect(asked).toBeLessThan(finders);
});

test('a gate of its own is open wherever the check keeps what the pattern matches', () => {
  const names = [
    'secret',
    'api_key',
    'Token',
    'accessKey',
    'client secret',
    'key_passphrase',
    'auth',
    'jwt 1',
  ];
  const forms: readonly ((name: string, value: string) => string)[] = [
    (name, value) => `${name}=${value}`,
    (name, value) => `"${name}": "${value}",`,
    (name, value) => `${name} : string = '  ${value}'`,
    (name, value) => `${name} = os.get("X_Y", "${value}")`,
    (name, value) => `("${name}", "${value}")`,
    (name, value) => `"${name}" value="${value}"`,
    (name, value) => `<${name}> ${value} </${name}>`,
    (name, value) => `${name}("${value}")`,
    (name, value) => `["${name}"] || "${value}"`,
    (name, value) => `${name} is ${value}`,
    (name, value) => `${name} '${value}'`,
    (name, value) => `--${name} ${value} x`,
    (name, value) => `${name} for the ${value}\n`,
  ];
  const values = [
    'kX9fQ2vT7mB4wL8z',
    'qWxZvKjTgHbNpLmRsDfC',
    'Tr0ub4dor&3',
    '1a-B2c',
    'abcdefghijklmnopqrst',
    '314159265358979323',
    'correct-horse',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    `${'aB3'.repeat(500)}x`,
  ];
  let kept = 0;
  for (const one of byWords.filter(({ gate }) => gate)) {
    const { plan, kernel } = setUp([one]);
    const sticky = new RegExp(one.pattern.source, `${one.pattern.flags}y`);
    for (const name of names)
      for (const form of forms)
        for (const value of values) {
          const text = form(name, value);
          const open = new Set(askedIn(kernel, plan, text).map(({ from }) => from));
          for (let at = 0; at < text.length; at++) {
            sticky.lastIndex = at;
            const match = sticky.exec(text);
            const found = match?.groups?.['value'] ?? match?.[0];
            const isPlace =
              one.find.on === 'words' &&
              one.find.words.some((word) => text.toLowerCase().startsWith(word, at));
            if (match === null || found === undefined || !isPlace || one.check?.(found, match) === false)
              continue;
            kept += 1;
            expect(open, `${text} at ${at}`).toContain(at);
          }
        }
  }
  expect(kept).toBeGreaterThan(300);
});

function placesOf(text: string, word: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

function made(more: Pick<Detector, 'find' | 'pattern'>, id = 'made'): Detector {
  return {
    id,
    class: 'made',
    name: 'Made up',
    token: 'MADE',
    confidence: { alone: 75, supported: 85 },
    source: 'made up',
    ...more,
  };
}

const here = (words: string[], pattern: RegExp): Detector =>
  made({ find: { on: 'words', words, at: 'here' }, pattern });
const near = (words: string[], pattern: RegExp): Detector =>
  made({ find: { on: 'words', words, at: { before: 8, after: 8 } }, pattern });

test.each([
  [
    here(['key'], /key\d\b/i),
    'KEY1 key key12 monkey3',
    [
      [0, 1],
      [18, 19],
    ],
  ],
  [here(['key'], /\bkey\d/), 'key1 xkey2', [[0, 1]]],
  // At the end of a text nothing follows.
  [here(['key'], /key$/), 'key key', [[4, 5]]],
  [near(['word'], /\d{2}/), '12 word', [[0, 7]]],
  [near(['word'], /\d{2}/), '12 3456789 word 1', [[3, 17]]],
  [near(['word'], /\d{2}/), 'word abcdefgh 12', []],
  // Only what leads to the byte that every match has.
  [near(['word'], /a:b/), 'a word a:b', [[7, 9]]],
  [near(['word'], /a+:b/), 'aa:b waa:b word', [[6, 9]]],
  [near(['word'], /a{1,3}:b:/), 'a:b: a word ab: aa:b:', [[0, 2]]],
  [near(['word'], /a:b/), 'a word ab: c:b a:', []],
  [made({ find: { on: 'at' }, pattern: /\w+@\w+/ }), '@x x@ @ @', []],
  [made({ find: { on: 'at' }, pattern: /\w+@\w+/ }), '@x x@ @ x@y', [[8, 10]]],
  [made({ find: { on: 'at' }, pattern: /[\w@]+@\w/ }), 'x@@x x@', [[0, 3]]],
])('gate %#', (detector, text, expected) => {
  const { plan, kernel } = setUp([detector]);
  expect(askedIn(kernel, plan, text).map(({ from, to }) => [from, to])).toEqual(expected);
});

test('what a pattern must have is found in it whatever stands around, and not where it may be left out', () => {
  const pivot = (pattern: RegExp): number | undefined => {
    const net = new Net();
    const outline = outlineOf(pattern);
    if (outline) net.add(outline, 0);
    return pivotOf(net)?.byte;
  };
  expect(pivot(/a{0,3}(?:@|b@)c/)).toBe(64);
  expect(pivot(/(?:\d:){2,}/)).toBe(58);
  expect(pivot(/a@?b/)).toBeUndefined();
  expect(pivot(/a(?:@|-)b/)).toBeUndefined();
  expect(pivot(/(?=@)a/)).toBeUndefined();
});

test('more words than one answer of the kernel has room for are all asked at', () => {
  const scanner = new Scanner({ detectors: [here(['key'], /key\d/)] });
  const stream = scanner.open();
  const text = 'key1 '.repeat(20_000);
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  expect([...stream.push(bytes), ...stream.end()]).toHaveLength(20_000);
});

test('an automaton that would need more room than there is begins anew', () => {
  // Each state remembers which of the last bytes were an x.
  const detector = here(['key'], /key[xy]*x[xy]{16}z/);
  const { plan, kernel } = setUp([detector]);
  const random = randomOf(3);
  let asked = 0;
  for (let round = 0; round < 60; round++) {
    let text = 'key';
    for (let left = 440; left > 0; left--) text += 'xy'[random(2)] ?? '';
    const isMatch = random(2) === 1;
    text += `${isMatch ? 'x' : 'y'}${'xy'.repeat(8)}z`;
    const who = askedIn(kernel, plan, text).length;
    expect(who).toBe(isMatch ? 1 : 0);
    asked += who;
  }
  expect(asked).toBeGreaterThan(10);
});
