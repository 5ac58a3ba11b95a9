/** What all requests of a session share: the threads that look into bodies, credentials, regions, and what went where before. */
import { CredentialIndex } from './credentials/index.ts';
import type { RequestDesk } from './http/index.ts';
import { BodyPool, type DeskOptions, Ledger, openDesk, Regions } from './request/index.ts';
import type { Start } from './wire.ts';

export type DeskMaker = (about: Pick<DeskOptions, 'connection' | 'ip' | 'port' | 'hosts'>) => RequestDesk;

const unasked: DeskOptions['ask'] = () =>
  Promise.resolve({
    allow: true,
    decision: undefined,
    reason: 'policy',
    message: '',
    rules: [],
    obligations: [],
  });

export function desksOf(start: Start, lines: Pick<DeskOptions, 'ask' | 'refused' | 'ended'>): DeskMaker {
  const { mode, settings, key, credentials, quarantine, off, custom, labelNames } = start;
  const shared = {
    ...lines,
    ask: start.asksRequests ? lines.ask : unasked,
    mode,
    credentials,
    quarantine,
    body: settings.body,
    index: new CredentialIndex(credentials, key),
    regions: new Regions(settings.regions),
    seen: new Ledger(),
    pool: new BodyPool({ key, credentials, off, labelNames, ...(custom === undefined ? {} : { custom }) }),
    clock: () => performance.now(),
  };
  return (about) => openDesk({ ...shared, ...about });
}
