/** The sixth step: what was decided and what became of it, in a journal that cannot be rewritten unseen. */
export type { DeviceKey, PublicKey } from './device-key.ts';
export { defaultStateDir, findDeviceKey, loadDeviceKey, parsePublicKey } from './device-key.ts';
export { createDenials, DenialsFile, removeDenials } from './denials.ts';
export { errnoOf } from './errors.ts';
export type { JournalErrorCode } from './errors.ts';
export { JournalError } from './errors.ts';
export type { Appended, Durability, Journal, JournalFiles, JournalOptions } from './journal.ts';
export { openJournal } from './journal.ts';
export { listSegments, listSessions, readSession, streamSession } from './read.ts';
export { runningSessions } from './running.ts';
export { type Figures, maxClasses, SessionRecord } from './session-record.ts';
export { scrubArgv, scrubUrl } from './scrub.ts';
export type { JournalReport, SessionReport, SessionStatus, VerifyOptions } from './verify.ts';
export { verifyJournal } from './verify.ts';
export { withLockFile } from './lock-file.ts';
export { verifyHere } from './verify-here.ts';
export type { Fault, FaultCode } from './verify-chain.ts';
