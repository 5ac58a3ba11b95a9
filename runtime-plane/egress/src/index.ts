export { Authority } from './tls/index.ts';
export type { EgressSettings } from './settings.ts';
export type {
  Answer,
  Authorship,
  ConnectionId,
  Injection,
  KnownCredential,
  Question,
  Refused,
  RefusedReason,
  Start,
  Target,
  ToEgress,
  ToEndpoint,
} from './wire.ts';
