/** What both planes agree on: actions, decisions, obligations, journal records, and how hostile text is shown. */
export type {
  ActionName,
  AgentFacts,
  CallFacts,
  CommandFacts,
  ContentFinding,
  CredentialFacts,
  DecisionInput,
  DestinationFacts,
  DeviceFacts,
  Grant,
  Mode,
  ProcessFacts,
  ResourceFacts,
} from './action.ts';
export { actionNames, isActionName } from './action.ts';
export type {
  Allow,
  AllowReason,
  Decision,
  Deny,
  DenyReason,
  ParseDecisionOptions,
  ReasonCode,
} from './decision.ts';
export { deny, denyReasons, parseDecision } from './decision.ts';
export { adviceFor } from './advice.ts';
export type { InputProblem, ParsedInput } from './input.ts';
export { parseDecisionInput } from './input.ts';
export type { Obligation, ObligationKind } from './obligation.ts';
export { explainObligation, obligationKinds, readObligation } from './obligation.ts';
export type { WirePath } from './path.ts';
export { pathBytes, wirePath } from './path.ts';
export type {
  CertificateSeen,
  Checkpoint,
  DecisionRecord,
  JournalRecord,
  Outcome,
  PolicyPlace,
  RecordBody,
  Refusal,
  SessionEnd,
  SessionStart,
  Summary,
} from './record.ts';
export { isSessionId, recordId } from './record.ts';
export { escapeForTerminal, jsonForTerminal, jsonTextForTerminal } from './terminal.ts';
