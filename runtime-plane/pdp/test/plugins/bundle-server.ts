/** A server with one bundle, for tests. */
import { parseConfig } from '../../src/index.ts';
import { askJson } from '../client.ts';
import { aPdp, type TestPdp } from '../servers.ts';
import { fastClock } from './service.ts';

export const app = (value: number): Record<string, string> => ({
  'app/a.rego': `package app\nv := ${value}\n`,
});
export const polling = { min_delay_seconds: 1, max_delay_seconds: 3 };

type Made = {
  readonly pdp: TestPdp;
  readonly value: () => Promise<unknown>;
  readonly status: (name?: string) => Promise<Record<string, unknown>>;
};

export async function aServer(
  url: string,
  bundle: object = {},
  more: object = {},
  clock = fastClock(),
): Promise<Made> {
  const pdp = await aPdp({
    clock,
    config: parseConfig({
      services: { main: { url } },
      bundles: { app: { polling, ...bundle } },
      status: { console: true },
      ...more,
    } as never),
    onConsole: () => undefined,
  });
  return {
    pdp,
    value: async () =>
      ((await askJson(pdp.url, '/v1/data/app/v', { body: '{}' })) as { result?: unknown }).result,
    status: async (name = 'app') => {
      const { result } = (await askJson(pdp.url, '/v1/status')) as {
        result: { bundles: Record<string, Record<string, unknown>> };
      };
      return result.bundles[name] ?? {};
    },
  };
}

export const secret = 'a secret that is long enough for HS256';
export const signing = { key: secret, algorithm: 'HS256', keyId: 'k' } as const;
