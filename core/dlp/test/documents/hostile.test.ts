/** Hostile and truncated documents: none crashes, hangs, exceeds its caps, or passes as clean when it could not be read. */
import { describe, expect, test } from 'vitest';
import { classify, defaultLimits, sourceOf } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';
import { dice, mutated, samples, secret } from './samples.ts';
import { readAll } from './texts.ts';

const seed = Number(process.env['CHAPERONE_HOSTILE_SEED'] ?? 20_261_122);
const count = Number(process.env['CHAPERONE_HOSTILE_COUNT'] ?? 10_000);
const limits = {
  ...defaultLimits,
  maxBytes: 1 << 20,
  maxEntryBytes: 1 << 18,
  maxTotalBytes: 1 << 20,
  maxEntries: 200,
  maxMs: 5_000,
};
const all = samples();
const hangMs = 20_000;
/** Less than a heading of any of the formats: that is no document any more. */
const shortest = 24;
/** A remainder of so few bytes, without any heading, may be a text as well: then that is what was read. */
const shortestOfText = 200;

test.each(all.map(({ name, bytes }) => [name, bytes] as const))('%s is read whole as it is', (_, bytes) => {
  const { text, problems } = readAll(bytes);
  expect(text).toContain(secret);
  expect(problems).toEqual([]);
});

describe(`[req: dlp:documents] ${count} documents of seed ${seed}`, () => {
  const perKind = Math.ceil(count / all.length);
  test.each(all.map((sample, index) => [sample.name, sample, index] as const))(
    '%s',
    (_, { bytes, isChecked }, kind) => {
      const host = nodeDlpHost();
      for (let index = 0; index < perKind; index += 1) {
        const own = seed + kind * 1_000_003 + index;
        const roll = dice(own);
        const other = all[roll(all.length)]?.bytes ?? bytes;
        const document = mutated(bytes, other, roll);
        const started = performance.now();
        const found = classify(sourceOf(document), host, limits);
        const took = performance.now() - started;
        if (took > hangMs) expect.fail(`document ${own} took ${took} ms`);
        if (found.scannedBytes > 2 * limits.maxTotalBytes + document.length * 8)
          expect.fail(`document ${own} gave ${found.scannedBytes} bytes of text`);
        const isFound = found.classes.some((one) => one.class === 'pii.iban');
        const isClean = found.complete && !isFound;
        if (
          isChecked &&
          isClean &&
          document.length > (found.type === 'text/plain' ? shortestOfText : shortest)
        )
          expect.fail(`document ${own} (${found.type}) passes as clean`);
      }
    },
    180_000,
  );
});
