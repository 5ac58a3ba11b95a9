/** Asks a policy decision point before an act: for EDRs, agents and RPA runners. */
export type { DecisionInput, Obligation, ObligationKind } from '@chaperone/protocol';
export { escapeForTerminal } from '@chaperone/protocol';
export type { PepAllow, PepDecision, PepDeny, PepReason, Silence } from './decision.ts';
export { PepError } from './errors.ts';
export type { PepErrorCode } from './errors.ts';
export type { Granted, Guarded } from './guard.ts';
export type { Duty, Handle, Handler, Handlers } from './obligations.ts';
export type {
  FailMode,
  PepOptions,
  ReadAction,
  RetryOptions,
  SigningOptions,
  TlsOptions,
} from './options.ts';
export type { Outcome } from './outcomes.ts';
export { createPep } from './pep.ts';
export type { AskOptions, GuardOptions, Pep } from './pep.ts';
export type { SignatureAlgorithm } from './signature.ts';
export { pinOf } from './tls.ts';
