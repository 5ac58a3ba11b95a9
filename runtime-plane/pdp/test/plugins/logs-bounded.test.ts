import { type Json, marshal } from '@chaperone/rego';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventBuffer } from '../../src/plugins/logs/buffer.ts';
import { Chunker } from '../../src/plugins/logs/chunk.ts';
import { maskEvent } from '../../src/plugins/logs/mask.ts';
import { ask, askJson } from '../client.ts';
import { aLogger } from './logger.ts';

describe('[req: pdp:decision-logs:bounded] what waits to be sent', () => {
  test('is bounded: the oldest go, and are counted', async () => {
    const { pdp, events, service } = await aLogger({
      reporting: { trigger: 'manual', buffer_type: 'event', buffer_size_limit_events: 3 },
    });
    for (let n = 0; n < 5; n += 1) await ask(pdp.url, '/v1/data/app/allow', { body: `{"input":${n}}` });
    service.handle('/logs', (_, response) => response.writeHead(500).end());
    await pdp.trigger();
    service.handle('/logs', (_, response) => response.writeHead(200).end());
    await pdp.trigger();
    expect(
      events()
        .slice(-3)
        .map(({ input }) => input),
    ).toEqual([2, 3, 4]);
    const status = JSON.stringify(await askJson(pdp.url, '/v1/status'));
    expect(status).toContain('"counter_decision_logs_dropped_buffer_size_limit_exceeded":2');
    expect((await ask(pdp.url, '/metrics')).text).toContain('dropped_total{reason="buffer"} 2');
  });

  test('never takes more than its limit, loses none that fits, and keeps the order', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 60 }), back: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new EventBuffer({ bytes: 200, events: 9 });
        let [next, gone] = [0, 0];
        let last = -1;
        for (const one of steps) {
          if ('push' in one) {
            buffer.push(new Uint8Array(one.push).fill(next));
            next += 1;
          } else {
            const taken = buffer.take(one.take);
            const total = taken.reduce((sum, { length }) => sum + length, 0);
            expect(taken.length <= 1 || total + taken.length <= one.take).toBe(true);
            if (one.back) buffer.unshift(taken);
            else {
              for (const event of taken) {
                expect(event[0]).toBeGreaterThan(last);
                last = event[0] ?? -1;
              }
              gone += taken.length;
            }
          }
          expect(buffer.length).toBeLessThanOrEqual(9);
          expect(buffer.length + buffer.dropped + gone).toBe(next);
        }
      }),
    );
  });

  test('goes in chunks of at most the size that is agreed; an event that is larger alone goes without what the caller has sent', async () => {
    const { pdp, events, service } = await aLogger({
      reporting: { trigger: 'manual', upload_size_limit_bytes: 1500 },
    });
    const noise = (length: number): string =>
      Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('');
    for (let n = 0; n < 12; n += 1)
      await ask(pdp.url, '/v1/data/app/allow', {
        body: JSON.stringify({ input: { n, noise: noise(n === 5 ? 4000 : 300) } }),
      });
    await pdp.trigger();
    expect(service.to('/logs').every(({ size }) => size <= 1500)).toBe(true);
    expect(service.to('/logs').length).toBeGreaterThan(2);
    const numbers = events().map(({ input }) => (input as { n: number } | undefined)?.n);
    expect(numbers).toEqual([0, 1, 2, 3, 4, undefined, 6, 7, 8, 9, 10, 11]);
    expect(events()[5]).toMatchObject({ erased: ['/input'], path: 'app/allow' });
    await ask(pdp.url, `/v1/data/${noise(9000).replaceAll(/\W/g, '')}`);
    await pdp.trigger();
    expect(String(events()[12]?.['path']).length).toBe(1024);
  });

  test('is nothing when there is nothing', async () => {
    expect(await new Chunker(100).next(new EventBuffer({ bytes: 1, events: 1 }))).toBeNull();
  });
});

test('[req: pdp:decision-logs] a mask takes out what it names, wherever that is, and changes nothing that others hold', () => {
  const names = fc.constantFrom('a', 'b', '__proto__', '0', '1', 'x y');
  const values = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>('secret', 1, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: false }),
    ),
  })).value;
  fc.assert(
    fc.property(values, fc.array(names, { maxLength: 3 }), fc.boolean(), (input, path, removes) => {
      const before = marshal(input);
      const pointer = `/input${path.map((name) => `/${encodeURIComponent(name)}`).join('')}`;
      const mask = removes ? [pointer] : [{ op: 'upsert', path: pointer, value: '***' }];
      const event = maskEvent({ input }, mask);
      expect(marshal(input)).toBe(before);
      if (removes) expect(event['erased'] === undefined).toBe(marshal(event) === marshal({ input }));
      if (removes && path.length === 0) expect(event).not.toHaveProperty('input');
      if (!removes && event['masked'] !== undefined) expect(marshal(event['input'] ?? null)).toContain('***');
    }),
  );
});
