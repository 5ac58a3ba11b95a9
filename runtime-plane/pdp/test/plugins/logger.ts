/** A server that logs its decisions, for tests. */
import { parseConfig } from '../../src/index.ts';
import { aFolder, aPdp, type TestPdp } from '../servers.ts';
import { aService, fastClock, type Service } from './service.ts';

export type Event = Readonly<Record<string, unknown>>;

export const policy = `package app

allow if input.user == "alice"

clash := 1
clash := input.other
`;

type Made = {
  readonly pdp: TestPdp;
  readonly service: Service;
  readonly console: string[];
  readonly events: () => Event[];
};

export async function aLogger(
  logs: object = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Made> {
  const service = await aService();
  const console: string[] = [];
  const pdp = await aPdp({
    clock: fastClock(),
    policies: [aFolder({ 'app.rego': policy, ...files })],
    config: parseConfig({
      services: { main: { url: service.url } },
      labels: { env: 'test' },
      decision_logs: { service: 'main', ...logs },
      status: { service: 'main', trigger: 'manual' },
    } as never),
    onConsole: (line) => console.push(line),
  });
  const events = (): Event[] => service.to('/logs').flatMap(({ body }) => JSON.parse(body) as Event[]);
  return { pdp, service, console, events };
}

export const manual = { reporting: { trigger: 'manual' } };
